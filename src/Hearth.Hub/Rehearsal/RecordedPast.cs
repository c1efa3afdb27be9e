using Hearth.Core;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Rehearsal;
using Hearth.Homes;
using Hearth.Hub.Automations;
using Hearth.Hub.Events;
using Hearth.Storage;

namespace Hearth.Hub.Rehearsal;

/// <summary>Rehearses drafts over what a home's log has kept.</summary>
internal sealed class RecordedPast(HomeClient home, ILogSearch search, RetentionTimes retention)
{
    private const int RowsAtOnce = 1024;
    private const int BytesAtOnce = 1024 * 1024;

    // How many changes are looked at to find since when an entity was what it was.
    private const int ChangesMax = 32;

    /// <param name="now">A recording ends here.</param>
    /// <returns>What was found, and how many recorded events were gone through.</returns>
    public async Task<(RehearsalReport Report, long Events, DateTimeOffset Reliable)> RehearseAsync(
        Draft draft,
        DateTimeOffset from,
        DateTimeOffset to,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var snapshot = await home.CaptureAsync(cancellationToken);
        var head = await home.Feed.HeadAsync(cancellationToken);
        var oldest = await home.Feed.ReadKeptAsync(Sequence.None, 1, 1, cancellationToken);
        var first = oldest.Count > 0 ? oldest[0].Time : now;
        var start = from - draft.WarmUp;
        start = start > first ? start : first;
        var after = await EventPage.SeekAsync(home, Sequence.None, head, start, cancellationToken);

        var states = await StatesAsync(snapshot, start, after, head, cancellationToken);
        var times = new RehearsalTimes(start, from, to < now ? to : now);
        var rehearsal = DraftRehearsal.Begin(
            snapshot,
            draft,
            times,
            new Past(states),
            () => cancellationToken.IsCancellationRequested
        );
        var events = 0L;
        for (var reading = ReadAsync(after); ; )
        {
            var rows = await reading;
            if (rows.Count == 0 || rehearsal.IsOver)
            {
                break;
            }

            // The next part is on its way while this one is gone through.
            reading = ReadAsync(rows[^1].Last);
            foreach (var row in rows)
            {
                events += row.Events.Count;
                rehearsal.Take(row.Events);
            }
        }

        var report = rehearsal.End(now);
        cancellationToken.ThrowIfCancellationRequested();
        return (report, events, Reliable(draft, first, now));

        Task<IReadOnlyList<Row>> ReadAsync(Sequence from) =>
            from >= head
                ? Task.FromResult<IReadOnlyList<Row>>([])
                : Task.Run(() => DecodedAsync(from, cancellationToken), cancellationToken);
    }

    // To parse a row is most of what it costs to rehearse over it, so that is done here as well.
    private async Task<IReadOnlyList<Row>> DecodedAsync(
        Sequence after,
        CancellationToken cancellationToken
    )
    {
        var rows = await home.Feed.ReadKeptAsync(after, RowsAtOnce, BytesAtOnce, cancellationToken);
        foreach (var row in rows)
        {
            _ = row.Events;
        }

        return rows;
    }

    // Older than that something of what the draft depends on may have left the log, which what it
    // warms up on belongs to. Configuration is kept for ever: the first row is the home's first.
    private DateTimeOffset Reliable(Draft draft, DateTimeOffset first, DateTimeOffset now)
    {
        var kept = draft.Reads == RetentionClass.Message ? retention.Messages : retention.States;
        return kept is { } time && now - time > first ? now - time + draft.WarmUp : first;
    }

    // What has not changed since is as it is now; of the rest the log is asked.
    private async Task<Dictionary<EntityId, PastState>> StatesAsync(
        HomeSnapshot snapshot,
        DateTimeOffset start,
        Sequence after,
        Sequence head,
        CancellationToken cancellationToken
    )
    {
        var states = new Dictionary<EntityId, PastState>();
        foreach (var entity in Past.ChangedSince(snapshot, start))
        {
            var past =
                await BeforeAsync(entity, after.Next, cancellationToken)
                ?? await AfterAsync(entity, after, head.Next, cancellationToken);
            if (past is not null)
            {
                states[entity] = past;
            }
        }

        return states;
    }

    // The last change before the start says what it was, and an earlier one since when.
    private async Task<PastState?> BeforeAsync(
        EntityId entity,
        Sequence before,
        CancellationToken cancellationToken
    )
    {
        PastState? past = null;
        var looked = 0;
        await foreach (
            var (change, time) in ChangesAsync(
                entity,
                Sequence.None,
                before,
                newestFirst: true,
                cancellationToken
            )
        )
        {
            past = past is null
                ? new PastState(change.To, time, time)
                : past with
                {
                    Changed = time,
                };
            if (change.From.Shown != change.To.Shown || ++looked >= ChangesMax)
            {
                break;
            }
        }

        return past;
    }

    // What came before has left the log; what the first change after it came from has not.
    private async Task<PastState?> AfterAsync(
        EntityId entity,
        Sequence after,
        Sequence before,
        CancellationToken cancellationToken
    )
    {
        await foreach (
            var (change, _) in ChangesAsync(
                entity,
                after,
                before,
                newestFirst: false,
                cancellationToken
            )
        )
        {
            return new PastState(change.From, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        }

        return null;
    }

    private async IAsyncEnumerable<(StateChanged Change, DateTimeOffset Time)> ChangesAsync(
        EntityId entity,
        Sequence after,
        Sequence before,
        bool newestFirst,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var scan = new LogScan(search, home.Id);
        var about = new SearchTerm(SearchKind.Subject, entity.Value);
        var changed = new SearchTerm(SearchKind.Type, StateChanged.TypeName);
        await foreach (
            var item in scan.EventsAsync(
                after,
                before,
                newestFirst,
                [
                    [about],
                    [changed],
                ],
                cancellationToken
            )
        )
        {
            if (item.Data is StateChanged change && change.Entity == entity)
            {
                yield return (change, item.Time);
            }
        }
    }
}
