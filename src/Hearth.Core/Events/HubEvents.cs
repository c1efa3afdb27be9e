using System.Text.Json;

namespace Hearth.Core.Events;

/// <summary>The hub came up and the home is ready.</summary>
public sealed record HubStarted(string Version) : EventData
{
    public const string TypeName = "hearth.hub.started";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal override void Write(JsonWriter json) =>
        json.BeginObject().Name("version").String(Version).EndObject();

    internal static HubStarted Read(JsonElement json) => new(JsonRead.Required(json, "version"));
}

/// <summary>The hub is going down in order.</summary>
public sealed record HubStopped : EventData
{
    public const string TypeName = "hearth.hub.stopped";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal override void Write(JsonWriter json) => json.BeginObject().EndObject();
}

/// <summary>The home lives again after it was down since a moment that it names.</summary>
public sealed record HubResumed(DateTimeOffset DownSince) : EventData
{
    public const string TypeName = "hearth.hub.resumed";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal override void Write(JsonWriter json) =>
        json.BeginObject().Name("down_since").String(Timestamp.ToText(DownSince)).EndObject();

    internal static HubResumed Read(JsonElement json) => new(JsonRead.Time(json, "down_since"));
}

/// <summary>
/// The wall clock jumped by more than a minute. Durations go on as if it had not; what follows the
/// wall follows the wall.
/// </summary>
public sealed record ClockChanged(TimeSpan By) : EventData
{
    public const string TypeName = "hearth.hub.clock_changed";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal override void Write(JsonWriter json) =>
        json.BeginObject().Name("by_ticks").Number(By.Ticks).EndObject();

    internal static ClockChanged Read(JsonElement json) =>
        new(TimeSpan.FromTicks(JsonRead.Number(json, "by_ticks")));
}
