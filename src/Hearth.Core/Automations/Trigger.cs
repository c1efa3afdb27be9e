using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>What sets an automation off, in Home Assistant's vocabulary.</summary>
internal abstract record Trigger
{
    /// <summary>What the run calls it, <c>trigger.id</c>; by default its index.</summary>
    public required string Id { get; init; }

    /// <summary>Its place among the triggers, nested lists laid flat; <c>trigger.idx</c>.</summary>
    public int Index { get; init; }

    public string? Alias { get; init; }

    /// <summary>False where it is switched off in the definition: it is read and never fires.
    /// </summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Variables that the run gets when this trigger set it off; a mapping.</summary>
    public DataTemplate? Variables { get; init; }

    /// <summary>How long it must hold; null = at once.</summary>
    public TimeField? For { get; init; }

    /// <summary>Home Assistant's name of the kind: <c>numeric_state</c>.</summary>
    public abstract string Platform { get; }

    /// <summary>The entities whose state it watches.</summary>
    public virtual IReadOnlyList<EntityId> Entities => [];
}

/// <summary>
/// A number that crosses a threshold. Equality is outside; with <see cref="Hysteresis"/> the
/// threshold, once crossed, ends only that much further back, so a value that trembles around it
/// counts once.
/// </summary>
internal sealed record NumericStateTrigger : Trigger
{
    public override string Platform => "numeric_state";

    public required IReadOnlyList<EntityId> Watched { get; init; }

    public required NumberTest Test { get; init; }

    public double Hysteresis { get; init; }

    public override IReadOnlyList<EntityId> Entities => Watched;
}

/// <summary>
/// An entity's state that changes to one of these values. Without from and to it also fires when
/// only attributes change.
/// </summary>
/// <param name="From">Null = any.</param>
/// <param name="To">Null = any.</param>
/// <param name="StateOnly">True where from, to, not_from or not_to is written, be it as null: an
/// attribute that changes alone is no change then.</param>
internal sealed record StateTrigger(
    IReadOnlyList<EntityId> Watched,
    string? Attribute,
    IReadOnlyList<string>? From,
    IReadOnlyList<string>? To,
    IReadOnlyList<string> NotFrom,
    IReadOnlyList<string> NotTo,
    bool StateOnly
) : Trigger
{
    public override string Platform => "state";

    public override IReadOnlyList<EntityId> Entities => Watched;

    /// <summary>True when this change is one that the trigger speaks of at all: an attribute that
    /// changes alone is none where states are asked for.</summary>
    public bool IsChange(StateChanged change) =>
        ValueOf(change.From) != ValueOf(change.To) || (Attribute is null && !StateOnly);

    public bool Matches(StateChanged change)
    {
        var (from, to) = (ValueOf(change.From), ValueOf(change.To));
        return IsChange(change)
            && (From is null || From.Contains(from))
            && !NotFrom.Contains(from)
            && IsAt(to);
    }

    /// <summary>True when a state is one that the trigger waits for.</summary>
    public bool IsAt(string value) => (To is null || To.Contains(value)) && !NotTo.Contains(value);

    public string ValueOf(EntityState state) =>
        Attribute is null ? state.Shown : state.Attributes.Plain(Attribute) ?? "";
}

/// <summary>A template that comes true. What it reads is found out by rendering it.</summary>
internal sealed record TemplateTrigger(DataTemplate Value) : Trigger
{
    public override string Platform => "template";
}

/// <summary>An event on the bus.</summary>
/// <param name="EventTypes">One of them; text that <c>trigger_variables</c> may fill.</param>
/// <param name="EventData">Members that the event's data must have with these values; a mapping,
/// or null.</param>
internal sealed record EventTrigger(
    IReadOnlyList<string> EventTypes,
    IReadOnlyList<KeyValuePair<string, JsonElement>> EventData
) : Trigger
{
    public override string Platform => "event";

    public bool Matches(EventData data)
    {
        if (EventData.Count == 0)
        {
            return true;
        }

        var json = data.AsJson();
        return json.ValueKind == JsonValueKind.Object
            && EventData.All(wanted =>
                json.TryGetProperty(wanted.Key, out var value)
                && JsonElement.DeepEquals(value, wanted.Value)
            );
    }
}

/// <summary>A message on a topic.</summary>
/// <param name="Topic">An MQTT topic filter.</param>
/// <param name="Payload">What the payload, or what the value template makes of it, must be; null =
/// anything.</param>
internal sealed record MqttTrigger(string Topic, string? Payload, DataTemplate? ValueTemplate)
    : Trigger
{
    public override string Platform => "mqtt";
}

/// <summary>A request to <c>/api/webhook/{id}</c>.</summary>
/// <param name="Methods">In capitals; by default POST and PUT.</param>
/// <param name="LocalOnly">True where only the local network may call.</param>
internal sealed record WebhookTrigger(
    string WebhookId,
    IReadOnlyList<string> Methods,
    bool LocalOnly
) : Trigger
{
    public override string Platform => "webhook";
}

/// <summary>A tag that is scanned.</summary>
/// <param name="Devices">Scanned by one of these; empty = by any.</param>
internal sealed record TagTrigger(IReadOnlyList<string> TagIds, IReadOnlyList<string> Devices)
    : Trigger
{
    public override string Platform => "tag";
}

/// <summary>The hub starts, or is about to stop.</summary>
/// <param name="IsStart">False = shutdown.</param>
internal sealed record HubTrigger(bool IsStart) : Trigger
{
    public override string Platform => "homeassistant";
}

/// <summary>A button or another device automation that an MQTT device announced: which message on
/// which topic it is, the announcement says.</summary>
internal sealed record DeviceTrigger(string Device, string Type, string Subtype) : Trigger
{
    public override string Platform => "device";
}
