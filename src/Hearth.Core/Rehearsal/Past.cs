using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Rehearsal;

/// <summary>The time that a rehearsal is about.</summary>
/// <param name="Start">Where it begins, so that what was under way at <paramref name="From"/> is.
/// </param>
/// <param name="From">From here on what the draft does counts.</param>
/// <param name="To">Where it ends.</param>
public sealed record RehearsalTimes(DateTimeOffset Start, DateTimeOffset From, DateTimeOffset To);

/// <summary>The state of an entity once.</summary>
/// <param name="Changed">Since when it was that.</param>
/// <param name="Updated">Since when it had these attributes.</param>
public sealed record PastState(EntityState State, DateTimeOffset Changed, DateTimeOffset Updated);

/// <summary>How a home was at the start of a rehearsal, where that was otherwise than now.
/// </summary>
/// <param name="States">By entity; those that are not here were what they are.</param>
public sealed record Past(IReadOnlyDictionary<EntityId, PastState> States)
{
    /// <summary>True where the states are all that there was: every entity without one is unknown,
    /// and one that the home does not have is there for as long as the rehearsal lasts.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Entities that the home does not have.</summary>
    internal IReadOnlySet<EntityId> Given { get; private init; } = new HashSet<EntityId>();

    /// <summary>The entities that are not now what they were at a time: their states then have to
    /// be looked up.</summary>
    public static IReadOnlyList<EntityId> ChangedSince(HomeSnapshot home, DateTimeOffset time) =>
        [.. home.Entities.Where(entity => entity.Updated >= time).Select(entity => entity.Id)];

    /// <summary>This past with what it needs to know of the home.</summary>
    internal Past In(HomeSnapshot home)
    {
        var known = home.Entities.Select(entity => entity.Id).ToHashSet();
        return IsWhole
            ? this with
            {
                Given = States.Keys.Where(id => !known.Contains(id)).ToHashSet(),
            }
            : this;
    }

    /// <summary>The home as it was. Runs and timers of the living automations are left out: in a
    /// rehearsal only the draft has any.</summary>
    internal HomeSnapshot Of(HomeSnapshot home, string draft, DateTimeOffset start)
    {
        var entities = home.Entities.Select(entity => Then(entity, start)).ToList();
        var devices = home.Devices.ToList();
        foreach (var id in Given.OrderBy(id => id.Value, StringComparer.Ordinal))
        {
            var made = Made(id);
            devices.Add(made.Device);
            entities.Add(Then(made.Entity, start));
        }

        return new HomeSnapshot
        {
            Sequence = home.Sequence,
            Time = start,
            Devices = devices,
            Entities = entities,
            Automations = [.. home.Automations.Where(automation => automation.Id != draft)],
            Location = home.Location,
            Areas = home.Areas,
        };
    }

    private Entity Then(Entity entity, DateTimeOffset start)
    {
        var now = entity with { ExpiresAt = null, OffAt = null };
        if (States.TryGetValue(entity.Id, out var past))
        {
            return now with { State = past.State, Changed = past.Changed, Updated = past.Updated };
        }

        return IsWhole
            ? now with
            {
                State = EntityState.Initial,
                Changed = start,
                Updated = start,
            }
            : now;
    }

    // A device of its own, so that it has a name.
    private static (Device Device, Entity Entity) Made(EntityId id)
    {
        var name = id.Value[(id.Domain.Length + 1)..].Replace('_', ' ');
        var device = new Device
        {
            Id = new DeviceId("rehearsal " + id.Value),
            Description = new DeviceDescription
            {
                Identifiers = ["rehearsal " + id.Value],
                Name = name.Length > 0 ? char.ToUpperInvariant(name[0]) + name[1..] : id.Value,
            },
            Entities = [id],
        };
        var config = new EntityConfig("given", device.Id.Value, "{}");
        return (
            device,
            new Entity
            {
                Id = id,
                Device = device.Id,
                Config = config,
            }
        );
    }
}
