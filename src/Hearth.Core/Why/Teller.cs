using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>
/// Puts what was found into sentences: what happened, because of what. It says what is known and
/// nothing else; where knowledge ends, it says that.
/// </summary>
internal sealed class Teller
{
    /// <summary>What is seen later than that after it happened was seen late.</summary>
    public static readonly TimeSpan IsLate = TimeSpan.FromSeconds(5);

    // Further back the list of causes is easier to read than one sentence.
    private const int LevelMax = 3;

    private readonly Findings _findings;
    private readonly NameBook _names;
    private readonly Happening _happening;
    private readonly TriggerWords _triggers;
    private readonly Reports _reports;
    private readonly Lateness _lateness;
    private readonly StopWords _stops;

    public Teller(Findings findings, NameBook names)
    {
        (_findings, _names) = (findings, names);
        _happening = new Happening(findings);
        _triggers = new TriggerWords(findings, _happening);
        _lateness = new Lateness(findings);
        _stops = new StopWords(findings);
        _reports = new Reports(findings, Asked);
    }

    /// <summary>What happened and why.</summary>
    public Sentence Whole(Event item)
    {
        var telling = new Telling(_names, item.Time);
        _happening.Tell(telling, item);
        Because(telling, item, 0);
        _lateness.Tell(telling);
        return telling.End();
    }

    /// <summary>What happened, as one step among others.</summary>
    public Sentence Short(Event item)
    {
        var telling = new Telling(_names, item.Time);
        _happening.Tell(telling, item);
        if (item.Data is AutomationTriggered triggered)
        {
            telling.Say(": ");
            _triggers.Tell(telling, item, triggered);
        }
        else if (item is { Cause: null, Data: CommandRequested })
        {
            telling.Say(" by ").Who(item.Principal);
        }

        return telling.End();
    }

    /// <summary>Why a trigger came, without what its automation is called.</summary>
    private void Trigger(Telling telling, Event item, AutomationTriggered triggered, int level)
    {
        _triggers.Tell(telling, item, triggered);
        var led = _findings.Find(item.Cause);
        if (led is { Cause: null, Data: ProgramEvent })
        {
            telling.Say(" (programs cannot say what led to theirs)");
        }

        Waited(telling, item);
        if (led is { } cause && IsDoneByHearth(cause))
        {
            telling.Say(
                cause.Data is AutomationTriggered
                    ? "; it had fired because "
                    : "; that was because "
            );
            Reason(telling, cause, level + 1);
        }
    }

    private void Because(Telling telling, Event item, int level)
    {
        switch (item.Data)
        {
            case StateChanged change:
                Because(telling, item, change, level);
                break;
            case CommandRequested:
                telling.Say(" because ");
                Asked(telling, item, level);
                break;
            case CommandProgress { Command: var command }:
                Given(telling, command, level);
                break;
            case MessagePublished { Command: { } command }:
                Given(telling, command, level);
                break;
            case AutomationTriggered triggered:
                telling.Say(": ");
                Trigger(telling, item, triggered, level);
                if (triggered.StoppedBy is not null)
                {
                    telling.Say("; but ");
                    _stops.Tell(telling, item, triggered);
                }

                break;
            case ProgramEvent when item.Cause is null:
                telling.Say("; programs cannot say what led to theirs, so the chain begins here");
                break;
            case MessageReceived:
                telling.Say(". It came from outside; what led to it there Hearth does not know");
                break;
            default:
                Others(telling, item, level);
                break;
        }
    }

    private void Because(Telling telling, Event item, StateChanged change, int level)
    {
        switch (_findings.Find(item.Cause))
        {
            case null when item.Cause is null:
                Reports.ByItself(telling, change);
                break;
            case null:
                telling.Say("; what led to it has left the log");
                break;
            case { Data: CommandRequested } asked:
                telling.Say(" because ");
                Asked(telling, asked, level);
                break;
            case { Data: CommandProgress { Command: var command } }:
                telling.Say("; it does not report back, so this is what it was told");
                Given(telling, command, level);
                break;
            case { Data: MessageReceived message }:
                _reports.Tell(telling, item, change, message, level);
                break;
            case var cause:
                telling.Say(" because ");
                Led(telling, cause, level);
                break;
        }
    }

    private void Others(Telling telling, Event item, int level)
    {
        var cause = _findings.Find(item.Cause);
        if (cause is not null)
        {
            telling.Say(item.Data is AutomationRunEvent ? "; it ran because " : " because ");
            Reason(telling, item, level);
        }
        else if (item.Cause is not null)
        {
            telling.Say("; what led to it has left the log");
        }
        else if (
            item.Principal != Principal.Hub
            && item.Data
                is not (
                    HubStarted
                    or HubStopped
                    or HubResumed
                    or ClockChanged
                    or LocationChanged
                    or WebhookReceived
                )
        )
        {
            telling.Say("; ").Who(item.Principal).Say(" did it, over the API");
        }
    }

    /// <summary>What comes after "because" for an event whose cause is known.</summary>
    private void Reason(Telling telling, Event item, int level)
    {
        if (level > LevelMax)
        {
            telling.Say("of a chain that goes further back");
            return;
        }

        switch (item.Data)
        {
            case AutomationTriggered triggered:
                Trigger(telling, item, triggered, level);
                break;
            case AutomationRunEvent when _findings.Find(item.Cause) is { } began:
                Reason(telling, began, level);
                break;
            case CommandRequested:
                Asked(telling, item, level);
                break;
            case var _ when _findings.Find(item.Cause) is { } cause:
                Led(telling, cause, level);
                break;
        }
    }

    private void Led(Telling telling, Event cause, int level)
    {
        switch (cause.Data)
        {
            case AutomationTriggered triggered:
                telling.Automation(triggered.Automation).Say(" fired: ");
                Trigger(telling, cause, triggered, level);
                break;
            case CommandRequested:
                Asked(telling, cause, level);
                break;
            case CommandProgress { Command: var command } when Find(command) is { } asked:
                Asked(telling, asked, level);
                break;
            default:
                _happening.Tell(telling, cause);
                if (IsDoneByHearth(cause))
                {
                    telling.Say(", because ");
                    Reason(telling, cause, level + 1);
                }

                break;
        }
    }

    /// <summary>Who asked for a command, and why.</summary>
    private void Asked(Telling telling, Event asked, int level)
    {
        if (asked.Cause is null)
        {
            telling.Who(asked.Principal).Say(" asked for it over the API");
        }
        else if (level > LevelMax)
        {
            telling.Who(asked.Principal).Say(" asked for it");
        }
        else if (_findings.Find(asked.Cause) is { Data: AutomationTriggered triggered } run)
        {
            telling.Automation(triggered.Automation).Say(" fired: ");
            Trigger(telling, run, triggered, level);
        }
        else
        {
            telling.Who(asked.Principal).Say(" asked for it; what led to that has left the log");
        }
    }

    private void Given(Telling telling, Sequence command, int level)
    {
        if (Find(command) is { } asked)
        {
            telling.Say("; the command was given because ");
            Asked(telling, asked, level);
        }
        else
        {
            telling.Say("; the command itself has left the log");
        }
    }

    private Event? Find(Sequence command) => _findings.Find(command);

    /// <summary>True where more is to be said of why than that a device reported it.</summary>
    private bool IsDoneByHearth(Event item) =>
        item.Data is not MessageReceived
        && _findings.Find(item.Cause) is { Data: not MessageReceived };

    // What a run did later than it was set off, it did after a wait.
    private void Waited(Telling telling, Event run)
    {
        if (_findings.After(run) is { } next && next.Time > run.Time)
        {
            telling.Say("; it then waited ").Lasting(next.Time - run.Time);
        }
    }
}
