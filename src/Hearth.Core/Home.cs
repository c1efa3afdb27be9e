using System.Diagnostics;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Core;

/// <summary>
/// A home: a deterministic state machine over a durable log of events. The same snapshot and the
/// same inputs give the same outcome, byte for byte. It does no I/O, starts no task, reads no
/// clock; one thread at a time may use it.
/// </summary>
public sealed class Home
{
    private readonly HomeState _state;
    private readonly Actions _actions;
    private readonly Rules _rules;
    private readonly Runner _runner;
    private readonly HealthWatch _health;
    private readonly Registration _registration;
    private readonly Arranging _arranging;
    private readonly Readings _readings;
    private readonly AutomationDesk _automations;
    private readonly SubscriptionDesk _subscriptions;
    private readonly TimeFlow _time;

    private Home(HomeState state)
    {
        _state = state;
        _time = new TimeFlow(state);
        _actions = new Actions(state);
        var deviceStates = new DeviceStates(state, _actions);
        var runner = Runner.For(state, _actions);
        _runner = runner;
        _health = new HealthWatch(state);
        _rules = new Rules(state, runner, deviceStates);
        _registration = new Registration(state, _actions);
        _arranging = new Arranging(state);
        _readings = new Readings(
            state,
            new Announcing(state, _registration),
            _actions,
            _rules,
            deviceStates
        );
        _automations = new AutomationDesk(state, runner);
        _subscriptions = new SubscriptionDesk(state);
    }

    public HomeId Id => _state.Id;

    /// <summary>The sequence of the newest event that this state contains.</summary>
    public Sequence Last => _state.Last;

    /// <summary>When to hand it a <see cref="Wake"/>; null when nothing is pending.</summary>
    public DateTimeOffset? NextWakeup => _time.Next;

    /// <summary>A home as it was: a snapshot, or none, and the events after it. Nothing is
    /// decided again.</summary>
    public static Home Restore(HomeId id, HomeSnapshot? snapshot, IEnumerable<Event> tail)
    {
        var state = HomeState.From(id, snapshot);
        foreach (var item in tail)
        {
            state.Apply(item);
        }

        return new Home(state);
    }

    /// <summary>
    /// Decides upon an input and applies the events that it answers. First fires every deadline
    /// that is not after <paramref name="now"/>, each at its own time; those events stand in the
    /// outcome even where the input itself is refused. A clock that steps back holds time still.
    /// </summary>
    public Outcome Decide(Input input, DateTimeOffset now)
    {
        var time = now > _state.Now || input is ChangeClock ? now : _state.Now;
        var turn = new Turn(_state, input.Principal, time);
        // These two say that time has not simply passed; deadlines come to terms with them first.
        if (input is not (Resume or ChangeClock))
        {
            FireDeadlines(turn, time);
        }

        var refusal = Dispatch(turn, input);
        React(turn);
        return turn.Events.Count == 0 && refusal is null
            ? Outcome.Nothing
            : new Outcome(turn.Events, refusal);
    }

    /// <summary>The state as it is, as a value that nothing changes any more; cheap enough to
    /// take between two inputs, written elsewhere.</summary>
    public HomeSnapshot Capture() => _state.Capture();

    private Refusal? Dispatch(Turn turn, Input input)
    {
        switch (input)
        {
            case ReceiveMessage message:
                _readings.Receive(turn, message);
                return null;
            case PublishEvents publish:
                return Publish(turn, publish);
            case RegisterDevice register:
                return _registration.Register(turn, register.Announcement, cause: null).Refusal;
            case RemoveDevice remove:
                return _registration.Remove(turn, remove.Device);
            case EnableDevice enable:
                return Enable(turn, enable);
            case ArrangeDevice arrange:
                return _arranging.Arrange(turn, arrange);
            case SaveArea area:
                return _arranging.Save(turn, area);
            case CallAction call:
                return _actions.Call(
                    turn,
                    call.Action,
                    call.Entities,
                    call.Devices,
                    call.Arguments
                );
            case ReportDelivery report:
                _actions.Report(turn, report.Deliveries);
                return null;
            case SaveAutomation or RemoveAutomation or EnableAutomation or TriggerAutomation:
                return _automations.Decide(turn, input);
            case SubscriptionInput subscription:
                return _subscriptions.Decide(turn, subscription);
            default:
                DecideHub(turn, input);
                return null;
        }
    }

    // What the home says of itself needs neither id nor source in a row; nobody may speak as it.
    private Refusal? Publish(Turn turn, PublishEvents publish)
    {
        var faults = publish
            .Events.Select((published, index) => (published, index))
            .Where(item => item.published.Source == _state.Source)
            .Select(item => new Fault(
                $"/{item.index}/source",
                $"is {_state.Source}, which is the home itself; name the program instead"
            ))
            .ToArray();
        if (faults.Length > 0)
        {
            return new Refusal(
                RefusalKind.Invalid,
                "An event names the home as its source.",
                faults
            );
        }

        foreach (var published in publish.Events)
        {
            turn.Emit(published);
        }

        return null;
    }

    private void DecideHub(Turn turn, Input input)
    {
        switch (input)
        {
            case Wake:
                break;
            case StartHub start:
                if (start.Location is { } location && location != _state.Location.Told)
                {
                    turn.Emit(location);
                }

                turn.Emit(new HubStarted(start.Version));
                break;
            case StopHub:
                turn.Emit(new HubStopped());
                break;
            case Resume resume:
                turn.Emit(new HubResumed(resume.DownSince));
                break;
            case ChangeClock change:
                _time.Reset();
                turn.Emit(new ClockChanged(change.By));
                break;
            case CallWebhook call:
                Receive(turn, call);
                break;
            default:
                throw new UnreachableException($"No decision for {input.GetType().Name}.");
        }
    }

    // What nothing waits for is no event: whoever tries ids out fills no log.
    private void Receive(Turn turn, CallWebhook call)
    {
        var (id, method, isLocal, json, data, query) = call;
        var received = new WebhookReceived(id, method, isLocal, json, data, query);
        var waiting = _state.Watches.WaitingFor(WebhookReceived.TypeName);
        if (
            waiting.Any(watcher =>
                watcher.Trigger is WebhookTrigger && EventMatch.Matches(watcher.Trigger, received)
            )
        )
        {
            turn.Emit(received);
        }
    }

    private Refusal? Enable(Turn turn, EnableDevice enable)
    {
        if (!_state.Devices.Devices.TryGetValue(enable.Device, out var device))
        {
            return new Refusal(RefusalKind.NotFound, $"There is no device {enable.Device}.");
        }

        if (device.Enabled != enable.Enabled)
        {
            turn.Emit(
                enable.Enabled
                    ? new DeviceEnabled(enable.Device)
                    : new DeviceDisabled(enable.Device)
            );
        }

        return null;
    }

    private void FireDeadlines(Turn turn, DateTimeOffset now)
    {
        _time.SkipMissed(now);
        while (_time.Due(now) is { } moment)
        {
            _time.Reach(moment);
            turn.Time = moment.At;
            if (moment.Deadline is not { } deadline)
            {
                _rules.Tick(turn);
                React(turn);
                _health.Tell(turn, cause: null);
                continue;
            }

            var before = turn.Events.Count;
            Fire(turn, deadline);
            React(turn);
            if (turn.Events.Count == before)
            {
                throw new UnreachableException($"Deadline {deadline} left no trace.");
            }
        }

        turn.Time = now;
    }

    private void Fire(Turn turn, Deadline deadline)
    {
        switch (deadline.Kind)
        {
            case DeadlineKind.Hold:
                _rules.HoldIsDue(turn, deadline.Key);
                break;
            case DeadlineKind.Command:
                _ = Sequence.TryParse(deadline.Key, out var command);
                Actions.Expire(turn, _state.Commands.Pending[command]);
                break;
            case DeadlineKind.Clock:
                _rules.ClockIsDue(turn, deadline.Key);
                break;
            case DeadlineKind.Wait:
                _runner.IsDue(turn, deadline.Key);
                break;
            case DeadlineKind.Silence:
                _health.SilenceIsDue(turn, deadline.Key);
                break;
            case DeadlineKind.Expiry:
                _readings.Expire(turn, new EntityId(deadline.Key));
                break;
            case DeadlineKind.OffDelay:
                _readings.SwitchOff(turn, new EntityId(deadline.Key));
                break;
            default:
                throw new UnreachableException($"No deadline of kind {deadline.Kind}.");
        }
    }

    private void React(Turn turn)
    {
        while (turn.NextUnseen() is { } item)
        {
            _rules.React(turn, item);
            _health.React(turn, item);
        }
    }
}
