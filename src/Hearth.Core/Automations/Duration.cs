using System.Globalization;
using System.Text.Json;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// Lengths of time as Home Assistant writes them: "HH:MM:SS", "HH:MM", seconds, or a mapping.
/// </summary>
public static class Duration
{
    /// <summary>What may stand in a mapping.</summary>
    public static readonly string[] Units = ["days", "hours", "minutes", "seconds", "milliseconds"];

    private static readonly double[] SecondsOfUnits = [86_400, 3_600, 60, 1, 0.001];

    public static bool TryRead(TemplateValue value, out TimeSpan duration)
    {
        if (value.Kind == TemplateKind.Duration)
        {
            duration = value.AsDuration;
            return duration >= TimeSpan.Zero;
        }

        return TryRead(
            JsonElement.Parse(PythonJson.Write(value, PythonJson.Layout.Compact)),
            out duration
        );
    }

    /// <summary>Reads a length of time that is not negative.</summary>
    public static bool TryRead(JsonElement value, out TimeSpan duration) =>
        TryReadSigned(value, out duration) && duration >= TimeSpan.Zero;

    /// <summary>Reads an offset, <c>"-00:30:00"</c>: so much later, or earlier.</summary>
    public static bool TryReadSigned(JsonElement value, out TimeSpan duration)
    {
        var seconds = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String => FromText(value.GetString()!.Trim()),
            JsonValueKind.Object => FromMapping(value),
            _ => null,
        };
        // Ten years: longer than anything meant, shorter than anything that overflows.
        var inRange = seconds is >= -315_576_000 and <= 315_576_000;
        duration = inRange ? TimeSpan.FromSeconds(seconds!.Value) : TimeSpan.Zero;
        return inRange;
    }

    private static double? FromText(string text)
    {
        var sign = text.StartsWith('-') ? -1 : 1;
        var parts = (text is ['-' or '+', .. var rest] ? rest : text).Split(':');
        if (parts.Length > 3)
        {
            return null;
        }

        double total = 0;
        foreach (var part in parts)
        {
            if (Parse(part, NumberStyles.AllowDecimalPoint) is not { } number)
            {
                return null;
            }

            total = total * 60 + number;
        }

        // "HH:MM" leaves the seconds out.
        return sign * (parts.Length == 2 ? total * 60 : total);
    }

    private static double? FromMapping(JsonElement mapping)
    {
        double total = 0;
        var some = false;
        foreach (var member in mapping.EnumerateObject())
        {
            var unit = Array.IndexOf(Units, member.Name);
            var number = member.Value.ValueKind switch
            {
                JsonValueKind.Number => member.Value.GetDouble(),
                JsonValueKind.String => Parse(
                    member.Value.GetString()!.Trim(),
                    NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign
                ),
                _ => null,
            };
            if (unit < 0 || number is null)
            {
                return null;
            }

            some = true;
            total += number.Value * SecondsOfUnits[unit];
        }

        return some ? total : null;
    }

    private static double? Parse(string text, NumberStyles styles) =>
        double.TryParse(text, styles, CultureInfo.InvariantCulture, out var number) ? number : null;
}
