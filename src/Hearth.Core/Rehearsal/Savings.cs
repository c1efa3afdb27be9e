using System.Globalization;
using Hearth.Core.Automations;
using Hearth.Core.Devices;

namespace Hearth.Core.Rehearsal;

/// <summary>
/// What it would have saved that runs turn something off: how much longer that was on in the
/// recording, and what its meter counted until then. A meter is a power or energy sensor of the
/// same device, or else the power that set the run off by rising above a threshold.
/// </summary>
internal sealed class Savings(Draft draft, HomeState state)
{
    /// <summary>To watts.</summary>
    private static readonly Dictionary<string, double> PowerUnits = new()
    {
        ["mW"] = 0.001,
        ["W"] = 1,
        ["kW"] = 1000,
    };

    /// <summary>To kilowatt hours.</summary>
    private static readonly Dictionary<string, double> EnergyUnits = new()
    {
        ["Wh"] = 0.001,
        ["kWh"] = 1,
        ["MWh"] = 1000,
    };

    // No meter at home says so much; NaN and infinity say nothing at all.
    private const double PlausibleMax = 1e12;

    private readonly Dictionary<EntityId, Open> _open = [];
    private readonly SortedSet<string> _meters = new(StringComparer.Ordinal);
    private TimeSpan _sooner;
    private double _energy;

    /// <summary>Something that would be off and is on.</summary>
    private sealed class Open(RunNote run, DateTimeOffset since)
    {
        public RunNote Run => run;

        public DateTimeOffset Since { get; } = since;

        public EntityId? Power { get; init; }

        public EntityId? Counter { get; init; }

        /// <summary>Watts now; null while nobody knows.</summary>
        public double? Watts { get; set; }

        public DateTimeOffset At { get; set; } = since;

        /// <summary>In kWh, what the counter said first.</summary>
        public double? CountedFrom { get; set; }

        public double KilowattHours { get; set; }
    }

    public Saving Total =>
        new(
            _sooner,
            _meters.Count > 0 ? _energy : null,
            [.. _meters.Select(meter => new EntityId(meter))]
        );

    /// <summary>A run asked for something.</summary>
    public void Command(RunNote run, CommandRequested requested, DateTimeOffset at)
    {
        var entity = requested.Entity;
        var isOff = requested.Action.EndsWith(".turn_off", StringComparison.Ordinal);
        if (!isOff)
        {
            Close(entity, at);
        }
        else if (
            !_open.ContainsKey(entity)
            && state.Devices.Entities.TryGetValue(entity, out var found)
            && found.State is { Available: true, Value: "on" }
        )
        {
            _open[entity] = Begin(run, found, at);
        }
    }

    /// <summary>A recorded change, before it is applied.</summary>
    public void Record(StateChanged change, DateTimeOffset at)
    {
        if (_open.Count == 0)
        {
            return;
        }

        if (state.Devices.Entities.TryGetValue(change.Entity, out var meter))
        {
            foreach (var open in _open.Values)
            {
                if (open.Power == meter.Id)
                {
                    Count(open, at);
                    open.Watts = Number(change.To, meter, PowerUnits);
                }
                else if (open.Counter == meter.Id)
                {
                    Count(open, Number(change.To, meter, EnergyUnits));
                }
            }
        }

        if (change.To.Shown != "on")
        {
            Close(change.Entity, at);
        }
    }

    public void End(DateTimeOffset at)
    {
        foreach (var entity in _open.Keys.ToArray())
        {
            Close(entity, at);
        }
    }

    private Open Begin(RunNote run, Entity entity, DateTimeOffset at)
    {
        var device = state.Devices.EntitiesOf(state.Devices.Devices[entity.Device]).ToArray();
        var power = Array.Find(device, IsPower)?.Id ?? ThresholdOf(run);
        var counter = power is null ? Array.Find(device, IsCounter)?.Id : null;
        return new Open(run, at)
        {
            Power = power,
            Counter = counter,
            Watts = power is { } meter ? Now(meter, PowerUnits) : null,
            CountedFrom = counter is { } count ? Now(count, EnergyUnits) : null,
        };
    }

    private EntityId? ThresholdOf(RunNote run) =>
        run is { Entity: { } entity, Trigger: >= 0 }
        && draft.Rules.Triggers[run.Trigger] is NumericStateTrigger { Test.Above: not null }
        && state.Devices.Entities.TryGetValue(entity, out var found)
        && IsPower(found)
            ? entity
            : null;

    private void Close(EntityId entity, DateTimeOffset at)
    {
        if (!_open.Remove(entity, out var open))
        {
            return;
        }

        Count(open, at);
        var sooner = at - open.Since;
        open.Run.Sooner += sooner;
        _sooner += sooner;
        if ((open.Power ?? open.Counter) is { } meter)
        {
            _meters.Add(meter.Value);
            _energy += open.KilowattHours;
            open.Run.Energy = (open.Run.Energy ?? 0) + open.KilowattHours;
        }
    }

    private static void Count(Open open, DateTimeOffset at)
    {
        open.KilowattHours += (open.Watts ?? 0) / 1000 * (at - open.At).TotalHours;
        open.At = at;
    }

    // A counter that fell was reset: from there it counts anew.
    private static void Count(Open open, double? counted)
    {
        if (counted is { } now)
        {
            open.KilowattHours += open.CountedFrom is { } from && now >= from ? now - from : 0;
            open.CountedFrom = now;
        }
    }

    private double? Now(EntityId meter, Dictionary<string, double> units) =>
        state.Devices.Entities.TryGetValue(meter, out var found)
            ? Number(found.State, found, units)
            : null;

    private static double? Number(
        EntityState said,
        Entity meter,
        Dictionary<string, double> units
    ) =>
        said.IsKnown
        && units.TryGetValue(UnitOf(meter), out var factor)
        && double.TryParse(
            said.Value,
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var number
        )
        && Math.Abs(number) < PlausibleMax
            ? number * factor
            : null;

    private static bool IsPower(Entity entity) =>
        entity.Id.Domain == "sensor" && PowerUnits.ContainsKey(UnitOf(entity));

    private static bool IsCounter(Entity entity) =>
        entity.Id.Domain == "sensor" && EnergyUnits.ContainsKey(UnitOf(entity));

    private static string UnitOf(Entity entity) =>
        entity.Config.Json.TryGetProperty("unit_of_measurement", out var unit)
            ? unit.ToString()
            : entity.State.Attributes.Plain("unit_of_measurement") ?? "";
}
