using System.Text;
using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Storage.Sqlite;

namespace Hearth.Storage.Tests;

/// <summary>
/// The bytes that docs/concepts/log-format.md fixes, against test vectors. A vector that no longer
/// holds is a log that the next version cannot read.
/// </summary>
public sealed class LogFormat
{
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
            JsonSerializer.Serialize(SomeRows.All().Select(VectorOf), Indented) + "\n"
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
}
