using Hearth.Core;
using Hearth.Core.Automations;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Simulation;

/// <summary>What must hold at every step of every run.</summary>
internal sealed class Invariants(World world)
{
    private readonly Dictionary<HomeId, Dictionary<long, Event>> _events = [];
    private readonly Dictionary<HomeId, DateTimeOffset> _recorded = [];
    private readonly HashSet<(HomeId Home, PublishedId Id)> _acknowledgedEvents = [];
    private readonly HashSet<(HomeId Home, string Payload)> _acknowledgedMessages = [];

    /// <summary>Rows became durable: every cause exists and precedes its effect.</summary>
    public void Committed(HomeCommit commit)
    {
        var events = EventsOf(commit.Home);
        foreach (var item in commit.Rows.SelectMany(row => row.Events))
        {
            World.Check(
                item.Sequence.Value == events.Count + 1,
                $"{item} of {commit.Home} is not the next event"
            );
            Precedes(item, item.Cause, events);
            if (item.Root != item.Ref)
            {
                Precedes(item, item.Root, events);
            }

            var before = _recorded.GetValueOrDefault(commit.Home);
            World.Check(
                item.RecordedTime >= before || item.Data is ClockChanged,
                $"time runs backwards at {item}"
            );
            _recorded[commit.Home] = item.RecordedTime;
            events.Add(item.Sequence.Value, item);
        }
    }

    /// <summary>A client was answered: what it was told is durable at this moment.</summary>
    public void Acknowledged(HomeId home, Submission submission, Answer answer)
    {
        if (answer.Row is { } row)
        {
            World.Check(IsOnDisk(home, row), $"{row.Events[0]} was acknowledged, not committed");
        }

        if (answer.Refusal is not null)
        {
            Refused(home, submission.Input, answer.Refusal);
            return;
        }

        switch (submission.Input)
        {
            case PublishEvents publish:
                Published(home, publish, answer);
                break;
            case ReceiveMessage message:
                _acknowledgedMessages.Add((home, message.Payload.Text!));
                break;
        }

        if (submission.Received is { } packet)
        {
            World.Check(
                world.Disk.Received(home).Contains(packet),
                $"{packet} was acknowledged, not committed"
            );
        }
    }

    /// <summary>A follower was shown rows.</summary>
    /// <param name="after">Where it stood.</param>
    public void Shown(HomeId home, Sequence after, IReadOnlyList<Row> rows)
    {
        foreach (var row in rows)
        {
            World.Check(
                row.First <= after.Next && row.Last > after,
                $"a follower at {after.Value} was shown row {row.First.Value}"
            );
            World.Check(IsOnDisk(home, row), $"row {row.First.Value} was shown, not committed");
            after = row.Last;
        }
    }

    /// <summary>Where nothing is under way, the state in memory is the state that the log leads
    /// to: from the newest snapshot, and from the beginning.</summary>
    public void LiveIsWhatTheLogSays(IEnumerable<Lodging> lodgings)
    {
        foreach (var (_, id, hosted, _) in lodgings)
        {
            if (hosted.Live is not { Home: { } home, UncommittedRows: 0 } || home.Last.Value == 0)
            {
                continue;
            }

            World.Check(home.Last <= world.Disk.Last(id), $"{id} knows more than the log");
            var live = home.Capture().ToBytes();
            var rows = world.Disk.Rows(id).TakeWhile(row => row.Last <= home.Last).ToArray();
            Same(id, live, Home.Restore(id, null, rows.SelectMany(row => row.Events)));
            foreach (var stored in world.Disk.Snapshots(id))
            {
                if (stored.Sequence <= home.Last)
                {
                    var tail = rows.Where(row => row.First > stored.Sequence);
                    var snapshot = HomeSnapshot.FromBytes(stored.Bytes);
                    Same(id, live, Home.Restore(id, snapshot, tail.SelectMany(row => row.Events)));
                }
            }
        }
    }

    public void AtTheEnd()
    {
        foreach (var home in world.Homes)
        {
            var events = EventsOf(home).Values;
            var published = events
                .Where(item => item.Data is ProgramEvent)
                .Select(item => (home, new PublishedId(item.Principal, item.Source, item.Id)))
                .ToList();
            World.Check(
                published.Distinct().Count() == published.Count,
                "a program's event is in the log twice"
            );
            World.Check(
                _acknowledgedEvents.Where(item => item.Home == home).All(published.Contains),
                "an acknowledged event is not in the log"
            );
            var messages = events
                .Select(item => item.Data)
                .OfType<MessageReceived>()
                .Select(message => message.Payload.Text!)
                .ToHashSet();
            World.Check(
                _acknowledgedMessages
                    .Where(item => item.Home == home)
                    .All(item => messages.Contains(item.Payload)),
                "an acknowledged message is not in the log"
            );
            NothingIsOverdue(home);
            new Explanations(home, [.. world.Disk.Rows(home).SelectMany(row => row.Events)]).Hold();
        }
    }

    /// <summary>After a stop in order the last word is that, and a snapshot holds everything.
    /// </summary>
    public void Stopped()
    {
        foreach (var home in world.Homes)
        {
            if (world.Disk.Last(home) == Sequence.None)
            {
                continue;
            }

            World.Check(
                world.Disk.Rows(home)[^1].Events[^1].Data is HubStopped,
                $"{home} did not say that it stopped"
            );
            World.Check(
                world.Disk.Snapshots(home)[0].Sequence == world.Disk.Last(home),
                $"{home} stopped without a snapshot"
            );
        }
    }

    /// <summary>Nobody calls any more, and still every deadline has been fired.</summary>
    private void NothingIsOverdue(HomeId home)
    {
        var events = world.Disk.Rows(home).SelectMany(row => row.Events);
        var state = Home.Restore(home, null, events);
        World.Check(
            state.NextWakeup is not { } due || due >= world.Clock.GetUtcNow(),
            $"{home} was to be woken at {state.NextWakeup} and was not"
        );
    }

    private void Published(HomeId home, PublishEvents publish, Answer answer)
    {
        World.Check(answer.Published.Count == publish.Events.Count, "an answer is missing");
        for (var index = 0; index < publish.Events.Count; index++)
        {
            var (item, told) = (publish.Events[index], answer.Published[index]);
            var row = world.Disk.RowAt(home, told.Sequence);
            var there = row?.Events.FirstOrDefault(one => one.Sequence == told.Sequence);
            World.Check(
                there is not null && there.Id == item.Id && there.Source == item.Source,
                $"event {item.Id} was acknowledged as {told.Sequence.Value}, which it is not"
            );
            _acknowledgedEvents.Add((home, new(publish.Principal, item.Source, item.Id)));
        }
    }

    /// <summary>A refusal rests on nothing but what is durable.</summary>
    private void Refused(HomeId home, Input input, Refusal refusal)
    {
        if (input is SaveAutomation { Id: { } id } && refusal.Kind == RefusalKind.Conflict)
        {
            World.Check(
                EventsOf(home)
                    .Values.Any(item =>
                        item.Data is AutomationCreated made && made.Automation == id
                    ),
                $"automation {id} was refused as existing and is not in the log"
            );
        }
    }

    private static void Precedes(Event item, EventRef? cause, Dictionary<long, Event> events)
    {
        if (cause is { } earlier)
        {
            World.Check(
                earlier.Sequence < item.Sequence
                    && events.TryGetValue(earlier.Sequence.Value, out var there)
                    && there.Id == earlier.Id,
                $"{item} says it was caused by {earlier}, which is not there"
            );
        }
    }

    private static void Same(HomeId id, byte[] live, Home restored)
    {
        var other = restored.Capture().ToBytes();
        World.Check(live.AsSpan().SequenceEqual(other), $"{id} in memory is not {id} in the log");
    }

    private bool IsOnDisk(HomeId home, Row row) =>
        world.Disk.RowAt(home, row.First) is { } there
        && there.First == row.First
        && there.Last == row.Last
        && there.Body.Span.SequenceEqual(row.Body.Span);

    private Dictionary<long, Event> EventsOf(HomeId home)
    {
        if (!_events.TryGetValue(home, out var events))
        {
            events = [];
            _events.Add(home, events);
        }

        return events;
    }
}
