using System.Globalization;
using System.Runtime.CompilerServices;
using Hearth.Core.Time;

namespace Hearth.Core.Tests.Time;

/// <summary>
/// A day of the sun as another program reckoned it (<c>Vectors/sun.py</c>), from one solar midnight
/// to the next.
/// </summary>
/// <param name="Times">Each event of the day, null where the sun does no such thing.</param>
/// <param name="At">When it stands at this altitude and azimuth.</param>
internal sealed record AlmanacDay(
    Place Place,
    IReadOnlyDictionary<SunEvent, DateTimeOffset?> Times,
    DateTimeOffset At,
    double Altitude,
    double Azimuth
)
{
    public static IEnumerable<AlmanacDay> All() =>
        from line in File.ReadLines(Path.Combine(Path.GetDirectoryName(ThisFile())!, Vectors))
            .Skip(1)
        select Read(line.Split(','));

    private const string Vectors = "Vectors/sun.csv";

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static AlmanacDay Read(string[] cells) =>
        new(
            new Place(Number(cells[0]), Number(cells[1])),
            new Dictionary<SunEvent, DateTimeOffset?>
            {
                [SunEvent.Midnight] = Time(cells[2]),
                [SunEvent.Dawn] = Time(cells[3]),
                [SunEvent.Sunrise] = Time(cells[4]),
                [SunEvent.Noon] = Time(cells[5]),
                [SunEvent.Sunset] = Time(cells[6]),
                [SunEvent.Dusk] = Time(cells[7]),
            },
            Zones.At(cells[8]),
            Number(cells[9]),
            Number(cells[10])
        );

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string text) => text.Length == 0 ? null : Zones.At(text);
}
