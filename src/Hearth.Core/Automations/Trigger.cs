using System.Globalization;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>What sets an automation off, in Home Assistant's vocabulary.</summary>
/// <param name="Id">What the run calls it; by default its index.</param>
/// <param name="Entities">The entities whose state it watches.</param>
/// <param name="For">How long it must hold; zero = at once.</param>
internal abstract record Trigger(string Id, IReadOnlyList<EntityId> Entities, TimeSpan For)
{
    /// <summary>Home Assistant's name of the kind: <c>numeric_state</c>.</summary>
    public abstract string Platform { get; }
}

/// <summary>
/// A number that crosses a threshold. Equality is outside; with <see cref="Hysteresis"/> the
/// threshold, once crossed, ends only that much further back, so a value that trembles around it
/// counts once.
/// </summary>
/// <param name="Attribute">The attribute to compare; null for the state itself.</param>
internal sealed record NumericStateTrigger(
    string Id,
    IReadOnlyList<EntityId> Entities,
    TimeSpan For,
    string? Attribute,
    double? Above,
    double? Below,
    double Hysteresis
) : Trigger(Id, Entities, For)
{
    public override string Platform => "numeric_state";

    /// <summary>The number to compare, or null where there is none.</summary>
    public double? NumberOf(EntityState state)
    {
        var text = state switch
        {
            { IsKnown: false } => null,
            _ when Attribute is null => state.Value,
            _ => state.Attributes.Get(Attribute)?.Trim('"'),
        };
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : null;
    }

    public bool Holds(double? number, bool heldBefore)
    {
        var slack = heldBefore ? Hysteresis : 0;
        return number is { } value
            && (Above is not { } above || value > above - slack)
            && (Below is not { } below || value < below + slack);
    }
}

/// <summary>
/// An entity's state that changes to one of these values. Without from and to it also fires when
/// only attributes change.
/// </summary>
/// <param name="From">Null = any.</param>
/// <param name="To">Null = any.</param>
internal sealed record StateTrigger(
    string Id,
    IReadOnlyList<EntityId> Entities,
    TimeSpan For,
    string? Attribute,
    IReadOnlyList<string>? From,
    IReadOnlyList<string>? To,
    IReadOnlyList<string> NotFrom,
    IReadOnlyList<string> NotTo,
    bool StateOnly
) : Trigger(Id, Entities, For)
{
    public override string Platform => "state";

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
        Attribute is null ? state.Shown : state.Attributes.Get(Attribute)?.Trim('"') ?? "";
}

/// <summary>An event on the bus.</summary>
/// <param name="EventData">Members that the event's data must have with these values, as JSON
/// texts.</param>
internal sealed record EventTrigger(
    string Id,
    string EventType,
    IReadOnlyList<KeyValuePair<string, JsonElement>> EventData
) : Trigger(Id, [], TimeSpan.Zero)
{
    public override string Platform => "event";

    public bool Matches(EventData data)
    {
        if (EventData.Count == 0)
        {
            return true;
        }

        var json = JsonOf(data);
        return json.ValueKind == JsonValueKind.Object
            && EventData.All(wanted =>
                json.TryGetProperty(wanted.Key, out var value)
                && JsonElement.DeepEquals(value, wanted.Value)
            );
    }

    private static JsonElement JsonOf(EventData data)
    {
        if (data is ProgramEvent program)
        {
            return program.Json;
        }

        var json = new JsonWriter();
        data.Write(json);
        return JsonElement.Parse(json.Written);
    }
}
