using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Core;

/// <summary>
/// A home's whole state at one sequence: immutable, taken in microseconds between two inputs and
/// written elsewhere. Its wire form is versioned and canonical: the same state always the same
/// bytes.
/// </summary>
public sealed record HomeSnapshot
{
    /// <summary>The version of the wire form that <see cref="ToBytes"/> writes.</summary>
    public const int Version = 1;

    internal HomeSnapshot() { }

    public required Sequence Sequence { get; init; }

    public required DateTimeOffset Time { get; init; }

    internal IReadOnlyList<Device> Devices { get; init; } = [];

    internal IReadOnlyList<Entity> Entities { get; init; } = [];

    internal IReadOnlyList<Command> Commands { get; init; } = [];

    internal IReadOnlyList<Automation> Automations { get; init; } = [];

    internal IReadOnlyList<Hold> Holds { get; init; } = [];

    internal IReadOnlyList<Run> Runs { get; init; } = [];

    internal IReadOnlyList<Appointment> Late { get; init; } = [];

    internal IReadOnlyList<AutomationHealth> Health { get; init; } = [];

    internal LocationChanged? Location { get; init; }

    internal EntityState? Sun { get; init; }

    internal IReadOnlyList<AnnouncementRefused> Refused { get; init; } = [];

    internal IReadOnlyList<AreaSaved> Areas { get; init; } = [];

    internal IReadOnlyList<Subscription> Subscriptions { get; init; } = [];

    public byte[] ToBytes()
    {
        var json = new JsonWriter(4096);
        json.BeginObject()
            .Name("version")
            .Number(Version)
            .Name("sequence")
            .Number(Sequence.Value)
            .Name("time")
            .String(Timestamp.ToText(Time));
        Write(json, "devices", Devices, item => item.Id.Value, item => item.Write(json));
        Write(json, "entities", Entities, item => item.Id.Value, item => item.Write(json));
        Write(json, "commands", Commands, item => item.Id.ToString(), item => item.Write(json));
        Write(json, "automations", Automations, item => item.Id, item => item.Write(json));
        Write(json, "holds", Holds, item => item.Key.Text, item => item.Write(json));
        WriteWhatIsThere(json);
        json.EndObject();
        return json.ToArray();
    }

    // What most homes do not have, or did not have at first, is left out where it is not there.
    private void WriteWhatIsThere(JsonWriter json)
    {
        if (Runs.Count > 0)
        {
            Write(json, "runs", Runs, item => item.Id.ToString(), item => item.Write(json));
        }

        if (Late.Count > 0)
        {
            Write(json, "late", Late, item => item.Watch.Text, item => item.Write(json));
        }

        if (Health.Count > 0)
        {
            Write(
                json,
                "automation_health",
                Health,
                item => item.Automation,
                item => item.Write(json)
            );
        }

        if (Location is not null)
        {
            json.Name("location");
            Location.Write(json);
        }

        if (Sun is not null)
        {
            json.Name("sun");
            Sun.Write(json);
        }

        if (Refused.Count > 0)
        {
            Write(
                json,
                "refused_announcements",
                Refused,
                item => item.Topic,
                item => item.Write(json)
            );
        }

        if (Areas.Count > 0)
        {
            Write(json, "areas", Areas, item => item.Area, item => item.Write(json));
        }

        if (Subscriptions.Count > 0)
        {
            Write(json, "subscriptions", Subscriptions, item => item.Id, item => item.Write(json));
        }
    }

    /// <summary>Reads any released version of the wire form.</summary>
    /// <exception cref="NotSupportedException">A newer version than this one wrote it.</exception>
    public static HomeSnapshot FromBytes(ReadOnlyMemory<byte> bytes)
    {
        var json = JsonElement.Parse(bytes.Span, JsonRead.Own);
        var version = json.GetProperty("version").GetInt32();
        return version == Version
            ? new HomeSnapshot
            {
                Sequence = new Sequence(json.GetProperty("sequence").GetInt64()),
                Time = JsonRead.Time(json, "time"),
                Devices = Read(json, "devices", Device.Read),
                Entities = Read(json, "entities", Entity.Read),
                Commands = Read(json, "commands", Command.Read),
                Automations = Read(json, "automations", Automation.Read),
                Holds = Read(json, "holds", Hold.Read),
                Runs = Read(json, "runs", Run.Read),
                Late = Read(json, "late", Appointment.Read),
                Health = Read(json, "automation_health", AutomationHealth.Read),
                Location = json.TryGetProperty("location", out var location)
                    ? LocationChanged.Read(location)
                    : null,
                Sun = json.TryGetProperty("sun", out var sun) ? EntityState.Read(sun) : null,
                Refused = Read(json, "refused_announcements", AnnouncementRefused.Read),
                Areas = Read(json, "areas", AreaSaved.Read),
                Subscriptions = Read(json, "subscriptions", Subscription.Read),
            }
            : throw new NotSupportedException(
                $"The snapshot has version {version}; this version of Hearth reads {Version}."
            );
    }

    private static void Write<T>(
        JsonWriter json,
        string name,
        IReadOnlyList<T> items,
        Func<T, string> key,
        Action<T> write
    )
    {
        json.Name(name).BeginArray();
        foreach (var item in items.OrderBy(key, StringComparer.Ordinal))
        {
            write(item);
        }

        json.EndArray();
    }

    private static T[] Read<T>(JsonElement json, string name, Func<JsonElement, T> read) =>
        json.TryGetProperty(name, out var items) ? [.. items.EnumerateArray().Select(read)] : [];
}
