using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Discovery;

/// <summary>A message that an action sends to a device.</summary>
internal sealed record OutgoingMessage(string Topic, Payload Payload, int Qos, bool Retain);

/// <summary>
/// What became of an action asked of an entity: messages for the device and what it should report
/// afterwards, or the sentence that says why not.
/// </summary>
/// <param name="Desired">Null where the entity reports nothing that could be compared.</param>
internal sealed record ActionPlan(
    IReadOnlyList<OutgoingMessage> Messages,
    EntityState? Desired,
    string? Refusal = null
)
{
    public static ActionPlan Refused(string sentence) => new([], null, sentence);
}

/// <summary>One topic whose messages say whether an entity is available.</summary>
/// <param name="Topic">A topic or filter.</param>
internal sealed record AvailabilityTopic(string Topic);

/// <summary>
/// What an entity does with messages and actions, compiled from its <see cref="EntityConfig"/>.
/// Stateless: the home keeps the state and hands it in.
/// </summary>
internal abstract class EntityBehaviour
{
    /// <summary>The topics (or filters) whose messages go to <see cref="Receive"/>.</summary>
    public abstract IReadOnlyList<string> StateTopics { get; }

    /// <summary>The topics that say whether the entity is available; none = always.</summary>
    public abstract IReadOnlyList<AvailabilityTopic> Availability { get; }

    /// <summary><c>all</c>, <c>any</c> or <c>latest</c>.</summary>
    public abstract string AvailabilityMode { get; }

    /// <summary>True when nothing it reports can confirm a command.</summary>
    public abstract bool Optimistic { get; }

    /// <summary>After how long without a message the entity counts as unavailable.</summary>
    public virtual TimeSpan? ExpireAfter => null;

    /// <summary>After how long a binary sensor that went on goes off by itself.</summary>
    public virtual TimeSpan? OffDelay => null;

    /// <summary>True when a repeated value counts as a new report.</summary>
    public virtual bool ForceUpdate => false;

    /// <summary>Attributes that come from the announcement: options, supported colour modes.
    /// </summary>
    public virtual Attributes Announced => Attributes.Empty;

    /// <summary>The state after a message; the same instance where it changes nothing.</summary>
    public abstract EntityState Receive(
        EntityState current,
        string topic,
        Payload payload,
        DateTimeOffset now
    );

    /// <summary>What a message on an availability topic says: available, not, or nothing (null).
    /// </summary>
    /// <param name="index">Which of <see cref="Availability"/> the message came for.</param>
    public abstract bool? ReceiveAvailability(int index, Payload payload, DateTimeOffset now);

    /// <summary>
    /// What to send for an action (<c>turn_on</c>) with its data (a JSON object).
    /// </summary>
    public abstract ActionPlan Act(EntityState current, string action, JsonElement data);

    public static EntityBehaviour Of(EntityConfig config) =>
        throw new NotSupportedException(config.Component);
}
