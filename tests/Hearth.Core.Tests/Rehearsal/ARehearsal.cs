using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Rehearsal;

namespace Hearth.Core.Tests.Rehearsal;

/// <summary>Rehearses drafts over what a home in a test has lived through.</summary>
internal static class ARehearsal
{
    public static readonly Past AsItWas = new(new Dictionary<EntityId, PastState>());

    /// <summary>Over all that was lived, from before its first event.</summary>
    public static RehearsalReport Rehearse(
        this AHome home,
        string definition,
        DateTimeOffset? from = null
    )
    {
        var start = AHome.Monday.AddHours(-1);
        return home.Rehearse(
            definition,
            new RehearsalTimes(start, from ?? start, DateTimeOffset.MaxValue),
            AtTheBeginning(home)
        );
    }

    public static RehearsalReport Rehearse(
        this AHome home,
        string definition,
        RehearsalTimes times,
        Past past
    )
    {
        var draft = Draft.Read(definition, null, out var faults);
        Assert.Empty(faults);
        var rehearsal = DraftRehearsal.Begin(home.Home.Capture(), draft!, times, past);
        foreach (
            var row in home.Log.Where(row => row.Time > times.Start || row.Time < AHome.Monday)
        )
        {
            rehearsal.Take(row.Events);
        }

        return rehearsal.End(home.Now);
    }

    /// <summary>What the log says of the states at a time.</summary>
    public static Past PastAt(this AHome home, DateTimeOffset time)
    {
        var states = new Dictionary<EntityId, PastState>();
        foreach (var id in Past.ChangedSince(home.Home.Capture(), time))
        {
            var changes = home.Events.Where(item =>
                item.Data is StateChanged change && change.Entity == id
            );
            var before = changes.Where(item => item.Time <= time).ToArray();
            var changed = before.LastOrDefault(item =>
                ((StateChanged)item.Data).From.Shown != ((StateChanged)item.Data).To.Shown
            );
            states[id] = before is []
                ? new PastState(
                    ((StateChanged)changes.First().Data).From,
                    DateTimeOffset.UnixEpoch,
                    DateTimeOffset.UnixEpoch
                )
                : new PastState(
                    ((StateChanged)before[^1].Data).To,
                    changed?.Time ?? DateTimeOffset.UnixEpoch,
                    before[^1].Time
                );
        }

        return new Past(states);
    }

    // Before the first event nothing was known of anything.
    private static Past AtTheBeginning(AHome home) =>
        new(
            home.Home.Capture()
                .Entities.ToDictionary(
                    entity => entity.Id,
                    _ => new PastState(
                        EntityState.Initial,
                        DateTimeOffset.UnixEpoch,
                        DateTimeOffset.UnixEpoch
                    )
                )
        );

    /// <summary>What runs did, a line each: when, by which trigger, what.</summary>
    public static IEnumerable<string> Told(this RehearsalReport report) =>
        report.Runs.Select(run =>
            $"{run.At - AHome.Monday:hh\\:mm\\:ss} {run.Trigger}: "
            + string.Join(", ", run.Actions.Select(action => $"{action.Action} {action.Target}"))
        );
}
