using System.Globalization;
using System.Text.Json;

namespace Hearth.Hub.Demo;

/// <summary>Tells the events of a home as lines that a person reads while they happen.</summary>
internal sealed class Narrator
{
    /// <summary>Measurements wobble; only what a person would call a change is told.</summary>
    private const double WattsToTell = 5;

    private double? _wattsTold;

    /// <summary>A line for an event of the stream, or null for what is not worth one.</summary>
    public string? Tell(JsonElement item)
    {
        var data = item.GetProperty("data");
        return item.GetProperty("type").GetString() switch
        {
            "hearth.device.registered" => Registered(data),
            "hearth.device.connected" => $"{Text(data, "device_id")} is online",
            "hearth.device.disconnected" => $"{Text(data, "device_id")} is offline",
            "hearth.device.state_changed" => DeviceState(data),
            "hearth.device.health_changed" =>
                $"{Text(data, "device_id")} is {Text(data, "to")}: {Text(data, "reason")}",
            "hearth.state.changed" => State(data),
            "hearth.automation.created" => $"automation {Text(data, "automation")} is there",
            "hearth.automation.triggered" => Triggered(data),
            "hearth.automation.failed" =>
                $"automation {Text(data, "automation")} failed: {Text(data, "reason")}",
            "hearth.command.requested" =>
                $"command {Text(data, "action")} for {Text(data, "entity_id")},"
                    + $" asked for by {item.GetProperty("authid").GetString()}",
            "hearth.command.sent" => $"command sent to {Text(data, "entity_id")}",
            "hearth.command.acknowledged" => $"{Text(data, "entity_id")} has done it: acknowledged",
            "hearth.command.failed" =>
                $"command for {Text(data, "entity_id")} failed: {Text(data, "reason")}",
            "hearth.command.expired" => $"command for {Text(data, "entity_id")} expired",
            _ => null,
        };
    }

    private static string Registered(JsonElement data)
    {
        var entities = data.GetProperty("entities")
            .EnumerateArray()
            .Select(entity => Text(entity, "entity_id"));
        return $"{Text(data, "device_id")} has registered: {string.Join(", ", entities)}";
    }

    private static string DeviceState(JsonElement data)
    {
        var reason = Text(data, "reason");
        return $"device {Text(data, "device_id")}: {Text(data, "from")} → {Text(data, "to")}"
            + (reason is null or "" ? "" : $" ({reason})");
    }

    private string? State(JsonElement data)
    {
        var entity = Text(data, "entity_id");
        var (from, to) = (Shown(data.GetProperty("from")), Shown(data.GetProperty("to")));
        if (from == to)
        {
            return null;
        }

        return entity switch
        {
            DemoHome.Lamp => to == "unknown" ? null : $"lamp {to}",
            DemoHome.Power => Measured(to),
            _ => null,
        };
    }

    private string? Measured(string state)
    {
        if (!double.TryParse(state, CultureInfo.InvariantCulture, out var watts))
        {
            _wattsTold = null;
            return null;
        }

        if (_wattsTold is { } told && Math.Abs(watts - told) < WattsToTell)
        {
            return null;
        }

        _wattsTold = watts;
        return $"tracker measures {watts.ToString("0.#", CultureInfo.InvariantCulture)} W";
    }

    private static string Triggered(JsonElement data)
    {
        var automation = Text(data, "automation");
        var facts = data.GetProperty("facts");
        if (!facts.TryGetProperty("above", out var above))
        {
            return $"automation {automation} triggered";
        }

        var held = facts.TryGetProperty("for", out var seconds)
            ? $", held for {seconds.GetRawText()} s"
            : "";
        return $"{Text(facts, "to")} W is above {above.GetRawText()} W{held}:"
            + $" automation {automation} triggered";
    }

    /// <summary>A state as people see it.</summary>
    public static string Shown(JsonElement state) =>
        state.TryGetProperty("available", out var available) && !available.GetBoolean()
            ? "unavailable"
            : state.GetProperty("state").GetString()!;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
