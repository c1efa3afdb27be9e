using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Core;

/// <summary>
/// Everything that a home knows, changed by <see cref="Apply(Event)"/> and by nothing else: that is
/// what makes a restored home the same as one that lived.
/// </summary>
internal sealed class HomeState
{
    /// <param name="rehearsed">The one automation that is rehearsed: no other is on the lookout,
    /// and what devices and commands do by themselves is in the recording. Null for a home that
    /// lives.</param>
    public HomeState(HomeId id, string? rehearsed = null)
    {
        Id = id;
        Source = id.Source;
        var recorded = rehearsed is null ? Deadlines : new Deadlines();
        Devices = new DeviceBook(recorded);
        Commands = new CommandBook(recorded);
        Automations = new AutomationBook(Watches, rehearsed);
        Runs = new RunBook(Deadlines);
        View = new HomeView(Devices, Areas, Automations, Runs, Location);
        RunWatches = new RunWatches(Automations, Runs, Watches, View);
        Health = new HealthBook(Automations, recorded);
        Holds = new HoldBook(Watches, Devices, View, Deadlines, Health);
        Clocks = new Clocks(Watches, Automations, Location, View, Deadlines);
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

    public AreaBook Areas { get; } = new();

    public RefusedAnnouncements RefusedAnnouncements { get; } = new();

    public CommandBook Commands { get; }

    public AutomationBook Automations { get; }

    /// <summary>The home as templates and conditions see it.</summary>
    public HomeView View { get; }

    public HomeLocation Location { get; } = new();

    public Watches Watches { get; } = new();

    public RunBook Runs { get; }

    private RunWatches RunWatches { get; }

    public HoldBook Holds { get; }

    public Clocks Clocks { get; }

    /// <summary>How the automations fare.</summary>
    public HealthBook Health { get; }

    /// <summary>The sun as its watchers last saw it; null where nobody watches.</summary>
    public EntityState? Sun { get; private set; }

    /// <summary>True where a trigger watches the sun as an entity.</summary>
    public bool IsSunWatched =>
        Watches.On(HomeView.Sun) is { Count: > 0 } watchers
        && watchers.Any(item => item.Trigger is StateTrigger or NumericStateTrigger);

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
                Runs.Rebase(jump.By);
                Clocks.Reset(item.Time);
                Health.Rebase(jump.By);
                break;
            case HubResumed:
                Holds.Resume(item.Time);
                Runs.Resume(item.Time);
                Clocks.Resume(item.Time);
                break;
            case LocationChanged location:
                Location.Apply(location);
                Clocks.Reset(item.Time);
                break;
            case HubStarted:
                Commands.AwaitDevices();
                break;
            case AreaSaved area:
                Areas.Apply(area);
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
                Sun = change.Entity == HomeView.Sun ? change.To : Sun;
                Holds.Apply(change, item);
                Clocks.Apply(change, item.Time);
                break;
            case CommandRequested or CommandProgress or MessagePublished:
                Commands.Apply(item);
                break;
            case AutomationEvent automation:
                Apply(automation, item);
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

    /// <summary>Counts an event that changes nothing.</summary>
    public void Pass(Event item)
    {
        Last = item.Sequence;
        Now = item.RecordedTime > Now ? item.RecordedTime : Now;
    }

    private void Apply(AutomationEvent data, Event item)
    {
        var (begun, ended) = Automations.Apply(data, item.Time);
        Runs.Apply(data, item);
        Health.Apply(data, item.Time);
        Holds.Apply(data, item);
        if (data is AutomationTriggered triggered)
        {
            Clocks.Apply(triggered, item);
        }
        else if (data is AutomationRunEvent { Run: var run })
        {
            (begun, ended) = RunWatches.Follow(run);
        }

        if (StateChangeOf(data) is { } change)
        {
            Holds.Apply(change, item);
        }

        Holds.End(ended);
        Clocks.End(ended);
        foreach (var watcher in begun)
        {
            Holds.Begin(watcher, item);
            Clocks.Begin(watcher, item.Time);
        }
    }

    /// <summary>What an event means for the entity that stands for its automation; null for
    /// nothing.</summary>
    public StateChanged? StateChangeOf(AutomationEvent data)
    {
        if (data is not (AutomationEnabled or AutomationDisabled))
        {
            return null;
        }

        var (on, off) = (
            new EntityState("on", Attributes.Empty, Available: true),
            new EntityState("off", Attributes.Empty, Available: true)
        );
        var entity = Automations.EntityOf(data.Automation);
        return data is AutomationEnabled
            ? new StateChanged(entity, off, on)
            : new StateChanged(entity, on, off);
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
            Runs = [.. Runs.All.Values],
            Late = [.. Clocks.Late],
            Health = [.. Health.All.Values],
            Location = Location.Told,
            Sun = Sun,
            Refused = [.. RefusedAnnouncements.All],
            Areas = [.. Areas.All],
            Subscriptions = [.. Subscriptions.All.Values],
        };

    public static HomeState From(HomeId id, HomeSnapshot? snapshot, string? rehearsed = null)
    {
        var state = new HomeState(id, rehearsed);
        if (snapshot is not null)
        {
            state.Last = snapshot.Sequence;
            state.Now = snapshot.Time;
            state.Devices.Restore(snapshot.Devices, snapshot.Entities);
            state.Commands.Restore(snapshot.Commands);
            if (snapshot.Location is { } location)
            {
                state.Location.Apply(location);
            }

            state.Sun = snapshot.Sun;
            state.Automations.Restore(snapshot.Automations);
            state.Runs.Restore(snapshot.Runs);
            foreach (var run in snapshot.Runs)
            {
                state.RunWatches.Follow(run.Id);
            }

            state.Holds.Restore(snapshot.Holds, state.Now);
            state.Clocks.Restore(snapshot.Late, state.Now);
            state.Health.Restore(snapshot.Health, state.Now);
            state.RefusedAnnouncements.Restore(snapshot.Refused);
            foreach (var area in snapshot.Areas)
            {
                state.Areas.Apply(area);
            }

            state.Subscriptions.Restore(snapshot.Subscriptions);
        }

        return state;
    }
}
