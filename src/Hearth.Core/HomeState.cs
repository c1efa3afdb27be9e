using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Core;

/// <summary>
/// Everything that a home knows, changed by <see cref="Apply"/> and by nothing else: that is what
/// makes a restored home the same as one that lived.
/// </summary>
internal sealed class HomeState
{
    public HomeState(HomeId id)
    {
        Id = id;
        Source = id.Source;
        Devices = new DeviceBook(Deadlines);
        Commands = new CommandBook(Deadlines);
        Automations = new AutomationBook();
        Holds = new HoldBook(Automations, Devices, Deadlines);
    }

    public HomeId Id { get; }

    public string Source { get; }

    /// <summary>The newest event that this state contains.</summary>
    public Sequence Last { get; private set; }

    /// <summary>The newest recorded time; time never runs backwards but by a
    /// <see cref="ClockChanged"/>.</summary>
    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch;

    public Deadlines Deadlines { get; } = new();

    public DeviceBook Devices { get; }

    public RefusedAnnouncements RefusedAnnouncements { get; } = new();

    public CommandBook Commands { get; }

    public AutomationBook Automations { get; }

    public HoldBook Holds { get; }

    public SubscriptionBook Subscriptions { get; } = new();

    public void Apply(Event item)
    {
        Last = item.Sequence;
        Now = item.Data is ClockChanged || item.RecordedTime > Now ? item.RecordedTime : Now;
        switch (item.Data)
        {
            case ClockChanged jump:
                Devices.Rebase(jump.By);
                Commands.Rebase(jump.By);
                Holds.Rebase(jump.By);
                break;
            case HubResumed:
                Holds.Resume(item.Time);
                break;
            case HubStarted:
                Commands.AwaitDevices();
                break;
            case AnnouncementRefused refused:
                RefusedAnnouncements.Apply(refused);
                break;
            case AnnouncementMended mended:
                RefusedAnnouncements.Apply(mended);
                break;
            case MessageReceived message:
                Devices.Apply(message, item.Time);
                break;
            case StateChanged change:
                Devices.Apply(change, item.Time);
                Holds.Apply(change, item);
                break;
            case CommandRequested or CommandProgress or MessagePublished:
                Commands.Apply(item);
                break;
            case AutomationEvent:
                Automations.Apply(item.Data);
                Holds.Apply(item.Data, item);
                break;
            case SubscriptionEvent subscription:
                Subscriptions.Apply(subscription, item.Principal);
                break;
            default:
                Devices.Apply(item.Data);
                Holds.Apply(item.Data, item);
                break;
        }
    }

    public HomeSnapshot Capture() =>
        new()
        {
            Sequence = Last,
            Time = Now,
            Devices = [.. Devices.Devices.Values],
            Entities = [.. Devices.Entities.Values],
            Commands = [.. Commands.Pending.Values],
            Automations = [.. Automations.All.Values],
            Holds = [.. Holds.All],
            Refused = [.. RefusedAnnouncements.All],
            Subscriptions = [.. Subscriptions.All.Values],
        };

    public static HomeState From(HomeId id, HomeSnapshot? snapshot)
    {
        var state = new HomeState(id);
        if (snapshot is not null)
        {
            state.Last = snapshot.Sequence;
            state.Now = snapshot.Time;
            state.Devices.Restore(snapshot.Devices, snapshot.Entities);
            state.Commands.Restore(snapshot.Commands);
            state.Automations.Restore(snapshot.Automations);
            state.Holds.Restore(snapshot.Holds);
            state.RefusedAnnouncements.Restore(snapshot.Refused);
            state.Subscriptions.Restore(snapshot.Subscriptions);
        }

        return state;
    }
}
