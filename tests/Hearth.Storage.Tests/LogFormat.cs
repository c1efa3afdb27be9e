using System.Text;
using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;
using Hearth.Storage.Sqlite;

namespace Hearth.Storage.Tests;

/// <summary>
/// The bytes that docs/concepts/log-format.md fixes, against test vectors. A vector that no longer
/// holds is a log that the next version cannot read.
/// </summary>
public sealed class LogFormat
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string VectorFile => Source.PathOf("Vectors/log-format-1.json");

    /// <param name="Ticks">100 ns since 1970.</param>
    /// <param name="Checksum">Hexadecimal, 16 digits.</param>
    /// <param name="Canonical">The canonical bytes of each event, as text.</param>
    internal sealed record Vector(
        string Name,
        string Home,
        long First,
        long Last,
        int Class,
        long Ticks,
        string Body,
        string Checksum,
        IReadOnlyList<string> Canonical
    );

    public static IEnumerable<TheoryDataRow<string>> Names =>
        Read().Select(item => new TheoryDataRow<string>(item.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_row_has_these_bytes_and_this_checksum(string name)
    {
        var vector = Read().Single(item => item.Name == name);
        var row = Stored(vector);

        Assert.Equal(vector.Checksum, Checksum.OfRow(row).ToString("x16"));
        var again = Row.Of(row.Home, row.Events);
        Assert.Equal(vector.Body, Encoding.UTF8.GetString(again.Body.Span));
        Assert.Equal(
            (vector.First, vector.Last, vector.Class, vector.Ticks),
            (again.First.Value, again.Last.Value, (int)again.Class, LogKey.Ticks(again.Time))
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_events_have_these_canonical_bytes(string name)
    {
        var vector = Read().Single(item => item.Name == name);

        Assert.Equal(
            vector.Canonical,
            Stored(vector)
                .Events.Select(item => Encoding.UTF8.GetString(CloudEventFormat.ToBytes(item)))
        );
    }

    [Fact]
    public void The_checksum_covers_every_field()
    {
        var vector = Read()[0];
        var others = new[]
        {
            vector with
            {
                Home = vector.Home + "x",
            },
            vector with
            {
                First = vector.First - 1,
            },
            vector with
            {
                Last = vector.Last + 1,
            },
            vector with
            {
                Class = vector.Class ^ 1,
            },
            vector with
            {
                Ticks = vector.Ticks + 1,
            },
            vector with
            {
                Body = vector.Body + " ",
            },
        };

        Assert.All(
            others,
            other => Assert.NotEqual(vector.Checksum, Checksum.OfRow(Stored(other)).ToString("x16"))
        );
    }

    [Fact]
    public void The_document_shows_the_first_vector_as_it_is()
    {
        var vector = Read()[0];
        var document = File.ReadAllText(Source.PathOf("../../docs/concepts/log-format.md"));

        Assert.Contains(vector.Body, document);
        Assert.Contains(vector.Checksum, document);
        Assert.All(vector.Canonical, bytes => Assert.Contains(bytes, document));
    }

    /// <summary>Run it by name after a deliberate change of the format, before that format was
    /// ever released; afterwards the format gets a new version and a file of its own.</summary>
    [Fact(Explicit = true)]
    public void Vectors_are_written_anew() =>
        File.WriteAllText(
            VectorFile,
            JsonSerializer.Serialize(Make().Select(VectorOf), Indented) + "\n"
        );

    private static List<Vector> Read() =>
        JsonSerializer.Deserialize<List<Vector>>(File.ReadAllText(VectorFile))!;

    private static Row Stored(Vector vector) =>
        Row.Stored(
            new HomeId(vector.Home),
            new Sequence(vector.First),
            new Sequence(vector.Last),
            (RetentionClass)vector.Class,
            LogKey.Time(vector.Ticks),
            Encoding.UTF8.GetBytes(vector.Body)
        );

    private static Vector VectorOf((string Name, Row Row) item) =>
        new(
            item.Name,
            item.Row.Home.Value,
            item.Row.First.Value,
            item.Row.Last.Value,
            (int)item.Row.Class,
            LogKey.Ticks(item.Row.Time),
            Encoding.UTF8.GetString(item.Row.Body.Span),
            Checksum.OfRow(item.Row).ToString("x16"),
            [
                .. item.Row.Events.Select(each =>
                    Encoding.UTF8.GetString(CloudEventFormat.ToBytes(each))
                ),
            ]
        );

    private static IEnumerable<(string Name, Row Row)> Make()
    {
        var light = new EntityId("light.lamp");
        var on = new EntityState("on", Attributes.Empty.With("brightness", "128"), true);
        var off = new EntityState("off", Attributes.Empty.With("brightness", "128"), true);
        yield return (
            "a reading and the state that follows from it",
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
            )
        );
        yield return (
            "bytes, retained, with properties",
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
            )
        );
        yield return (
            "a command, its message and its end",
            RowOf(
                "home",
                7,
                new CommandRequested(light, "light.turn_on", """{"brightness":128}""", on),
                new MessagePublished("lamp/set", Payload.FromText("ON"), 1, false, new Sequence(7)),
                new CommandSent(new Sequence(7), light),
                new StateChanged(light, off, on),
                new CommandAcknowledged(new Sequence(7), light)
            )
        );
        yield return (
            "a program's event with an extension",
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
            )
        );
        yield return (
            "a device that registers and fares badly",
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
                            light,
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
            )
        );
        yield return (
            "an automation",
            RowOf(
                "home",
                100,
                new AutomationCreated("lights-out", """{"alias":"Lights out"}"""),
                new HubStarted("0.1.0")
            )
        );
    }

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
