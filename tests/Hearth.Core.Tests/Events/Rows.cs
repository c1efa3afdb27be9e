using System.Text;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Core.Tests.Events;

/// <summary>What the log keeps comes back as it was, for every type of the catalogue.</summary>
public sealed class Rows
{
    private static readonly DateTimeOffset Time = new(2026, 3, 2, 18, 0, 0, 250, TimeSpan.Zero);
    private static readonly EntityId Light = new("light.desk");
    private static readonly DeviceId Desk = new("desk");

    private static readonly EntityRegistration Registration = new(
        Light,
        new EntityConfig("light", "desk light", """{"name":null,"unique_id":"d1"}""")
    );

    private static readonly DeviceDescription Description = new()
    {
        Identifiers = ["desk"],
        Connections = [new("mac", "02:00:00:aa:bb:cc")],
        Name = "Desk „ä“",
        SuggestedArea = "Office",
    };

    private static readonly EntityState On = new(
        "on",
        Attributes.Of([new("brightness", "128")]),
        Available: true
    );

    private static readonly EventData[] Samples =
    [
        new MessageReceived("a/b", Payload.FromText("""{"power": 63.20}"""), 1, true, "meter"),
        new MessageReceived("a/b", Payload.FromText(" {} "), 0, false, "meter"),
        new MessageReceived("a/b", Payload.FromText("ON\u0001\"\\"), 0, false, "meter"),
        new MessageReceived("a/b", new Payload(new byte[] { 0xFF, 0, 1 }), 2, false, "meter"),
        new MessageReceived(
            "a/b",
            Payload.Empty,
            0,
            false,
            "meter",
            new MessageProperties(
                "text/plain",
                "r",
                "AAE=",
                30,
                true,
                [new("k", "v"), new("k", "w")]
            )
        ),
        new MessagePublished("a/set", Payload.FromText("OFF"), 1, false, new Sequence(3)),
        new HubStarted("0.1.0"),
        new HubStopped(),
        new HubResumed(Time),
        new ClockChanged(TimeSpan.FromHours(-1)),
        new LocationChanged(new("Europe/Berlin", "2026b", "60"), 52.5, 13.4, 34),
        new LocationChanged(new("Etc/UTC", null, "0"), null, null, 0),
        new WebhookReceived("secret", "POST", true, "[1]", "{}", """{"a":"b"}"""),
        new WebhookReceived("secret", "GET", false, null, "{}", "{}"),
        new TagScanned("blue", "desk"),
        new TagScanned("blue", null),
        new DeviceTriggered("desk", "button_short_press", "button_1"),
        new NotificationSent("notify.ana", "Washing", "It is done.", """{"message":"x"}"""),
        new NotificationSent("notify.ana", null, "It is done.", "{}"),
        new AnnouncementRefused("homeassistant/sensor/x/config", "It changes nothing: …"),
        new AnnouncementMended("homeassistant/sensor/x/config"),
        new StateChanged(Light, EntityState.Initial, On),
        new StateChanged(Light, On, On with { Available = false }),
        new StateChanged(Light, On, EntityState.Initial),
        new DeviceRegistered(Desk, Description, [Registration]),
        new DeviceUpdated(Desk, Description, [Registration], [Light]),
        new DeviceRegistered(Desk, Description, [])
        {
            Others = [new("lock", "door", """{"availability_mode":"all"}""")],
        },
        new DeviceUpdated(Desk, Description, [], [])
        {
            Others = [new("lock", "door", "{}")],
            OthersRemoved = [new("cover", "device/x y")],
        },
        new DeviceRemoved(Desk),
        new DeviceConnected(Desk),
        new DeviceDisconnected(Desk),
        new DeviceEnabled(Desk),
        new DeviceDisabled(Desk),
        new DeviceStateChanged(Desk, "active", "off", "light.desk is off"),
        new DeviceHealthChanged(Desk, "healthy", "degraded", "silent", "Nothing for an hour."),
        new CommandRequested(Light, "light.turn_on", """{"brightness":128}""", On),
        new CommandRequested(Light, "light.turn_on", "{}", null),
        new CommandSent(new Sequence(1), Light),
        new CommandAcknowledged(new Sequence(1), Light),
        new CommandFailed(new Sequence(1), Light, "no_subscriber"),
        new CommandExpired(new Sequence(1), Light),
        new AutomationHealthChanged("lights-out", "healthy", "degraded", "never_fired", "…"),
        new AutomationHealthChanged("lights-out", "healthy", "degraded", "failing", "…")
        {
            Templates = new SortedDictionary<int, string> { [1] = "Division by zero." },
        },
        new DeviceArranged(new DeviceId("desk"), new Arrangement("My desk", "Büro", ["Work"])),
        new DeviceArranged(new DeviceId("desk"), Arrangement.None),
        new AreaSaved("office", "Büro", "Upstairs", ["Work", "Quiet"]),
        new AreaSaved("office", "Büro", null, []),
        new AutomationCreated("lights-out", """{"triggers":[]}"""),
        new AutomationCreated("lights-out", """{"triggers":[]}""") { RestoredFrom = 3 },
        new AutomationUpdated("lights-out", """{"triggers":[]}"""),
        new AutomationUpdated("lights-out", """{"triggers":[]}""", "# Mine\ntriggers: []\n"),
        new AutomationRemoved("lights-out"),
        new AutomationEnabled("lights-out"),
        new AutomationDisabled("lights-out"),
        new AutomationTriggered("lights-out", "0", Light, """{"platform":"state"}"""),
        new AutomationTriggered("lights-out", "0", null, """{"platform":"event"}"""),
        new AutomationTriggered("lights-out", "dark", null, "{}")
        {
            Index = 1,
            StoppedBy = "failed_conditions",
            Trace = """[{"path":"condition/0"}]""",
        },
        new AutomationTriggered("lights-out", "0", null, "{}")
        {
            Index = 0,
            StoppedBy = "failed_single",
            MaxExceeded = "silent",
        },
        new AutomationTriggerChanged("lights-out", 1, "", true),
        new AutomationTriggerChanged("lights-out", 0, "7.0", false),
        new AutomationWaiting("lights-out", new Sequence(7), """{"waits":[]}""", "[]"),
        new AutomationFinished("lights-out", new Sequence(7)),
        new AutomationFinished("lights-out", new Sequence(7), "aborted", "[]"),
        new AutomationFailed("lights-out", new Sequence(7), "action/0", "There is no light.x."),
        new SubscriptionCreated("sub_1", "{\"sink\":\"x\"}", new("key_1", "cred_1", "PLAIN")),
        new SubscriptionUpdated("sub_1", "{\"sink\":\"y\"}", new("key_2", null, null)),
        new SubscriptionPaused("sub_1", SubscriptionPaused.Gone),
        new SubscriptionResumed("sub_1"),
        new SubscriptionDeadLettered("sub_1", new Sequence(3), new Sequence(9), "No answer."),
        new SubscriptionRemoved("sub_1"),
        new ProgramEvent(
            "com.acme.made",
            "s",
            null,
            "/schema",
            ContentKind.Json,
            "{\"n\":1.50}",
            []
        ),
        new ProgramEvent("com.acme.made", null, "text/plain", null, ContentKind.Text, "hi", []),
        new ProgramEvent(
            "com.acme.made",
            null,
            "image/png",
            null,
            ContentKind.Base64,
            "AAE=",
            [new("traceparent", "\"00-1\"")]
        ),
        new ProgramEvent("com.acme.made", null, null, null, ContentKind.Json, null, []),
    ];

    [Fact]
    public void Every_type_of_the_catalogue_comes_back_as_it_was()
    {
        var row = Row.Of(HomeId.Default, Chain());
        var stored = Row.Stored(HomeId.Default, row.First, row.Last, row.Class, row.Time, row.Body);
        foreach (var (before, after) in row.Events.Zip(stored.Events))
        {
            Assert.Equal(Canonical(before), Canonical(after));
            Assert.Equal(before.Cause, after.Cause);
            Assert.Equal(before.Root, after.Root);
            Assert.Equal(before.Depth, after.Depth);
            Assert.Equal(before.Data.Retention, after.Data.Retention);
        }

        var again = Row.Of(HomeId.Default, stored.Events);
        Assert.Equal(
            Encoding.UTF8.GetString(row.Body.Span),
            Encoding.UTF8.GetString(again.Body.Span)
        );
    }

    [Fact]
    public void The_samples_cover_the_catalogue()
    {
        var sampled = Samples.Select(data => data.Type).ToHashSet();
        Assert.DoesNotContain(EventCatalogue.Types, type => !sampled.Contains(type));
    }

    [Fact]
    public void Payload_bytes_come_back_to_the_byte()
    {
        foreach (var data in Samples.OfType<MessageEvent>())
        {
            var row = Row.Of(HomeId.Default, [Made(data, 1, null)]);
            var stored = Row.Stored(row.Home, row.First, row.Last, row.Class, row.Time, row.Body);
            var after = (MessageEvent)stored.Events[0].Data;
            Assert.Equal(data.Payload.Bytes.ToArray(), after.Payload.Bytes.ToArray());
        }
    }

    [Fact]
    public void A_row_is_compact_json()
    {
        var received = Made(
            new MessageReceived("m/power", Payload.FromText("{\"power\":63.2}"), 1, false, "m"),
            1,
            null
        );
        var change = Made(
            new StateChanged(
                new EntityId("sensor.power"),
                EntityState.Initial,
                EntityState.Initial with
                {
                    Value = "63.2",
                }
            ),
            2,
            received
        );
        Assert.Equal(
            """
            {"v":1,"e":[{"t":".m","d":{"o":"m/power","j":{"power":63.2},"q":1,"c":"m"}},{"t":".s","d":{"e":"sensor.power","f":{"s":"unknown"},"t":{"s":"63.2"}}}]}
            """,
            Encoding.UTF8.GetString(Row.Of(HomeId.Default, [received, change]).Body.Span)
        );
        Assert.Equal(
            """
            {"specversion":"1.0","id":"00000000000000000002","source":"/homes/home","type":"hearth.state.changed","subject":"sensor.power","time":"2026-03-02T18:00:00.25Z","datacontenttype":"application/json","sequence":"00000000000000000002","causationid":"00000000000000000001","correlationid":"00000000000000000001","authtype":"unauthenticated","authid":"anonymous","recordedtime":"2026-03-02T18:00:00.25Z","data":{"entity_id":"sensor.power","from":{"state":"unknown"},"to":{"state":"63.2"}}}
            """,
            Canonical(change)
        );
    }

    [Fact]
    public void A_cause_outside_the_row_keeps_its_sequence_and_id()
    {
        var earlier = new Event
        {
            Sequence = new Sequence(5),
            Id = "their-id",
            Source = "/theirs",
            Time = Time,
            RecordedTime = Time,
            Principal = Principal.Anonymous,
            Root = new EventRef(new Sequence(2), "root"),
            Depth = 3,
            Data = Samples[^1],
        };
        var later = Made(new HubStopped(), 9, earlier);
        var row = Row.Of(HomeId.Default, [later]);
        var stored = Row.Stored(row.Home, row.First, row.Last, row.Class, row.Time, row.Body);
        Assert.Equal(earlier.Ref, stored.Events[0].Cause);
        Assert.Equal(earlier.Root, stored.Events[0].Root);
        Assert.Equal(later.Depth, stored.Events[0].Depth);
    }

    // Causes of every shape: the one before, one further back, none.
    private static List<Event> Chain()
    {
        var events = new List<Event>();
        foreach (var data in Samples)
        {
            var cause = (events.Count % 4) switch
            {
                0 => null,
                1 => events[^1],
                2 => events[^2],
                _ => events[0],
            };
            events.Add(Made(data, events.Count + 1, cause));
        }

        return events;
    }

    private static Event Made(EventData data, long sequence, Event? cause)
    {
        var number = new Sequence(sequence);
        var id = data is ProgramEvent ? "p" + sequence : number.ToString();
        return new Event
        {
            Sequence = number,
            Id = id,
            Source = data is ProgramEvent ? "/program" : HomeId.Default.Source,
            Time = sequence % 5 == 0 ? Time.AddSeconds(-sequence) : Time,
            RecordedTime = Time,
            Principal = sequence % 7 == 0 ? Principal.Hub : Principal.Anonymous,
            Cause = cause?.Ref,
            Root = cause?.Root ?? new EventRef(number, id),
            Depth = cause is null ? 0 : cause.Depth + (int)(sequence % 2),
            ExpiryTime = data is CommandRequested ? Time.AddSeconds(30) : null,
            Data = data,
        };
    }

    private static string Canonical(Event item) =>
        Encoding.UTF8.GetString(CloudEventFormat.ToBytes(item));
}
