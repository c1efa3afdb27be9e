using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Sdk;

/// <summary>What a light shows.</summary>
/// <param name="On">True if it is lit.</param>
/// <param name="Brightness">
/// 1 to 255, also remembered while it is off; null for a light without brightness.
/// </param>
public sealed record LightState(bool On, int? Brightness = null);

/// <summary>What a light was told.</summary>
/// <param name="State">The state it is to have: the command on top of the last report.</param>
/// <param name="Transition">How long it may take to get there; null if nobody cares.</param>
public sealed record LightCommand(LightState State, TimeSpan? Transition);

/// <summary>A light, announced with Home Assistant's JSON schema.</summary>
public sealed class HearthLight
{
    private readonly bool hasBrightness;

    internal HearthLight(HearthEntity entity, bool hasBrightness)
    {
        Entity = entity;
        this.hasBrightness = hasBrightness;
        State = new LightState(false, hasBrightness ? 255 : null);
    }

    /// <summary>Its topics, and the way around this class.</summary>
    public HearthEntity Entity { get; }

    /// <summary>What was reported last; off before the first report.</summary>
    public LightState State { get; private set; }

    /// <summary>
    /// What to do with a command. The handler reports what became of it, usually
    /// <c>light.ReportAsync(command.State)</c>; until then the command is not acknowledged.
    /// </summary>
    public void OnCommand(Func<LightCommand, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Entity.OnCommand((payload, token) => handler(Read(payload), token));
    }

    /// <summary>Reports what the light shows; see <see cref="HearthEntity.ReportAsync"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A brightness outside 1 to 255.</exception>
    public Task ReportAsync(LightState state, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Brightness is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(state));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(given, 255, nameof(state));
        }

        var brightness = hasBrightness ? state.Brightness ?? State.Brightness : null;
        State = state with { Brightness = brightness };
        var report = new JsonObject { ["state"] = state.On ? "ON" : "OFF" };
        report["color_mode"] = hasBrightness ? "brightness" : "onoff";
        if (brightness is not null)
        {
            report["brightness"] = brightness;
        }

        return Entity.ReportAsync(report.ToJsonString(), cancellationToken);
    }

    /// <summary>A command on top of the last report; what it does not mention stays.</summary>
    internal LightCommand Read(string payload)
    {
        JsonObject command;
        try
        {
            command =
                JsonNode.Parse(payload) as JsonObject
                ?? throw new FormatException("A light's command is a JSON object.");
        }
        catch (JsonException cause)
        {
            throw new FormatException("A light's command is a JSON object.", cause);
        }

        var brightness = Number(command, "brightness");
        var on = command["state"]?.ToString() switch
        {
            "ON" => true,
            "OFF" => false,
            null when brightness is not null => true,
            var other => throw new FormatException($"A light is ON or OFF, not '{other}'."),
        };
        var level = hasBrightness
            ? brightness is { } given and > 0
                ? (int)Math.Clamp(Math.Round(given), 1, 255)
                : State.Brightness
            : null;
        var transition = Number(command, "transition") is { } seconds and >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : (TimeSpan?)null;
        return new LightCommand(new LightState(on && brightness is not 0, level), transition);
    }

    private static double? Number(JsonObject command, string name) =>
        command[name] switch
        {
            null => null,
            JsonValue value when value.TryGetValue(out double number) => number,
            _ => throw new FormatException($"A light's {name} is a number."),
        };
}
