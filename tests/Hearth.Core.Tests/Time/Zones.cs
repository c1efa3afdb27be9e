using System.Globalization;
using CsCheck;
using Hearth.Core.Time;

namespace Hearth.Core.Tests.Time;

/// <summary>Zones whose clocks do something, and when they do it.</summary>
internal static class Zones
{
    public static readonly TimeZoneInfo Berlin = Zone("Europe/Berlin");

    /// <summary>
    /// Moments around which the clocks change: an hour forward and back; half an hour; a day left
    /// out; summer time that is the standard one; midnight left out or repeated; three hours; and
    /// two days on which nothing happens.
    /// </summary>
    public static readonly (string Id, string Around)[] Changes =
    [
        ("Europe/Berlin", "2026-03-29T01:00Z"),
        ("Europe/Berlin", "2026-10-25T01:00Z"),
        ("America/New_York", "2026-03-08T07:00Z"),
        ("America/New_York", "2026-11-01T06:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T15:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T15:30Z"),
        ("Pacific/Apia", "2011-12-30T10:00Z"),
        ("Pacific/Kwajalein", "1993-08-21T12:00Z"),
        ("Europe/Dublin", "2026-03-29T01:00Z"),
        ("Europe/Dublin", "2026-10-25T01:00Z"),
        ("America/Sao_Paulo", "2018-11-04T03:00Z"),
        ("America/Sao_Paulo", "2018-02-18T02:00Z"),
        ("America/Toronto", "1919-03-31T04:30Z"),
        ("America/St_Johns", "2010-11-07T02:31Z"),
        ("America/Nuuk", "2027-03-28T01:00Z"),
        ("Antarctica/Casey", "2010-03-04T15:00Z"),
        ("Pacific/Chatham", "2026-09-26T14:00Z"),
        ("UTC", "2028-02-28T23:59Z"),
        ("Asia/Kathmandu", "2026-12-31T18:15Z"),
    ];

    public static readonly Gen<(TimeZoneInfo Zone, DateTimeOffset Around)> Change = Gen.Int[
            0,
            Changes.Length - 1
        ]
        .Select(index => (Zone(Changes[index].Id), At(Changes[index].Around)));

    public static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    public static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUniversalTime();

    public static DateTime Wall(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);

    public static TimeOnly Clock(string text) =>
        WallClock.TryRead(text, out var time)
            ? time
            : throw new ArgumentException(text, nameof(text));

    public static Weekdays Days(string words) =>
        words
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(
                Weekdays.None,
                (days, word) =>
                    days | (WeekdayWords.TryRead(word, out var day) ? day : Weekdays.None)
            );

    /// <summary>The instant as the clock on the wall shows it, with its offset.</summary>
    public static string Shown(this DateTimeOffset? instant, TimeZoneInfo zone) =>
        instant is { } some
            ? TimeZoneInfo
                .ConvertTime(some, zone)
                .ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture)
            : "never";
}
