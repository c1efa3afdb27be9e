namespace Hearth.Core.Time;

/// <summary>Some days of the week.</summary>
[Flags]
internal enum Weekdays
{
    None = 0,
    Mon = 1,
    Tue = 2,
    Wed = 4,
    Thu = 8,
    Fri = 16,
    Sat = 32,
    Sun = 64,
    All = 127,
}

/// <summary>Days of the week as Home Assistant names them.</summary>
internal static class WeekdayWords
{
    public static bool Has(this Weekdays days, DayOfWeek day) => days.HasFlag(Of(day));

    public static Weekdays Of(DayOfWeek day) => (Weekdays)(1 << (((int)day + 6) % 7));

    /// <summary><c>mon</c> … <c>sun</c>; nothing else, as in Home Assistant.</summary>
    public static bool TryRead(string word, out Weekdays day)
    {
        day = word switch
        {
            "mon" => Weekdays.Mon,
            "tue" => Weekdays.Tue,
            "wed" => Weekdays.Wed,
            "thu" => Weekdays.Thu,
            "fri" => Weekdays.Fri,
            "sat" => Weekdays.Sat,
            "sun" => Weekdays.Sun,
            _ => Weekdays.None,
        };
        return day != Weekdays.None;
    }
}
