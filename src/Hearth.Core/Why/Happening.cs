using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Core.Why;

/// <summary>What an event says has happened, as a clause without a reason.</summary>
internal sealed class Happening(Findings findings)
{
    public void Tell(Telling telling, Event item)
    {
        switch (item.Data)
        {
            case MessageEvent message:
                Tell(telling, message);
                break;
            case StateChanged change:
                StateWords.Change(telling, change, IsReported(item));
                break;
            case CommandRequested command:
                telling.Entity(command.Entity).Say(" was told to ");
                Action(telling, command);
                break;
            case CommandProgress progress:
                Tell(telling, item, progress);
                break;
            case AutomationEvent automation:
                Tell(telling, automation);
                break;
            case SubscriptionEvent subscription:
                Tell(telling, subscription);
                break;
            case ProgramEvent:
                Program(telling, item);
                break;
            default:
                TellOfDevice(telling, item.Data);
                break;
        }
    }

    // What a command did is no first report, though nothing was known before it.
    private bool IsReported(Event change) =>
        findings.Find(change.Cause) is not { Data: CommandRequested or CommandProgress };

    /// <summary>What an entity is asked to do: <c>turn on with brightness 120</c>.</summary>
    public static void Action(Telling telling, CommandRequested command)
    {
        telling.Say(command.Verb.Replace('_', ' '));
        var data = JsonRead.Parse(command.Arguments);
        if (data.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var first = true;
        foreach (var member in data.EnumerateObject().Take(3))
        {
            telling
                .Say(first ? " with " : ", ")
                .Say(member.Name.Replace('_', ' ') + " ")
                .Value(member.Value.ToString());
            first = false;
        }
    }

    private static void Program(Telling telling, Event item)
    {
        telling.Say("event ").Quote(item.Type);
        if (item.Data.Subject is { } subject)
        {
            telling.Say(" about ").Quote(subject);
        }

        telling.Say(" was published");
        if (item.Cause is null)
        {
            telling.Say(" by ").Source(item.Source);
        }
        else
        {
            telling.Say(" by ").Who(item.Principal);
        }
    }

    private static void Tell(Telling telling, MessageEvent message)
    {
        if (message is MessageReceived { Client: var client })
        {
            telling.Say("client ").Source(client).Say(" published ");
        }
        else
        {
            telling.Say("the hub published ");
        }

        Payload(telling, message.Payload);
        telling.Say(" on ").Quote(message.Topic);
    }

    public static void Payload(Telling telling, Payload payload)
    {
        if (payload.IsEmpty)
        {
            telling.Say("an empty message");
        }
        else if (payload.Text is { } text)
        {
            telling.Quote(text);
        }
        else
        {
            telling.Say($"{payload.Bytes.Length} bytes");
        }
    }

    private void Tell(Telling telling, Event item, CommandProgress progress)
    {
        var asked = findings.Find(progress.Command);
        switch (progress)
        {
            case CommandAcknowledged:
                telling.Entity(progress.Entity).Say(" acknowledged its command");
                To(telling, asked);
                if (asked is not null)
                {
                    telling.Say(", ").Lasting(item.Time - asked.Time).Say(" after it was given");
                }

                return;
            case CommandExpired:
                telling.Entity(progress.Entity).Say(" did not answer its command");
                To(telling, asked);
                if (asked?.ExpiryTime is { } expiry)
                {
                    telling.Say(" within ").Lasting(expiry - asked.Time);
                }

                return;
            case CommandFailed { Reason: var reason }:
                telling.Say("the command of ").Entity(progress.Entity);
                To(telling, asked);
                telling.Say(" came to nothing: ").Say(FailureWords(reason));
                return;
            default:
                telling.Say("the command of ").Entity(progress.Entity);
                To(telling, asked);
                telling.Say(" was sent");
                return;
        }
    }

    private static void To(Telling telling, Event? asked)
    {
        if (asked?.Data is CommandRequested command)
        {
            telling.Say(" to ");
            Action(telling, command);
        }
    }

    private static string FailureWords(string reason) =>
        reason switch
        {
            "no_subscriber" => "nothing at home listens for it",
            "superseded" => "a later command took its place",
            "device_removed" => "its device was removed",
            "device_disabled" => "its device was disabled",
            _ => reason,
        };

    private static void Tell(Telling telling, AutomationEvent data)
    {
        telling.Automation(data.Automation).Say(" ");
        _ = data switch
        {
            AutomationCreated => telling.Say("was saved for the first time"),
            AutomationUpdated => telling.Say("was saved again"),
            AutomationRemoved => telling.Say("was removed"),
            AutomationEnabled => telling.Say("was switched on"),
            AutomationDisabled => telling.Say("was switched off"),
            AutomationTriggered { StoppedBy: null } => telling.Say("fired"),
            AutomationTriggered => telling.Say("was set off and did not run"),
            AutomationWaiting => telling.Say("waits"),
            AutomationFailed failed => telling
                .Say($"failed at {failed.Step}: ")
                .Say(failed.Reason.TrimEnd('.')),
            AutomationFinished finished => telling.Say(EndWords(finished.Result)),
            AutomationTriggerChanged { Holds: true } => telling.Say(
                "has a template that came true by time alone"
            ),
            AutomationTriggerChanged => telling.Say(
                "has a template that is no longer true by time alone"
            ),
            AutomationHealthChanged { Reason.Length: 0 } change => telling.Say(
                $"is {change.To} again"
            ),
            AutomationHealthChanged change => telling
                .Say($"is {change.To}: ")
                .Say(change.Reason.TrimEnd('.')),
            _ => Plain(telling, data),
        };
    }

    private static string EndWords(string result) =>
        result switch
        {
            "cancelled" => "was cancelled",
            "aborted" => "ended at a condition that did not hold",
            _ => "finished",
        };

    private static void Tell(Telling telling, SubscriptionEvent data)
    {
        telling.Say("subscription ").Quote(data.Subscription).Say(" ");
        _ = data switch
        {
            SubscriptionCreated => telling.Say("was made"),
            SubscriptionUpdated => telling.Say("was changed"),
            SubscriptionRemoved => telling.Say("was removed"),
            SubscriptionPaused paused => telling.Say("was paused: ").Say(paused.Reason),
            SubscriptionResumed => telling.Say("goes on"),
            SubscriptionDeadLettered => telling.Say("could not be notified of something"),
            _ => Plain(telling, data),
        };
    }

    private static void TellOfDevice(Telling telling, EventData data) =>
        _ = data switch
        {
            DeviceRegistered registered => telling
                .Device(registered.Device)
                .Say($" was registered with {Count(registered.Entities.Count, "entity")}"),
            DeviceUpdated updated => telling
                .Device(updated.Device)
                .Say(" was announced with something new"),
            DeviceRemoved removed => telling.Device(removed.Device).Say(" was removed"),
            DeviceConnected device => telling.Device(device.Device).Say(" can be reached"),
            DeviceDisconnected device => telling
                .Device(device.Device)
                .Say(" can no longer be reached"),
            DeviceEnabled device => telling.Device(device.Device).Say(" was enabled"),
            DeviceDisabled device => telling.Device(device.Device).Say(" was disabled"),
            DeviceStateChanged change => telling
                .Device(change.Device)
                .Say($" is {change.To} now ({change.Reason})"),
            DeviceHealthChanged { Reason.Length: 0 } change => telling
                .Device(change.Device)
                .Say($" is {change.To} again"),
            DeviceHealthChanged change => telling
                .Device(change.Device)
                .Say($" is {change.To}: ")
                .Say(change.Reason.TrimEnd('.')),
            DeviceTriggered button => telling
                .Device(new DeviceId(button.Device))
                .Say(" reported ")
                .Quote($"{button.Action} {button.Subtype}".Trim()),
            TagScanned { Device: { } device } tag => telling
                .Say("tag ")
                .Quote(tag.TagId)
                .Say(" was scanned by ")
                .Device(new DeviceId(device)),
            TagScanned tag => telling.Say("tag ").Quote(tag.TagId).Say(" was scanned"),
            _ => TellOfHub(telling, data),
        };

    private static Telling TellOfHub(Telling telling, EventData data) =>
        data switch
        {
            HubStarted started => telling.Say($"the hub started (version {started.Version})"),
            HubStopped => telling.Say("the hub stopped in order"),
            HubResumed resumed => telling
                .Say("the hub was back; it had been down since ")
                .Time(resumed.DownSince),
            ClockChanged { By: var by } => telling
                .Say("the clock was put ")
                .Say(by < TimeSpan.Zero ? "back by " : "forward by ")
                .Lasting(by.Duration()),
            LocationChanged location => telling
                .Say("the home was told where it is: ")
                .Value(location.Zone.Id),
            WebhookReceived webhook => telling.Say($"a webhook was called ({webhook.Method})"),
            NotificationSent sent => telling
                .Value(sent.Service)
                .Say(" was to tell ")
                .Quote(sent.Message),
            AnnouncementRefused refused => telling
                .Say("the announcement on ")
                .Quote(refused.Topic)
                .Say(" was refused: ")
                .Say(refused.Reason.TrimEnd('.')),
            AnnouncementMended mended => telling
                .Say("the announcement on ")
                .Quote(mended.Topic)
                .Say(" is in order again"),
            _ => Plain(telling, data),
        };

    private static Telling Plain(Telling telling, EventData data)
    {
        telling.IsPlain = true;
        telling.Quote(data.Type);
        return data.Subject is { } subject ? telling.Say(" about ").Quote(subject) : telling;
    }

    private static string Count(int count, string what) =>
        count == 1 ? $"1 {what}" : $"{count} {what[..^1]}ies";
}
