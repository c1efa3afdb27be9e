using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>
/// An announcement has faults and there is no device yet whose health could say so: it changed
/// nothing.
/// </summary>
/// <param name="Reason">The sentence that says what to change.</param>
public sealed record AnnouncementRefused(string Topic, string Reason) : EventData
{
    public const string TypeName = "hearth.hub.announcement_refused";

    /// <summary>How many a home remembers; beyond these it says it again each time.</summary>
    public const int RememberedMax = 100;

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.State;

    internal override void Write(JsonWriter json) =>
        json.BeginObject().Name("topic").String(Topic).Name("reason").String(Reason).EndObject();

    internal static AnnouncementRefused Read(JsonElement json) =>
        new(JsonRead.Required(json, "topic"), JsonRead.Required(json, "reason"));
}

/// <summary>What came on this topic before was refused; now it is in order, or withdrawn.</summary>
public sealed record AnnouncementMended(string Topic) : EventData
{
    public const string TypeName = "hearth.hub.announcement_mended";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.State;

    internal override void Write(JsonWriter json) =>
        json.BeginObject().Name("topic").String(Topic).EndObject();

    internal static AnnouncementMended Read(JsonElement json) =>
        new(JsonRead.Required(json, "topic"));
}

/// <summary>
/// The announcements that were refused and have not been mended, by topic: what stands is not said
/// again each time that its device comes back.
/// </summary>
internal sealed class RefusedAnnouncements
{
    private readonly Dictionary<string, AnnouncementRefused> _byTopic = [];

    public IReadOnlyCollection<AnnouncementRefused> All => _byTopic.Values;

    public string? ReasonOf(string topic) => _byTopic.GetValueOrDefault(topic)?.Reason;

    public void Apply(AnnouncementRefused refused)
    {
        if (
            _byTopic.Count < AnnouncementRefused.RememberedMax
            || _byTopic.ContainsKey(refused.Topic)
        )
        {
            _byTopic[refused.Topic] = refused;
        }
    }

    public void Apply(AnnouncementMended mended) => _byTopic.Remove(mended.Topic);

    public void Restore(IEnumerable<AnnouncementRefused> all)
    {
        foreach (var refused in all)
        {
            _byTopic[refused.Topic] = refused;
        }
    }
}
