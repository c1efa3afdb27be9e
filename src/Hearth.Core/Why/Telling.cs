using System.Globalization;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Why;

/// <summary>A sentence while it is put together, part by part.</summary>
/// <param name="about">The moment that it is about: of times on the same day only the time is
/// said.</param>
internal sealed class Telling(NameBook names, DateTimeOffset about)
{
    // A payload is quoted as far as it says what it is; the event has it whole.
    private const int QuoteMax = 80;

    private readonly List<Part> _parts = [];

    public NameBook Names => names;

    /// <summary>Set where nothing better was known to say than what the event is called.</summary>
    public bool IsPlain { get; set; }

    public Telling Say(string text)
    {
        if (text.Length == 0)
        {
            return this;
        }

        text = PlainText.Visible(text);
        if (_parts.Count > 0 && _parts[^1].Kind == PartKind.Text)
        {
            text = _parts[^1].Text + text;
            _parts.RemoveAt(_parts.Count - 1);
        }
        else if (_parts.Count == 0)
        {
            text = char.ToUpperInvariant(text[0]) + text[1..];
        }

        _parts.Add(new Part(PartKind.Text, text, null));
        return this;
    }

    public Telling Entity(EntityId id) => Add(PartKind.Entity, names.NameOf(id), id.Value);

    public Telling Device(DeviceId id) => Add(PartKind.Device, names.NameOf(id), id.Value);

    public Telling Automation(string id) =>
        Say("automation ").Add(PartKind.Automation, names.NameOfAutomation(id), id);

    public Telling Source(string source) => Add(PartKind.Source, source, source);

    public Telling Value(string text) => Add(PartKind.Value, text, text);

    public Telling Quote(string text) =>
        Add(
            PartKind.Quote,
            $"\"{PlainText.Cut(text, QuoteMax)}\"",
            text.Length > QuoteMax ? null : text
        );

    /// <summary>Who acted, as a person says it.</summary>
    public Telling Who(Principal who)
    {
        var (kind, id) = who.Value.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            ? (who.Value[..colon], who.Value[(colon + 1)..])
            : (who.Value, "");
        return kind switch
        {
            "automation" => Automation(id),
            "user" => Add(PartKind.Principal, id, who.Value),
            "device" => Device(new DeviceId(id)),
            "hub" => Say("the hub"),
            // Until people sign in nobody is named.
            "anonymous" => Add(PartKind.Principal, "somebody", who.Value),
            _ => Add(PartKind.Principal, $"{kind} {id}".Trim(), who.Value),
        };
    }

    public Telling Time(DateTimeOffset moment) =>
        Add(PartKind.Time, ClockText(moment), Timestamp.ToText(moment));

    public Telling Lasting(TimeSpan time) => Add(PartKind.Value, Text(time), null);

    public Sentence End()
    {
        if (_parts.Count > 0 && !".!?".Contains(_parts[^1].Text[^1], StringComparison.Ordinal))
        {
            Say(".");
        }

        return new Sentence([.. _parts]) { IsPlain = IsPlain };
    }

    /// <summary>A length of time in its two largest units: <c>1 h 30 min</c>, <c>84 ms</c>.
    /// </summary>
    public static string Text(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(1))
        {
            return $"{Math.Max(0, Math.Round(time.TotalMilliseconds))} ms";
        }

        if (time < TimeSpan.FromMinutes(1))
        {
            var seconds = Math.Floor(time.TotalSeconds * 10) / 10;
            return seconds.ToString("0.#", CultureInfo.InvariantCulture) + " s";
        }

        (long Count, string Unit)[] units =
        [
            (time.Days, time.Days == 1 ? "day" : "days"),
            (time.Hours, "h"),
            (time.Minutes, "min"),
            (time.Seconds, "s"),
        ];
        return string.Join(
            ' ',
            units
                .SkipWhile(unit => unit.Count == 0)
                .Take(2)
                .Where(unit => unit.Count > 0)
                .Select(unit =>
                    string.Create(CultureInfo.InvariantCulture, $"{unit.Count} {unit.Unit}")
                )
        );
    }

    private Telling Add(PartKind kind, string text, string? of)
    {
        _parts.Add(new Part(kind, PlainText.Shown(text), of));
        return this;
    }

    private string ClockText(DateTimeOffset moment)
    {
        var (local, day) = (names.Local(moment), names.Local(about).Date);
        var clock = local.TimeOfDay.Ticks % TimeSpan.TicksPerMinute == 0 ? "HH:mm" : "HH:mm:ss";
        var format =
            local.Date == day ? clock
            : local.Year == day.Year ? "d MMM " + clock
            : "d MMM yyyy " + clock;
        return local.ToString(format, CultureInfo.InvariantCulture);
    }
}
