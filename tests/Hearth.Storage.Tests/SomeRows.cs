using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Storage.Tests;

/// <summary>The rows that the test vectors of the log's format are made of.</summary>
internal static class SomeRows
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
    private static readonly EntityId Light = new("light.lamp");

    public static IEnumerable<(string Name, Row Row)> All() =>
        [
            ("a reading and the state that follows from it", AReading()),
            ("bytes, retained, with properties", Bytes()),
            ("a command, its message and its end", ACommand()),
            ("a program's event with an extension", AProgramsEvent()),
            ("a device that registers and fares badly", ADevice()),
            ("an automation", AnAutomation()),
        ];

    private static Row AReading() =>
        RowOf(
            "home",
            41,
            new MessageReceived(
                "zigbee2mqtt/desk",
                Payload.FromText("""{"power":63.20}"""),
                1,
                false,
                "z2m"
            ),
            new StateChanged(
                new EntityId("sensor.desk_power"),
                new EntityState("61.9", Attributes.Empty, true),
                new EntityState("63.20", Attributes.Empty, true)
            )
        );

    private static Row Bytes() =>
        RowOf(
            "holiday-flat",
            1,
            new MessageReceived(
                "küche/bild \"1\"",
                new Payload(new byte[] { 0, 255, 16 }),
                2,
                true,
                "cam\u0001",
                new MessageProperties("image/x", "re", "AAE=", 60, true, [new("ä", "ö")])
            )
        );

    private static Row ACommand()
    {
        var on = new EntityState("on", Attributes.Empty.With("brightness", "128"), true);
        var off = new EntityState("off", Attributes.Empty.With("brightness", "128"), true);
        return RowOf(
            "home",
            7,
            new CommandRequested(Light, "light.turn_on", """{"brightness":128}""", on),
            new MessagePublished("lamp/set", Payload.FromText("ON"), 1, false, new Sequence(7)),
            new CommandSent(new Sequence(7), Light),
            new StateChanged(Light, off, on),
            new CommandAcknowledged(new Sequence(7), Light)
        );
    }

    private static Row AProgramsEvent() =>
        RowOf(
            "home",
            9_000_000_000,
            new ProgramEvent(
                "org.example.threshold",
                "desk",
                "application/json",
                "https://example.org/schema",
                ContentKind.Json,
                """{"watts":63.20,"limit":null}""",
                [new("tenant", "\"a\"")]
            )
        );

    private static Row ADevice() =>
        RowOf(
            "home",
            3,
            new DeviceRegistered(
                new DeviceId("lamp"),
                new DeviceDescription
                {
                    Identifiers = ["0x01"],
                    Connections = [new("mac", "02:00:00:aa:bb:cc")],
                    Name = "Lamp",
                },
                [
                    new EntityRegistration(
                        Light,
                        new EntityConfig("light", "lamp/light", """{"schema":"json"}""")
                    ),
                ]
            ),
            new DeviceHealthChanged(
                new DeviceId("lamp"),
                "healthy",
                "unhealthy",
                "communication_error",
                "Nothing heard for an hour."
            )
        );

    private static Row AnAutomation() =>
        RowOf(
            "home",
            100,
            new AutomationCreated("lights-out", """{"alias":"Lights out"}"""),
            new HubStarted("0.1.0")
        );

    private static Row RowOf(string home, long first, params EventData[] data)
    {
        var source = new HomeId(home).Source;
        var events = new List<Event>();
        foreach (var item in data)
        {
            var sequence = new Sequence(first + events.Count);
            var isProgram = item is ProgramEvent;
            var id = isProgram ? "event-1" : sequence.ToString();
            var time = Start.AddTicks(first);
            events.Add(
                new Event
                {
                    Sequence = sequence,
                    Id = id,
                    Source = isProgram ? "/programs/tracker" : source,
                    Time = isProgram ? time.AddSeconds(-1) : time,
                    RecordedTime = time,
                    Principal = events.Count == 0 ? new Principal("device:desk") : Principal.Hub,
                    Cause = events.Count == 0 ? null : events[0].Ref,
                    Root = events.Count == 0 ? new EventRef(sequence, id) : events[0].Root,
                    ExpiryTime = item is CommandRequested ? time.AddSeconds(30) : null,
                    Depth = item is MessagePublished ? 1 : 0,
                    Data = item,
                }
            );
        }

        return Row.Of(new HomeId(home), events);
    }
}
