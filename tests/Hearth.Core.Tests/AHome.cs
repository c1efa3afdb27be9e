using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Tests;

/// <summary>
/// A home in a test, with its log and its clock. Every decision goes through the row format on its
/// way into the log, as it does in a living one.
/// </summary>
internal sealed class AHome
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 18, 0, 0, TimeSpan.Zero);

    private readonly List<Row> _log = [];
    private Sequence _delivered;
    private HomeState? _seen;

    public AHome() => Home = Home.Restore(HomeId.Default, null, []);

    public Home Home { get; private set; }

    public DateTimeOffset Now { get; set; } = Monday;

    public IReadOnlyList<Row> Log => _log;

    public IEnumerable<Event> Events => _log.SelectMany(row => row.Events);

    public IEnumerable<string> Types => Events.Select(item => item.Type["hearth.".Length..]);

    /// <summary>Events of one kind of data, oldest first.</summary>
    public IEnumerable<T> Of<T>()
        where T : EventData => Events.Select(item => item.Data).OfType<T>();

    public Outcome Ask(Input input)
    {
        var outcome = Home.Decide(input, Now);
        if (outcome.Events.Count > 0)
        {
            var row = Row.Of(Home.Id, outcome.Events);
            _log.Add(Row.Stored(Home.Id, row.First, row.Last, row.Class, row.Time, row.Body));
        }

        return outcome;
    }

    public Outcome Receive(string topic, string payload, bool retain = false) =>
        Ask(new ReceiveMessage(topic, Payload.FromText(payload), 1, retain, "tests"));

    /// <summary>Lets time pass, waking the home whenever it asked for it.</summary>
    public void Pass(TimeSpan time)
    {
        var end = Now + time;
        while (Home.NextWakeup is { } wakeup && wakeup <= end)
        {
            Now = wakeup > Now ? wakeup : Now;
            Ask(new Wake());
        }

        Now = end;
    }

    public void Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>The hub dies and comes back after a while: what is not in the log is gone.
    /// </summary>
    public void Crash(double secondsDown)
    {
        var downSince = Now;
        Now += TimeSpan.FromSeconds(secondsDown);
        Home = Restored();
        if (secondsDown > 5)
        {
            Ask(new Resume(downSince));
        }

        Ask(new StartHub("test"));
    }

    public Home Restored() => Home.Restore(Home.Id, null, Events);

    /// <summary>Reports that every message on its way was handed to this many sessions.</summary>
    public void Deliver(int sessions = 1)
    {
        var waiting = Events
            .Where(item => item.Sequence > _delivered)
            .Select(item => item.Data)
            .OfType<MessagePublished>()
            .Where(message => message.Command is not null)
            .Select(message => new Delivery(message.Command!.Value, sessions))
            .ToArray();
        _delivered = Home.Last;
        Ask(new ReportDelivery(waiting) { Principal = Principal.Hub });
    }

    public Entity Entity(string id) => State.Devices.Entities[new EntityId(id)];

    public Entity? FindEntity(string component, string uniqueId) =>
        State.Devices.FindByUniqueId(component, uniqueId);

    public Device? FindDevice(DeviceDescription description) => State.Devices.Find(description);

    public IReadOnlyCollection<Device> Devices => [.. State.Devices.Devices.Values];

    public Device Device(string id) => State.Devices.Devices[new DeviceId(id)];

    public Refusal? Call(string action, string entity, string data = "{}") =>
        Ask(new CallAction(action, [new EntityId(entity)], [], data)).Refusal;

    /// <summary>A plug with a switch and a power meter: what the founding example needs.</summary>
    public static AHome WithAPlug(string availability = "")
    {
        var home = new AHome();
        home.Receive(
            "homeassistant/switch/desk/config",
            $$"""
            {"name":null,"unique_id":"desk_switch","command_topic":"desk/set","state_topic":"desk/state",
            {{availability}}"device":{"identifiers":["desk"],"name":"Desk"} }
            """
        );
        home.Receive(
            "homeassistant/sensor/desk_power/config",
            $$$"""
            {"name":"Power","unique_id":"desk_power","state_topic":"desk/power","device_class":"power",
            "unit_of_measurement":"W","value_template":"{{ value_json.power }}",{{{availability}}}
            "device":{"identifiers":["desk"]}}
            """
        );
        return home;
    }

    public const string WithLwt = "\"availability_topic\":\"desk/lwt\",";

    public void Power(string watts) => Receive("desk/power", $"{{\"power\":{watts}}}");

    /// <summary>Above 50 W for 10 s: off.</summary>
    public AHome WithTheRule(string more = "") =>
        Saved(
            $$"""
            {"id":"lights-out","alias":"Lights out",
            "triggers":[{"trigger":"numeric_state","entity_id":"sensor.desk_power","above":50,
            "for":"00:00:10"{{more}}}],
            "actions":[{"action":"switch.turn_off","target":{"entity_id":"switch.desk"} }]}
            """
        );

    public AHome Saved(string definition)
    {
        var refusal = Ask(new SaveAutomation(null, definition)).Refusal;
        Assert.Null(refusal);
        return this;
    }

    private HomeState State
    {
        get
        {
            // Only events change a home, so that the same state need not be read twice.
            if (_seen is null || _seen.Last != Home.Last)
            {
                _seen = HomeState.From(Home.Id, HomeSnapshot.FromBytes(Home.Capture().ToBytes()));
            }

            return _seen;
        }
    }
}
