using System.Globalization;
using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>What a run carries along of its trigger, so that it can be told when everything else
/// has left the log.</summary>
internal sealed record TriggerFacts(string Platform)
{
    public EntityId? Entity { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public double? Above { get; init; }

    public double? Below { get; init; }

    public string? Unit { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>How long it had to hold; zero for what needed none.</summary>
    public TimeSpan For { get; init; }

    public bool ElapsedWhileDown { get; init; }

    public DateTimeOffset? At { get; init; }

    public TimeSpan Late { get; init; }

    public string? Topic { get; init; }

    public string? EventType { get; init; }

    public string? Source { get; init; }

    public Principal? By { get; init; }

    /// <summary>When it should have come; null where it came then.</summary>
    public DateTimeOffset? Due =>
        ElapsedWhileDown ? Since + For
        : Late > TimeSpan.Zero ? At
        : null;

    public static TriggerFacts Of(AutomationTriggered triggered)
    {
        var json = JsonRead.Parse(triggered.Facts);
        return new TriggerFacts(JsonRead.Text(json, "platform") ?? "")
        {
            Entity = triggered.Entity,
            From = JsonRead.Text(json, "from"),
            To = JsonRead.Text(json, "to"),
            Above = Number(json, "above"),
            Below = Number(json, "below"),
            Unit = UnitOf(json),
            Since = JsonRead.OptionalTime(json, "since"),
            For = TimeSpan.FromSeconds(Number(json, "for") ?? 0),
            ElapsedWhileDown = JsonRead.Flag(json, "elapsed_while_down"),
            At = JsonRead.OptionalTime(json, "at"),
            Late = TimeSpan.FromSeconds(Number(json, "late") ?? 0),
            Topic = JsonRead.Text(json, "topic"),
            EventType = JsonRead.Text(json, "event_type"),
            Source = JsonRead.Text(json, "source"),
            By = JsonRead.Text(json, "by") is { } by ? new Principal(by) : null,
        };
    }

    /// <summary>A value of the entity as it was then, with the unit that it had.</summary>
    public string Shown(string value) =>
        Unit is { Length: > 0 } && double.TryParse(value, CultureInfo.InvariantCulture, out _)
            ? $"{value} {Unit}"
            : value;

    public string Shown(double bound) => Shown(bound.ToString("R", CultureInfo.InvariantCulture));

    private static double? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;

    // It is kept as it was announced, and announcements hold anything.
    private static string? UnitOf(JsonElement json) =>
        json.TryGetProperty("unit_of_measurement", out var unit)
        && unit.ValueKind == JsonValueKind.String
            ? unit.GetString()
            : null;
}
