using System.Diagnostics;
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

/// <summary>One topic whose messages say whether an entity is available.</summary>
internal sealed record AvailabilityTopic(
    string Topic,
    string PayloadAvailable,
    string PayloadNotAvailable,
    Template? Template
);

/// <summary>
/// What an entity does with messages and actions, compiled from its <see cref="EntityConfig"/>.
/// Stateless: the home keeps the state and hands it in. Behaviour and defaults follow Home
/// Assistant's documentation of each MQTT component.
/// </summary>
internal abstract class EntityBehaviour
{
    private readonly string? _attributesTopic;
    private readonly Template? _attributesTemplate;

    protected EntityBehaviour(EntityConfig config)
    {
        Config = config;
        _attributesTopic = Text("json_attributes_topic");
        _attributesTemplate = TemplateOf("json_attributes_template");
        Availability = ReadAvailability();
    }

    protected EntityConfig Config { get; }

    /// <summary>The topics (or filters) whose messages go to <see cref="Receive"/>.</summary>
    public IReadOnlyList<string> StateTopics =>
        _attributesTopic is null ? OwnTopics : [.. OwnTopics, _attributesTopic];

    /// <summary>The topics that say whether the entity is available; none = always.</summary>
    public IReadOnlyList<AvailabilityTopic> Availability { get; }

    /// <summary><c>all</c>, <c>any</c> or <c>latest</c>.</summary>
    public string AvailabilityMode => Text("availability_mode") ?? "latest";

    /// <summary>True when nothing it reports can confirm a command.</summary>
    public bool Optimistic => Flag("optimistic") ?? Text("state_topic") is null;

    /// <summary>After how long without a message the entity counts as unavailable.</summary>
    public virtual TimeSpan? ExpireAfter => Seconds("expire_after");

    /// <summary>After how long a binary sensor that went on goes off by itself.</summary>
    public virtual TimeSpan? OffDelay => null;

    /// <summary>True when a repeated value counts as a new report.</summary>
    public virtual bool ForceUpdate => Flag("force_update") ?? false;

    /// <summary>Attributes that come from the announcement: options, supported colour modes.
    /// </summary>
    public virtual Attributes Announced => Attributes.Empty;

    /// <summary>The state after a message; the same instance where it changes nothing.</summary>
    public EntityState Receive(
        EntityState current,
        string topic,
        Payload payload,
        DateTimeOffset now
    )
    {
        var context = TemplateContext.Of(payload, now);
        var next = current;
        if (_attributesTopic is { } filter && Routes.Matches(filter, topic))
        {
            next = ReceiveAttributes(next, payload, context);
        }

        next = ReceiveState(next, topic, payload, context);
        return next.Equals(current) ? current : next;
    }

    /// <summary>What a message on an availability topic says: available, not, or nothing (null).
    /// </summary>
    /// <param name="index">Which of <see cref="Availability"/> the message came for.</param>
    public bool? ReceiveAvailability(int index, Payload payload, DateTimeOffset now)
    {
        var topic = Availability[index];
        var said = Render(topic.Template, payload, TemplateContext.Of(payload, now));
        return said == topic.PayloadAvailable ? true
            : said == topic.PayloadNotAvailable ? false
            : null;
    }

    /// <summary>What to send for an action (<c>turn_on</c>) with its data (a JSON object).</summary>
    public virtual ActionPlan Act(EntityState current, string action, JsonElement data) =>
        ActionPlan.Refused($"A {Config.Component} cannot {action.Replace('_', ' ')}.");

    public static bool IsKnown(string component, string? schema) =>
        component is "sensor" or "binary_sensor" or "switch"
        || (component == "light" && schema is null or "default" or "basic" or "json");

    /// <summary>The members without which a component means nothing.</summary>
    public static IReadOnlyList<string> RequiredOf(string component) =>
        component is "light" or "switch" ? ["command_topic"] : ["state_topic"];

    /// <exception cref="TemplateException">One of its templates cannot be read.</exception>
    public static EntityBehaviour Of(EntityConfig config) =>
        config.Component switch
        {
            "sensor" => new SensorBehaviour(config),
            "binary_sensor" => new BinarySensorBehaviour(config),
            "switch" => new SwitchBehaviour(config),
            "light" when JsonRead.Text(config.Json, "schema") == "json" => new JsonLightBehaviour(
                config
            ),
            "light" => new LightBehaviour(config),
            _ => throw new UnreachableException($"No component {config.Component}."),
        };

    /// <summary>The topics of the component itself.</summary>
    protected abstract IReadOnlyList<string> OwnTopics { get; }

    protected abstract EntityState ReceiveState(
        EntityState current,
        string topic,
        Payload payload,
        TemplateContext context
    );

    protected string? Text(string name) =>
        Config.Json.TryGetProperty(name, out var value) ? Loose.Text(value) : null;

    protected bool? Flag(string name) =>
        Config.Json.TryGetProperty(name, out var value) ? Loose.Flag(value) : null;

    protected double? Number(string name) =>
        Config.Json.TryGetProperty(name, out var value) ? Loose.Number(value) : null;

    protected TimeSpan? Seconds(string name) =>
        Number(name) is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null;

    protected Template? TemplateOf(string name) =>
        Text(name) is { } source ? Template.Parse(source) : null;

    /// <summary>The announced members of these names, as attributes.</summary>
    protected Attributes AnnouncedOf(params string[] names) =>
        Attributes.Of(
            names
                .Where(name => Config.Json.TryGetProperty(name, out _))
                .Select(name =>
                    KeyValuePair.Create(name, Config.Json.GetProperty(name).GetRawText())
                )
        );

    /// <summary>What a message says: rendered, or as it is; null where it says nothing, because it
    /// is no text or its template came to nothing.</summary>
    protected static string? Render(Template? template, Payload payload, TemplateContext context)
    {
        if (template is null)
        {
            return payload.Text;
        }

        try
        {
            return template.Render(context);
        }
        catch (TemplateException)
        {
            // A template that fails for one message says nothing about it, as in Home Assistant.
            return null;
        }
    }

    /// <summary>One message to the entity's command topic, with its qos and retain.</summary>
    protected OutgoingMessage Message(string topic, string payload) =>
        new(topic, Payload.FromText(payload), (int)(Number("qos") ?? 0), Flag("retain") ?? false);

    private EntityState ReceiveAttributes(
        EntityState current,
        Payload payload,
        TemplateContext context
    )
    {
        var json = payload.Json;
        if (_attributesTemplate is not null)
        {
            var text = Render(_attributesTemplate, payload, context);
            json = text is null ? default : Payload.FromText(text).Json;
        }

        return json.ValueKind == JsonValueKind.Object
            ? current with
            {
                Attributes = WithReported(current.Attributes, Attributes.FromJson(json)),
            }
            : current;
    }

    /// <summary>The attributes with the reported ones in place of those reported before.</summary>
    protected virtual Attributes WithReported(Attributes current, Attributes reported) => reported;

    private List<AvailabilityTopic> ReadAvailability()
    {
        var topics = new List<AvailabilityTopic>();
        if (Config.Json.TryGetProperty("availability", out var list))
        {
            foreach (var entry in list.EnumerateArray())
            {
                topics.Add(
                    new AvailabilityTopic(
                        JsonRead.Required(entry, "topic"),
                        JsonRead.Required(entry, "payload_available"),
                        JsonRead.Required(entry, "payload_not_available"),
                        JsonRead.Text(entry, "value_template") is { } source
                            ? Template.Parse(source)
                            : null
                    )
                );
            }
        }

        return topics;
    }
}
