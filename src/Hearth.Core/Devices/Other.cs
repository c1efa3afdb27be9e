using System.Text.Json;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>
/// What a device announced of a component that Hearth does not know yet: no entity, but known to be
/// the device's, and heard on whether that can be reached; immutable, replaced when it changes.
/// </summary>
internal sealed record Other
{
    public required EntityConfig Config { get; init; }

    /// <summary>What each availability topic last said; null before it said anything.</summary>
    public IReadOnlyList<bool?> Availability { get; init; } = [];

    /// <summary>What all of them say; null before one has said anything.</summary>
    public bool? Available { get; init; }

    private Occasion? _occasion;

    public DiscoveryKey Key => Config.Key;

    /// <summary>What it is told by, where it is a tag reader or a device automation.</summary>
    public Occasion? Occasion => _occasion ??= Occasion.Of(Config);

    public static Other Of(EntityConfig config) =>
        new() { Config = config, Availability = new bool?[config.Behaviour.Availability.Count] };

    public static IReadOnlyList<Other> Updated(IReadOnlyList<Other> others, DeviceUpdated updated)
    {
        var news = updated.Others.Select(Of).ToArray();
        var gone = updated.OthersRemoved.Concat(news.Select(other => other.Key)).ToHashSet();
        return [.. others.Where(other => !gone.Contains(other.Key)), .. news];
    }

    public Other Hear(int index, bool said)
    {
        var flags = AvailabilityFlags.With(Availability, index, said);
        return this with
        {
            Availability = flags,
            Available = Config.Behaviour.IsAvailable(flags, said),
        };
    }

    public void Write(JsonWriter json)
    {
        json.BeginObject().Name("config");
        Config.Write(json);
        if (Available is { } available)
        {
            json.Name("available").Boolean(available);
            AvailabilityFlags.Write(json, Availability);
        }

        json.EndObject();
    }

    public static Other Read(JsonElement json)
    {
        var other = Of(EntityConfig.Read(json.GetProperty("config")));
        return json.TryGetProperty("available", out var available)
            ? other with
            {
                Available = available.GetBoolean(),
                Availability = AvailabilityFlags.Read(json),
            }
            : other;
    }
}

/// <summary>What availability topics last said, topic by topic.</summary>
internal static class AvailabilityFlags
{
    public static bool?[] With(IReadOnlyList<bool?> flags, int index, bool said)
    {
        var with = flags.ToArray();
        with[index] = said;
        return with;
    }

    public static void Write(JsonWriter json, IReadOnlyList<bool?> flags)
    {
        if (flags.Count == 0)
        {
            return;
        }

        json.Name("availability").BeginArray();
        foreach (var flag in flags)
        {
            json.Number(
                flag is null ? -1
                : flag.Value ? 1
                : 0
            );
        }

        json.EndArray();
    }

    public static IReadOnlyList<bool?> Read(JsonElement json) =>
        json.TryGetProperty("availability", out var flags)
            ?
            [
                .. flags
                    .EnumerateArray()
                    .Select(flag => flag.GetInt32() < 0 ? (bool?)null : flag.GetInt32() == 1),
            ]
            : [];
}
