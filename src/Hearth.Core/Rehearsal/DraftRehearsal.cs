using System.Diagnostics;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Rehearsal;

/// <summary>
/// Runs a draft over recorded events: the same triggers, conditions, timers and runs as in a living
/// home, over a state that follows the recording. What the draft does is written down and changes
/// nothing in it: the past stays as it was. One thread at a time may use it.
/// </summary>
public sealed class DraftRehearsal
{
    // A year of minutes that are looked at one by one.
    private const int MomentsMax = 600_000;

    private readonly Draft _draft;
    private readonly HomeState _state;
    private readonly Rules _rules;
    private readonly Runner _runner;
    private readonly TimeFlow _time;
    private readonly Notes _notes;
    private readonly DateTimeOffset _to;
    private readonly Func<bool> _isGivenUp;
    private int _moments;

    private DraftRehearsal(
        Draft draft,
        HomeState state,
        RehearsalTimes times,
        Past past,
        Func<bool>? isGivenUp
    )
    {
        _isGivenUp = isGivenUp ?? (() => false);
        _draft = draft;
        _state = state;
        _to = times.To;
        _runner = Runner.For(state, new Actions(state), past.Given);
        _rules = new Rules(state, _runner, deviceStates: null);
        _time = new TimeFlow(state);
        _notes = new Notes(draft, state, times);
    }

    /// <summary>True once the rehearsal has come to its end; what follows need not be read.
    /// </summary>
    public bool IsOver { get; private set; }

    /// <summary>Begins a rehearsal.</summary>
    /// <param name="home">The home as it is now, or as it was at the start.</param>
    /// <param name="past">What was otherwise at the start.</param>
    /// <param name="isGivenUp">True once nobody waits for it any more: then it ends early.</param>
    public static DraftRehearsal Begin(
        HomeSnapshot home,
        Draft draft,
        RehearsalTimes times,
        Past past,
        Func<bool>? isGivenUp = null
    )
    {
        past = past.In(home);
        var state = HomeState.From(HomeId.Default, past.Of(home, draft.Id, times.Start), draft.Id);
        var rehearsal = new DraftRehearsal(draft, state, times, past, isGivenUp);
        rehearsal.Save(rehearsal.TurnAt(times.Start));
        return rehearsal;
    }

    /// <summary>Takes the next events of the recording: those of one row, in order.</summary>
    public void Take(IReadOnlyList<Event> events)
    {
        for (var index = 0; index < events.Count && !IsOver; )
        {
            var count = TogetherFrom(events, index);
            Take(events, index, count);
            index += count;
        }
    }

    /// <summary>Lets what is still pending come until the end, and says what was found.</summary>
    /// <param name="recorded">How far the recording goes; what is later nobody knows.</param>
    public RehearsalReport End(DateTimeOffset recorded)
    {
        var end = recorded < _to ? recorded : _to;
        PassUntil(end);
        if (!_notes.IsEndedEarly)
        {
            _notes.Now = end;
        }

        return _notes.Report();
    }

    // What one input says is applied as a whole before anybody looks at it, as when it was live;
    // its consequences follow one by one.
    private static int TogetherFrom(IReadOnlyList<Event> events, int index)
    {
        var count = 1;
        if (IsConsequence(events[index]))
        {
            return count;
        }

        while (
            index + count < events.Count
            && !IsConsequence(events[index + count])
            && At(events[index + count]) == At(events[index])
        )
        {
            count++;
        }

        return count;
    }

    private static bool IsConsequence(Event item) =>
        item.Data is AutomationEvent or CommandRequested or DeviceStateChanged;

    // A program says itself when its event happened; the home knew of it when it came.
    private static DateTimeOffset At(Event item) =>
        item.Data is ProgramEvent ? item.RecordedTime : item.Time;

    private void Take(IReadOnlyList<Event> events, int index, int count)
    {
        var first = events[index];
        var at = At(first);
        if (at > _to)
        {
            PassUntil(_to);
            IsOver = true;
            return;
        }

        PassBefore(first, at);
        var turn = TurnAt(at);
        var facts = new List<Event>(count);
        for (var next = index; next < index + count; next++)
        {
            _notes.Record(events[next], at);
            if (Apply(turn, events[next]) is { } fact)
            {
                facts.Add(fact);
            }
        }

        if (_state.Holds.All.Any(hold => hold.AwaitsReport))
        {
            Report(turn, facts);
        }

        facts.ForEach(fact => _rules.React(turn, fact));
        React(turn);
        EndWhenFull();
    }

    private void EndWhenFull()
    {
        if (_notes.IsFull || _moments >= MomentsMax || _isGivenUp())
        {
            (IsOver, _notes.IsEndedEarly) = (true, true);
        }
    }

    // Nobody was awake while the hub was down, and a clock that is set has not passed the time
    // between.
    private void PassBefore(Event first, DateTimeOffset at)
    {
        switch (first.Data)
        {
            case HubResumed resumed:
                PassUntil(resumed.DownSince);
                break;
            case ClockChanged changed:
                PassUntil(at - changed.By);
                break;
            default:
                PassUntil(at, IsByDeadline(first));
                break;
        }
    }

    // What the home itself said of an entity when a time was up.
    private static bool IsByDeadline(Event item) =>
        item is { Data: StateChanged, Cause: null } && item.Principal == Principal.Hub;

    private void PassUntil(DateTimeOffset end, bool isDeadline = false)
    {
        while (!IsOver && _time.Due(end) is { } moment)
        {
            // Of those at the same moment, an entity's come before the clock's and the runs'.
            if (isDeadline && moment.At == end && moment.Deadline?.Kind > DeadlineKind.OffDelay)
            {
                return;
            }

            _moments++;
            _time.Reach(moment);
            var turn = TurnAt(moment.At);
            if (moment.Deadline is { } deadline)
            {
                Fire(turn, deadline);
            }
            else
            {
                _rules.Tick(turn);
            }

            React(turn);
            EndWhenFull();
        }
    }

    private void Fire(Turn turn, Deadline deadline)
    {
        switch (deadline.Kind)
        {
            case DeadlineKind.Hold when _state.Holds.Find(deadline.Key) is { Armed: false } hold:
                // Live it makes a device triggered; here devices are as they were.
                _state.Holds.Elapse(hold);
                return;
            case DeadlineKind.Hold:
                _rules.HoldIsDue(turn, deadline.Key);
                break;
            case DeadlineKind.Clock:
                _rules.ClockIsDue(turn, deadline.Key);
                break;
            case DeadlineKind.Wait:
                _runner.IsDue(turn, deadline.Key);
                break;
        }

        if (turn.Events.Count == 0)
        {
            throw new UnreachableException($"Deadline {deadline} left no trace.");
        }
    }

    private Turn TurnAt(DateTimeOffset at)
    {
        _notes.Now = at;
        return new Turn(_state, Principal.Hub, at, ApplyOwn);
    }

    // Of what the draft makes happen only its own runs are true; the rest is written down.
    private void ApplyOwn(Event item)
    {
        if (IsOwn(item.Data))
        {
            _state.Apply(item);
        }
        else
        {
            _state.Pass(item);
        }
    }

    private bool IsOwn(EventData data) =>
        data is AutomationEvent own && own.Automation == _draft.Id
        || data is StateChanged { Entity: var entity } && entity == HomeView.Sun;

    private void React(Turn turn)
    {
        while (turn.NextUnseen() is { } item)
        {
            _notes.Note(item);
            if (IsOwn(item.Data))
            {
                _rules.React(turn, item);
            }
        }
    }

    // The recording numbers its events itself; here what the draft does comes in between. An id
    // stays what it is.
    private Event? Apply(Turn turn, Event recorded)
    {
        var item = recorded with { Sequence = _state.Last.Next };
        switch (recorded.Data)
        {
            case StateChanged { Entity: var entity } when entity == HomeView.Sun:
                return null;
            case AutomationEvent own when own.Automation == _draft.Id:
                Follow(turn, own, item);
                return null;
            case AutomationEvent other:
                ApplyOther(other, item);
                return item;
            case StateChanged or HubResumed or ClockChanged or LocationChanged:
                if (recorded.Data is ClockChanged)
                {
                    _time.Reset();
                }

                _state.Apply(item);
                return item;
            default:
                if (Recording.Fit(recorded.Data, _state.Devices) is { } data)
                {
                    _state.Apply(item with { Data = data });
                }
                else
                {
                    _state.Pass(item);
                }

                return item;
        }
    }

    // A draft that is what was live then was switched on when that was saved. That somebody
    // switched it off is not followed: what is asked is what it would have done.
    private void Follow(Turn turn, AutomationEvent own, Event item)
    {
        var saved = own switch
        {
            AutomationCreated created => created.Definition,
            AutomationUpdated updated => updated.Definition,
            _ => null,
        };
        if (saved == _draft.Definition)
        {
            _runner.Cancel(turn, _draft.Id);
            Save(turn);
        }
        else if (own is AutomationEnabled && !_state.Automations.All[_draft.Id].Enabled)
        {
            _state.Apply(item);
        }
    }

    private void Save(Turn turn)
    {
        turn.Emit(new AutomationCreated(_draft.Id, _draft.Definition));
        if (!_draft.Rules.InitiallyEnabled)
        {
            turn.Emit(new AutomationEnabled(_draft.Id));
        }
    }

    // The others are looked at as entities; what they did is in the recording.
    private void ApplyOther(AutomationEvent data, Event item)
    {
        _state.Pass(item);
        var isThere = _state.Automations.All.ContainsKey(data.Automation);
        if (data is AutomationCreated || isThere)
        {
            _state.Automations.Apply(data, item.Time);
        }

        if (isThere && _state.StateChangeOf(data) is { } change)
        {
            _state.Holds.Apply(change, item);
        }
    }

    // After a restart the first report decides what ran out meanwhile, be it that nothing changed.
    private void Report(Turn turn, List<Event> facts)
    {
        foreach (var message in facts.Where(fact => fact.Data is MessageReceived).ToArray())
        {
            var topic = ((MessageReceived)message.Data).Topic;
            foreach (var route in _state.Devices.RoutesOf(topic))
            {
                if (
                    route.AvailabilityIndex < 0
                    && _state.Devices.Entities.TryGetValue(route.Entity, out var entity)
                    && _state.Devices.Devices[entity.Device].Enabled
                )
                {
                    var change = facts.Find(fact =>
                        fact.Data is StateChanged { Entity: var changed } && changed == route.Entity
                    );
                    _rules.Reported(turn, route.Entity, Cause.Of(change ?? message));
                }
            }
        }
    }
}
