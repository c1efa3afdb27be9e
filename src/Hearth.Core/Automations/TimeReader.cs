using System.Globalization;
using System.Text.Json;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads what the clock and the sun say, as triggers and as conditions.
/// </summary>
internal sealed class TimeReader(FieldReader fields)
{
    private const string TimeForms = "write a time such as \"07:30\" or \"07:30:00\"";

    private static readonly string[] Parts = ["hours", "minutes", "seconds"];
    private static readonly string[] Bounds = ["after", "before", "weekday"];

    // As DayOfWeek counts them.
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public TimeTrigger ReadTimeTrigger(Node node)
    {
        fields.RefuseUnknown(node, TriggerReader.Common, ["at", "weekday"]);
        var at = node.Member("at");
        if (!at.Items().Any())
        {
            fields.Fault(at, "is missing; " + TimeForms);
        }

        var times = new List<TimeOfEntity>();
        foreach (var item in at.Items())
        {
            if (ReadAt(item) is { } time)
            {
                times.Add(time);
            }
        }

        return new TimeTrigger(times, ReadWeekdays(node)) { Id = "" };
    }

    public TimePatternTrigger ReadPattern(Node node)
    {
        fields.RefuseUnknown(node, TriggerReader.Common, Parts);
        var pattern = new TimePatternTrigger(
            ReadPart(node, "hours", 23),
            ReadPart(node, "minutes", 59),
            ReadPart(node, "seconds", 59)
        )
        {
            Id = "",
        };
        if (Parts.All(name => node.Member(name).IsMissing))
        {
            fields.Fault(node, "has no hours, minutes or seconds; write one, such as \"/5\"");
        }

        return pattern;
    }

    public SunTrigger ReadSunTrigger(Node node)
    {
        fields.RefuseUnknown(node, TriggerReader.Common, ["event", "offset"]);
        var isSunrise = ReadSunEvent(node, "event");
        if (node.Member("event").IsMissing)
        {
            fields.Fault(node.Member("event"), "is missing; write sunrise or sunset");
        }

        return new SunTrigger(isSunrise == true, fields.Offset(node, "offset")) { Id = "" };
    }

    public TimeCondition ReadTimeCondition(Node node, string path)
    {
        fields.RefuseUnknown(node, ConditionReader.Common, Bounds);
        if (Bounds.All(name => node.Member(name).IsMissing))
        {
            fields.Fault(node, "has no after, before or weekday; write one of them");
        }

        return new TimeCondition(
            ReadAt(node.Member("after")),
            ReadAt(node.Member("before")),
            ReadWeekdays(node)
        )
        {
            Path = path,
        };
    }

    public SunCondition ReadSunCondition(Node node, string path)
    {
        fields.RefuseUnknown(
            node,
            ConditionReader.Common,
            ["after", "before", "after_offset", "before_offset"]
        );
        if (node.Member("after").IsMissing && node.Member("before").IsMissing)
        {
            fields.Fault(node, "has neither after nor before; write one, sunrise or sunset");
        }

        return new SunCondition(
            ReadSunEvent(node, "after"),
            fields.Offset(node, "after_offset"),
            ReadSunEvent(node, "before"),
            fields.Offset(node, "before_offset")
        )
        {
            Path = path,
        };
    }

    private bool? ReadSunEvent(Node node, string name)
    {
        var text = fields.Text(node, name)?.ToLowerInvariant();
        if (text is not (null or "sunrise" or "sunset"))
        {
            fields.Unknown(node.Member(name), text, $"is '{text}'", ["sunrise", "sunset"]);
        }

        return text is null ? null : text == "sunrise";
    }

    private TimeOfEntity? ReadAt(Node value)
    {
        if (value.IsMissing)
        {
            return null;
        }

        if (value.IsMapping)
        {
            fields.RefuseUnknown(value, ["entity_id", "offset"]);
            var offset = fields.Offset(value, "offset");
            return fields.Names.Entities(value) is [var entity]
                ? new TimeOfEntity(null, entity, offset)
                : null;
        }

        if (value.Kind != JsonValueKind.String || fields.Filled(value) is not { } text)
        {
            fields.Fault(value, $"is {value.Shown}; {TimeForms}, in quotes");
            return null;
        }

        if (TryTime(text.Trim(), out var time))
        {
            return new TimeOfEntity(time, null, TimeSpan.Zero);
        }

        if (NameCheck.IsId(text.Trim().ToLowerInvariant()))
        {
            return fields.Names.Entity(value, text) is { } entity
                ? new TimeOfEntity(null, entity, TimeSpan.Zero)
                : null;
        }

        fields.Fault(value, $"is {value.Shown}; {TimeForms}, or an entity that has one");
        return null;
    }

    private static bool TryTime(string text, out TimeOnly time)
    {
        time = default;
        var parts = text.Split(':');
        if (parts.Length is not (2 or 3))
        {
            return false;
        }

        var numbers = new int[3];
        for (var index = 0; index < parts.Length; index++)
        {
            var max = index == 0 ? 23 : 59;
            if (
                !int.TryParse(
                    parts[index],
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out numbers[index]
                )
                || numbers[index] > max
            )
            {
                return false;
            }
        }

        time = new TimeOnly(numbers[0], numbers[1], numbers[2]);
        return true;
    }

    private List<DayOfWeek> ReadWeekdays(Node node)
    {
        var days = new List<DayOfWeek>();
        foreach (var item in fields.Scalars(node.Member("weekday")))
        {
            var text = (fields.Filled(item) ?? "").ToLowerInvariant();
            var day = Array.IndexOf(Weekdays, text);
            if (day >= 0)
            {
                days.Add((DayOfWeek)day);
                continue;
            }

            var meant = Array.Find(
                Weekdays,
                name => text.StartsWith(name, StringComparison.Ordinal)
            );
            fields.Unknown(item, meant ?? text, $"is '{text}'", Weekdays);
        }

        return days;
    }

    private string? ReadPart(Node node, string name, int max)
    {
        var value = node.Member(name);
        if (fields.Text(value) is not { } text)
        {
            return null;
        }

        text = text.Trim();
        if (text == "*")
        {
            return text;
        }

        var every = text.StartsWith('/') ? "/" : "";
        if (
            int.TryParse(
                text.AsSpan(every.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            && number <= max
            && (number > 0 || every.Length == 0)
        )
        {
            return every + number.ToString(CultureInfo.InvariantCulture);
        }

        fields.Fault(value, $"is {value.Shown}; write 0 to {max}, \"*\", or \"/n\" for every nth");
        return null;
    }
}
