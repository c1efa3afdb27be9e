using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

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

/// <summary>
/// What an entity does with messages and actions, compiled from its <see cref="EntityConfig"/>.
/// Stateless: the home keeps the state and hands it in. Behaviour and defaults follow Home
/// Assistant's documentation of each MQTT component.
/// </summary>
internal abstract class EntityBehaviour
{
    private readonly string? _attributesTopic;
    private readonly ValueTemplate _attributesTemplate;
    private readonly int _qos;
    private readonly bool _retain;
    private IReadOnlyList<string>? _stateTopics;
    private Attributes? _announced;

    protected EntityBehaviour(EntityConfig config)
    {
        Config = config;
        StateTopic = Text("state_topic");
        _attributesTopic = Text("json_attributes_topic");
        _attributesTemplate = TemplateOf("json_attributes_template");
        _qos = (int)(Number("qos") ?? 0);
        _retain = Flag("retain") ?? false;
        Availability = config.Json.TryGetProperty("availability", out var list)
            ? [.. list.EnumerateArray().Select(AvailabilityTopic.Read)]
            : [];
        AvailabilityMode = Text("availability_mode") ?? "latest";
        Optimistic = Flag("optimistic") == true || StateTopic is null;
    }

    protected EntityConfig Config { get; }

    protected string? StateTopic { get; }

    /// <summary>The topics (or filters) whose messages go to <see cref="Receive"/>.</summary>
    public IReadOnlyList<string> StateTopics =>
        _stateTopics ??= [.. OwnTopics.Append(_attributesTopic).OfType<string>().Distinct()];

    /// <summary>The topics that say whether the entity is available; none = always.</summary>
    public IReadOnlyList<AvailabilityTopic> Availability { get; }

    /// <summary><c>all</c>, <c>any</c> or <c>latest</c>.</summary>
    public string AvailabilityMode { get; }

    /// <summary>True when nothing it reports can confirm a command.</summary>
    public bool Optimistic { get; }

    /// <summary>After how long without a message the entity counts as unavailable.</summary>
    public virtual TimeSpan? ExpireAfter => null;

    /// <summary>After how long a binary sensor that went on goes off by itself.</summary>
    public virtual TimeSpan? OffDelay => null;

    /// <summary>True when a repeated value counts as a new report.</summary>
    public virtual bool ForceUpdate => false;

    /// <summary>Attributes that come from the announcement: options, supported colour modes.
    /// </summary>
    public Attributes Announced => _announced ??= ReadAnnounced();

    /// <summary>The state after a message; the same instance where it changes nothing.</summary>
    public EntityState Receive(
        EntityState current,
        string topic,
        Payload payload,
        DateTimeOffset now
    )
    {
        var message = TemplateContext.Of(payload, now);
        var next = current;
        if (Concerns(_attributesTopic, topic))
        {
            next = ReceiveAttributes(next, message);
        }

        next = ReceiveState(next, topic, message);
        return ReferenceEquals(next, current) || next.Equals(current) ? current : next;
    }

    /// <summary>What a message on an availability topic says: available, not, or nothing (null).
    /// </summary>
    /// <param name="index">Which of <see cref="Availability"/> the message came for.</param>
    public bool? ReceiveAvailability(int index, Payload payload, DateTimeOffset now) =>
        Availability[index].Says(TemplateContext.Of(payload, now));

    /// <summary>What its availability topics say together.</summary>
    /// <param name="flags">What each of them last said.</param>
    /// <param name="latest">What one of them just said.</param>
    public bool IsAvailable(IReadOnlyList<bool?> flags, bool latest) =>
        AvailabilityMode switch
        {
            "all" => flags.All(flag => flag == true),
            "any" => flags.Any(flag => flag == true),
            _ => latest,
        };

    /// <summary>What to send for an action (<c>turn_on</c>) with its data (a JSON object).
    /// </summary>
    public virtual ActionPlan Act(EntityState current, string action, JsonElement data) =>
        ActionPlan.Refused($"A {Config.Component} cannot {action.Replace('_', ' ')}.");

    public static EntityBehaviour Of(EntityConfig config) =>
        (config.Component, JsonRead.Text(config.Json, "schema")) switch
        {
            ("sensor", _) => new SensorBehaviour(config),
            ("binary_sensor", _) => new BinarySensorBehaviour(config),
            ("switch", _) => new SwitchBehaviour(config),
            ("light", "json") => new JsonLightBehaviour(config),
            ("light", "template") => new TemplateLightBehaviour(config),
            ("light", _) => new BasicLightBehaviour(config),
            _ => new InertBehaviour(config),
        };

    /// <summary>The topics of the component itself.</summary>
    protected virtual IEnumerable<string?> OwnTopics => [StateTopic];

    /// <summary>The attributes that the component itself reports; others may come as JSON.
    /// </summary>
    protected virtual IReadOnlyList<string> OwnAttributes => [];

    protected abstract EntityState ReceiveState(
        EntityState current,
        string topic,
        TemplateContext message
    );

    protected virtual Attributes ReadAnnounced() => Attributes.Empty;

    protected static bool Concerns(string? filter, string topic) =>
        filter is not null && (filter == topic || TopicPattern.Matches(filter, topic));

    protected static EntityState WithValue(EntityState state, string value) =>
        state.Value == value ? state : state with { Value = value };

    protected static EntityState WithAttributes(EntityState state, Attributes attributes) =>
        state.Attributes.Equals(attributes) ? state : state with { Attributes = attributes };

    protected string? Text(string name) =>
        Config.Json.TryGetProperty(name, out var value) ? Loose.Text(value) : null;

    protected bool? Flag(string name) =>
        Config.Json.TryGetProperty(name, out var value) ? Loose.Flag(value) : null;

    protected double? Number(string name) =>
        Config.Json.TryGetProperty(name, out var value) ? Loose.Number(value) : null;

    protected string[] Texts(string name) =>
        Config.Json.TryGetProperty(name, out var value) ? Loose.Texts(value) : [];

    // Beyond a hundred years there is no telling a time from a typing error.
    protected TimeSpan? Seconds(string name) =>
        Number(name) is { } seconds and > 0 and < 3.2e9 ? TimeSpan.FromSeconds(seconds) : null;

    protected ValueTemplate TemplateOf(string name) => new(Text(name));

    /// <summary>The announced members of these names, as attributes.</summary>
    protected Attributes AnnouncedOf(params string[] names) =>
        Attributes.Of(
            names
                .Where(name => Config.Json.TryGetProperty(name, out _))
                .Select(name =>
                    KeyValuePair.Create(name, Config.Json.GetProperty(name).GetRawText())
                )
        );

    /// <summary>One message for the device, with the entity's qos and retain.</summary>
    protected OutgoingMessage Message(string topic, string payload) =>
        new(topic, Payload.FromText(payload), _qos, _retain);

    /// <summary>One message, or what to say where its template fails.</summary>
    protected ActionPlan Sending(string? payload, EntityState desired) =>
        payload is null
            ? ActionPlan.Refused("Its command template fails for this.")
            : new ActionPlan([Message(Text("command_topic")!, payload)], desired);

    private EntityState ReceiveAttributes(EntityState current, TemplateContext message)
    {
        var json = message.PayloadJson;
        if (_attributesTemplate.IsPresent)
        {
            var text = _attributesTemplate.Read(message);
            json = text is null
                ? default
                : new TemplateContext { Payload = Payload.FromText(text) }.PayloadJson;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return current;
        }

        var own = current.Attributes.Where(item => OwnAttributes.Contains(item.Key));
        var reported = json.EnumerateObject()
            .Where(member => !OwnAttributes.Contains(member.Name))
            .Where(member => !ReservedAttributes.Contains(member.Name))
            .Select(member =>
                KeyValuePair.Create(member.Name, JsonText.Compact(member.Value.GetRawText())!)
            );
        return WithAttributes(current, Attributes.Of(own.Concat(reported)));
    }

    // What the entity's registration says; a report cannot say otherwise.
    private static readonly string[] ReservedAttributes =
    [
        "available",
        "device_class",
        "entity_category",
        "entity_picture",
        "friendly_name",
        "icon",
        "name",
        "state",
        "supported_features",
        "unique_id",
        "unit_of_measurement",
    ];
}
