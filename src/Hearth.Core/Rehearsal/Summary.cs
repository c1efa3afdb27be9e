using System.Globalization;
using System.Text;
using Hearth.Core.Why;

namespace Hearth.Core.Rehearsal;

/// <summary>Says in words what a rehearsal found.</summary>
internal static class Summary
{
    // Oftener than that within a minute of the one before, and a duration is missing.
    private const double CloseShare = 0.25;

    private static readonly TimeSpan Close = TimeSpan.FromMinutes(1);

    public static string Of(RehearsalReport report, NameBook names, TimeZoneInfo zone)
    {
        var text = new StringBuilder();
        var (from, to) = (report.Times.From, report.EndedEarly ?? report.Times.To);
        text.Append($"From {Moment(from, zone)} to {Moment(to, zone)} ");
        if (report.RunCount == 0)
        {
            text.Append("it would not have run.");
            AddNearest(text, report, names, zone);
        }
        else
        {
            text.Append($"it would have run {Times(report.RunCount)}.");
            AddSaved(text, report.Saved);
            AddDoubts(text, report);
        }

        if (report.SkippedCount > 0)
        {
            text.Append($" {Times(report.SkippedCount, capital: true)} its trigger came in vain.");
        }

        if (report.EndedEarly is not null)
        {
            text.Append(" That is more often than anybody can look at, so it ends there.");
        }

        return text.ToString();
    }

    private static void AddNearest(
        StringBuilder text,
        RehearsalReport report,
        NameBook names,
        TimeZoneInfo zone
    )
    {
        if (report.NearMisses.MaxBy(miss => miss.Lasted / miss.Wanted) is { } miss)
        {
            var what = miss.Entity is { } entity ? names.NameOf(entity) : $"trigger {miss.Trigger}";
            text.Append(
                $" Closest: {Moment(miss.Since, zone)}, when {what} held for {Length(miss.Lasted)} "
                    + $"of {Length(miss.Wanted)}."
            );
        }
    }

    private static void AddSaved(StringBuilder text, Saving saved)
    {
        if (saved.Sooner < Close && saved.Energy is null or 0)
        {
            return;
        }

        text.Append($" It would have turned off {Length(saved.Sooner)} sooner");
        text.Append(saved.Energy is { } energy ? $" and saved about {Energy(energy)}." : ".");
    }

    private static string Energy(double kilowattHours) =>
        kilowattHours < 0.01
            ? string.Create(CultureInfo.InvariantCulture, $"{kilowattHours * 1000:0.#} Wh")
            : string.Create(CultureInfo.InvariantCulture, $"{kilowattHours:0.##} kWh");

    private static void AddDoubts(StringBuilder text, RehearsalReport report)
    {
        var undone = report.Runs.Count(run => run.UndoneBy is not null);
        if (undone > 0)
        {
            text.Append($" {Times(undone, capital: true)} somebody did the opposite soon after.");
        }

        var close = report
            .Runs.Zip(report.Runs.Skip(1))
            .Count(two => two.Second.At - two.First.At < Close);
        if (close >= 3 && close >= report.Runs.Count * CloseShare)
        {
            text.Append(
                $" {Times(close, capital: true)} it ran within a minute of the time before; "
                    + "consider a duration."
            );
        }
    }

    private static string Times(int count, bool capital = false) =>
        count switch
        {
            1 => capital ? "Once" : "once",
            2 => capital ? "Twice" : "twice",
            _ => string.Create(CultureInfo.InvariantCulture, $"{count} times"),
        };

    private static string Moment(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("d MMM HH:mm", CultureInfo.InvariantCulture);

    private static string Length(TimeSpan time) =>
        time.TotalHours >= 1
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Math.Floor(time.TotalHours)} h {time.Minutes} min"
            )
        : time.TotalMinutes >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
