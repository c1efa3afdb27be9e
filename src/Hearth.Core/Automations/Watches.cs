using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>A trigger of an automation, or one that a run of it waits for.</summary>
/// <param name="Trigger">Its index among the automation's, or among those of the wait.</param>
/// <param name="Wait">The wait it belongs to; empty for the automation's own.</param>
internal readonly record struct Watch(string Automation, int Trigger, string Wait = "")
{
    public string Text =>
        Wait.Length == 0 ? $"{Automation}|{Trigger}" : $"{Automation}|{Trigger}|{Wait}";

    public static int Compare(Watch left, Watch right)
    {
        var order = string.CompareOrdinal(left.Automation, right.Automation);
        order = order != 0 ? order : string.CompareOrdinal(left.Wait, right.Wait);
        return order != 0 ? order : left.Trigger.CompareTo(right.Trigger);
    }
}

/// <summary>One trigger on the lookout.</summary>
internal sealed class Watcher(Watch watch, Trigger trigger)
{
    public Watch Watch => watch;

    public Trigger Trigger => trigger;

    /// <summary>False once it has been taken away.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>True where a run waits for it.</summary>
    public bool IsWait => watch.Wait.Length > 0;

    /// <summary>What its templates see besides the home; null = nothing.</summary>
    public TemplateVariables? Variables { get; init; }

    /// <summary>What a template looked at when it was rendered last; null for other triggers.
    /// </summary>
    public Glance? Glance { get; set; }
}

/// <summary>
/// Who watches what, so that a reading or an event meets only the triggers that it concerns. In
/// the order of the automations' ids, so that who runs first does not depend on which was saved
/// last, nor on whether the home was restored in between.
/// </summary>
internal sealed class Watches
{
    private static readonly Watcher[] None = [];

    private static readonly Comparer<Watcher> InOrder = Comparer<Watcher>.Create(
        (left, right) => Watch.Compare(left.Watch, right.Watch)
    );

    private readonly Dictionary<Watch, Watcher> _all = [];
    private readonly Dictionary<EntityId, List<Watcher>> _byEntity = [];
    private readonly Dictionary<string, List<Watcher>> _byEventType = [];
    private readonly Routes<Watcher> _byTopic = new();
    private readonly List<Watcher> _anything = [];
    private readonly List<Watcher> _timed = [];
    private int _topics;

    public IEnumerable<Watcher> All => _all.Values;

    public Watcher? Find(Watch watch) => _all.GetValueOrDefault(watch);

    /// <summary>The triggers that watch an entity, those whose templates looked at it included.
    /// </summary>
    public IReadOnlyList<Watcher> On(EntityId entity) =>
        _byEntity.TryGetValue(entity, out var watchers) ? watchers : None;

    /// <summary>The triggers that wait for a type of event.</summary>
    public IReadOnlyList<Watcher> WaitingFor(string eventType) =>
        _byEventType.TryGetValue(eventType, out var watchers) ? watchers : None;

    /// <summary>The triggers that listen to a topic.</summary>
    public IReadOnlyList<Watcher> ListeningTo(string topic) =>
        _topics == 0 ? None : _byTopic.For(topic);

    /// <summary>Templates that looked through all states.</summary>
    public IReadOnlyList<Watcher> Anything => _anything;

    /// <summary>Templates that time alone can change.</summary>
    public IReadOnlyList<Watcher> Timed => _timed;

    public Watcher Add(Watch watch, Trigger trigger, TemplateVariables? variables = null)
    {
        var watcher = new Watcher(watch, trigger) { Variables = variables };
        _all.Add(watch, watcher);
        foreach (var entity in trigger.Entities.Distinct())
        {
            Add(_byEntity, entity, watcher);
        }

        foreach (var type in EventTypesOf(trigger))
        {
            Add(_byEventType, type, watcher);
        }

        if (trigger is MqttTrigger mqtt)
        {
            _byTopic.Add(mqtt.Topic, watcher);
            _topics++;
        }

        return watcher;
    }

    /// <summary>Says what a template looked at, in the place of what it looked at before.
    /// </summary>
    public void Sees(Watcher watcher, Glance glance, bool isTimed)
    {
        Forget(watcher);
        watcher.Glance = glance;
        foreach (var entity in glance.Entities)
        {
            Add(_byEntity, entity, watcher);
        }

        if (glance.All)
        {
            Insert(_anything, watcher);
        }

        if (isTimed || glance.Entities.Contains(HomeView.Sun))
        {
            Insert(_timed, watcher);
        }
    }

    public void Remove(Watcher watcher)
    {
        watcher.IsActive = false;
        _all.Remove(watcher.Watch);
        Forget(watcher);
        foreach (var entity in watcher.Trigger.Entities)
        {
            Remove(_byEntity, entity, watcher);
        }

        foreach (var type in EventTypesOf(watcher.Trigger))
        {
            Remove(_byEventType, type, watcher);
        }

        if (watcher.Trigger is MqttTrigger mqtt)
        {
            _byTopic.Remove(mqtt.Topic, other => ReferenceEquals(other, watcher));
            _topics--;
        }
    }

    private void Forget(Watcher watcher)
    {
        if (watcher.Glance is not { } glance)
        {
            return;
        }

        foreach (var entity in glance.Entities)
        {
            Remove(_byEntity, entity, watcher);
        }

        _anything.Remove(watcher);
        _timed.Remove(watcher);
        watcher.Glance = null;
    }

    private static IEnumerable<string> EventTypesOf(Trigger trigger) =>
        trigger switch
        {
            EventTrigger { EventTypes: var types } => types.Distinct(),
            WebhookTrigger => [WebhookReceived.TypeName],
            TagTrigger => [TagScanned.TypeName],
            DeviceTrigger => [DeviceTriggered.TypeName],
            HubTrigger { IsStart: true } => [HubStarted.TypeName],
            HubTrigger => [HubStopped.TypeName],
            _ => [],
        };

    private static void Add<T>(Dictionary<T, List<Watcher>> index, T key, Watcher watcher)
        where T : notnull
    {
        if (!index.TryGetValue(key, out var watchers))
        {
            index[key] = watchers = [];
        }

        Insert(watchers, watcher);
    }

    private static void Insert(List<Watcher> watchers, Watcher watcher)
    {
        var place = watchers.BinarySearch(watcher, InOrder);
        if (place < 0)
        {
            watchers.Insert(~place, watcher);
        }
    }

    private static void Remove<T>(Dictionary<T, List<Watcher>> index, T key, Watcher watcher)
        where T : notnull
    {
        if (
            index.TryGetValue(key, out var watchers)
            && watchers.Remove(watcher)
            && watchers.Count == 0
        )
        {
            index.Remove(key);
        }
    }
}
