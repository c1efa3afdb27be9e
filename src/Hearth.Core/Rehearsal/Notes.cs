using System.Text;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Why;

namespace Hearth.Core.Rehearsal;

/// <summary>Writes down what a draft does in a rehearsal, and what the recording says about it.
/// </summary>
internal sealed class Notes
{
    /// <summary>So many are told one by one; the others are counted.</summary>
    public const int ListedMax = 1_000;

    /// <summary>After so many the draft has shown what it is.</summary>
    private const int CountedMax = 50_000;

    /// <summary>Likewise after so much that its runs did: one that goes round for ever is one run.
    /// </summary>
    private const int DoneMax = 200_000;

    // As much of its time a trigger must have held to be worth a look.
    private const double NearMissFrom = 0.75;

    private readonly Draft _draft;
    private readonly HomeState _state;
    private readonly RehearsalTimes _times;
    private readonly Savings _savings;
    private readonly Countermands _countermands = new();
    private readonly Dictionary<Sequence, RunNote> _running = [];
    private readonly List<RunNote> _runs = [];
    private readonly List<RunNote> _skipped = [];
    private readonly List<NearMiss> _nearMisses = [];
    private int _runCount;
    private int _skippedCount;
    private int _done;
    private bool _counts;

    public Notes(Draft draft, HomeState state, RehearsalTimes times)
    {
        (_draft, _state, _times) = (draft, state, times);
        _savings = new Savings(draft, state);
        state.Holds.Ending = Ended;
    }

    /// <summary>The time that the rehearsal has come to.</summary>
    public DateTimeOffset Now
    {
        get;
        set
        {
            field = value;
            // Once begun it goes on, though the clock may be set back.
            _counts |= value >= _times.From;
        }
    }

    /// <summary>True where it is pointless to go on.</summary>
    public bool IsFull => _runCount + _skippedCount >= CountedMax || _done >= DoneMax;

    /// <summary>True where it was ended before its time.</summary>
    public bool IsEndedEarly { get; set; }

    /// <summary>A recorded event, before it is applied.</summary>
    public void Record(Event recorded, DateTimeOffset at)
    {
        _countermands.Record(recorded, at);
        if (recorded.Data is StateChanged change)
        {
            _savings.Record(change, at);
        }
    }

    /// <summary>Something that the draft did.</summary>
    public void Note(Event item)
    {
        _done++;
        switch (item.Data)
        {
            case AutomationTriggered triggered when triggered.Automation == _draft.Id:
                Note(triggered, item);
                break;
            case AutomationRunEvent told when _running.TryGetValue(told.Run, out var run):
                run.Go(told, item.Time);
                if (run.Ended is not null)
                {
                    _running.Remove(told.Run);
                }

                break;
            default:
                // What follows from a request (its message, the end of an earlier one) is no act.
                if (
                    item.Cause is { } cause
                    && _running.TryGetValue(cause.Sequence, out var by)
                    && ActionOf(item) is { } action
                )
                {
                    Note(by, action, item);
                }

                break;
        }
    }

    public RehearsalReport Report()
    {
        _savings.End(Now);
        var (names, saved) = (Names(), Saved());
        var report = new RehearsalReport(
            _times with
            {
                To = Now < _times.To ? Now : _times.To,
            },
            _runCount,
            [.. _runs.Select(Told)],
            _skippedCount,
            [.. _skipped.Select(Told)],
            _nearMisses,
            _savings.Total,
            IsEndedEarly ? Now : null
        );
        return report with { Sentence = Summary.Of(report, names, _state.Location.Zone) };

        RehearsedRun Told(RunNote run) =>
            run.ToRun() with
            {
                Sentence = RunWords.Of(run.Triggered, saved, _draft.Rules, names),
            };
    }

    // What the draft says, as the log has it of automations that are saved.
    private Event Saved() =>
        new()
        {
            Sequence = Sequence.None,
            Id = "",
            Source = _state.Source,
            Time = _times.Start,
            RecordedTime = _times.Start,
            Principal = Principal.Hub,
            Root = default,
            Data = new AutomationCreated(_draft.Id, _draft.Definition),
        };

    private NameBook Names()
    {
        var names = new NameBook(_state.Location.Zone);
        foreach (var device in _state.Devices.Devices.Values)
        {
            names.Add(device.Id, device.Name);
        }

        foreach (var entity in _state.Devices.Entities.Values)
        {
            names.Add(entity.Id, entity.Device, entity.Config);
        }

        foreach (var automation in _state.Automations.All.Values)
        {
            names.Add(automation.Id, automation.Definition);
        }

        return names;
    }

    private void Note(AutomationTriggered triggered, Event item)
    {
        var run = new RunNote(triggered, item);
        // What it did before the time that is asked for only sets the stage.
        if (!_counts)
        {
            return;
        }

        var (list, count) = triggered.StoppedBy is null
            ? (_runs, ++_runCount)
            : (_skipped, ++_skippedCount);
        if (triggered.StoppedBy is null)
        {
            _running[item.Sequence] = run;
        }

        if (count <= ListedMax)
        {
            list.Add(run);
        }
    }

    private void Note(RunNote run, RehearsedAction action, Event item)
    {
        run.Do(action);
        if (item.Data is CommandRequested requested)
        {
            _countermands.Watch(run, requested, item.Time);
            _savings.Command(run, requested, item.Time);
        }
    }

    // Told before the hold is gone, by the recorded event that ended it.
    private void Ended(Hold hold)
    {
        var (wanted, lasted) = (hold.Due - hold.Since, Now - hold.Since);
        if (
            hold is { Armed: true, Elapsed: false, Key.Watch.Wait: "" }
            && hold.Due != DateTimeOffset.MaxValue
            && lasted < wanted
            && lasted >= wanted * NearMissFrom
            && _counts
            && _nearMisses.Count < ListedMax
        )
        {
            var trigger = _draft.Rules.Triggers[hold.Key.Watch.Trigger].Id;
            var entity = hold.Key.Entity.Value is null ? hold.By : hold.Key.Entity;
            _nearMisses.Add(new NearMiss(hold.Since, trigger, entity, lasted, wanted));
        }
    }

    private RehearsedAction? ActionOf(Event item) =>
        item.Data switch
        {
            CommandRequested { Entity: var entity } command => new RehearsedAction(
                item.Time,
                "command",
                command.Action,
                entity.Value,
                command.Arguments == "{}" ? null : command.Arguments
            ),
            MessagePublished { Command: null } message => new RehearsedAction(
                item.Time,
                "message",
                message.Topic,
                null,
                JsonWriter.Quote(message.Payload.Text ?? "")
            ),
            NotificationSent sent => new RehearsedAction(
                item.Time,
                "notification",
                sent.Service,
                null,
                sent.Data
            ),
            ProgramEvent published => new RehearsedAction(
                item.Time,
                "event",
                published.ProgramType,
                null,
                published.Content
            ),
            AutomationTriggered or AutomationEnabled or AutomationDisabled => new RehearsedAction(
                item.Time,
                "automation",
                item.Data switch
                {
                    AutomationTriggered => "automation.trigger",
                    AutomationEnabled => "automation.turn_on",
                    _ => "automation.turn_off",
                },
                _state.Automations.EntityOf(((AutomationEvent)item.Data).Automation).Value,
                null
            ),
            _ => null,
        };
}

/// <summary>A run, or a trigger that came in vain, while it is being written down.</summary>
internal sealed class RunNote(AutomationTriggered triggered, Event item)
{
    private readonly List<(DateTimeOffset, string)> _traces = triggered.Trace is { } trace
        ? [(item.Time, trace)]
        : [];

    // More than that nobody reads of one run.
    private const int PartsMax = 200;

    private readonly List<RehearsedAction> _actions = [];
    private string? _result;
    private string? _reason;

    public Event Triggered => item;

    public EntityId? Entity => triggered.Entity;

    public int Trigger => triggered.Index;

    public IReadOnlyList<RehearsedAction> Actions => _actions;

    public DateTimeOffset? Ended { get; private set; }

    public Countermand? UndoneBy { get; set; }

    public TimeSpan Sooner { get; set; }

    public double? Energy { get; set; }

    public void Do(RehearsedAction action)
    {
        if (_actions.Count < PartsMax)
        {
            _actions.Add(action);
        }
    }

    public void Go(AutomationRunEvent told, DateTimeOffset at)
    {
        if (told.Trace is { } steps && _traces.Count < PartsMax)
        {
            _traces.Add((at, steps));
        }

        switch (told)
        {
            case AutomationFinished finished:
                (_result, Ended) = (finished.Result, at);
                break;
            case AutomationFailed failed:
                (_result, _reason, Ended) = ("failed", $"{failed.Step}: {failed.Reason}", at);
                break;
        }
    }

    public RehearsedRun ToRun() =>
        new(item.Time, triggered.Trigger, triggered.Entity, triggered.Facts, item.Cause?.Id)
        {
            StoppedBy = triggered.StoppedBy,
            Result = _result ?? triggered.StoppedBy ?? "running",
            Reason = _reason,
            Ended = Ended,
            Actions = _actions,
            Traces = _traces,
            UndoneBy = UndoneBy,
            Sooner = Sooner,
            EnergySaved = Energy,
        };
}
