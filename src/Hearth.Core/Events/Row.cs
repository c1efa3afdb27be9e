using System.Text.Json;

namespace Hearth.Core.Events;

/// <summary>
/// One row of the log: one decided input with everything that it caused. The unit of decision, of
/// commit and of explanation. Immutable; the encoded form is made when it is first asked for, so a
/// row read by a follower in the same process is never parsed again.
/// </summary>
public sealed class Row
{
    private readonly HomeId _home;
    private ReadOnlyMemory<byte> _body;
    private IReadOnlyList<Event>? _events;

    private Row(HomeId home, Sequence first, Sequence last, DateTimeOffset time)
    {
        _home = home;
        First = first;
        Last = last;
        Time = time;
    }

    public HomeId Home => _home;

    public Sequence First { get; }

    public Sequence Last { get; }

    public RetentionClass Class { get; private init; }

    /// <summary>When the home took the input on its turn.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The row's events as JSON in the row format (docs/concepts/log-format.md).</summary>
    public ReadOnlyMemory<byte> Body
    {
        get
        {
            if (_body.IsEmpty)
            {
                _body = RowFormat.Encode(_home, Time, _events!);
            }

            return _body;
        }
    }

    public IReadOnlyList<Event> Events => _events ??= RowFormat.Decode(_home, First, Time, _body);

    /// <summary>A row of the events that one input led to; there is at least one.</summary>
    public static Row Of(HomeId home, IReadOnlyList<Event> events) =>
        new(home, events[0].Sequence, events[^1].Sequence, events[0].RecordedTime)
        {
            Class = LongestLived(events),
            _events = events,
        };

    private static RetentionClass LongestLived(IReadOnlyList<Event> events)
    {
        var longest = RetentionClass.Message;
        foreach (var item in events)
        {
            longest = item.Data.Retention > longest ? item.Data.Retention : longest;
        }

        return longest;
    }

    /// <summary>A row as it lies in the log; its checksum has been verified.</summary>
    public static Row Stored(
        HomeId home,
        Sequence first,
        Sequence last,
        RetentionClass retention,
        DateTimeOffset time,
        ReadOnlyMemory<byte> body
    ) => new(home, first, last, time) { Class = retention, _body = body };
}

/// <summary>
/// The row format, version 1. Compact, because it is what fills the disk, and JSON, because people
/// look at it. What can be told from the row's columns or from the event before is left out.
/// <code>
/// {"v":1,"e":[{"t":".m","d":{…}},{"t":".s","d":{…}}]}
/// </code>
/// <c>t</c>: type, where a leading dot stands for <c>hearth</c>, and <c>.m</c> and <c>.s</c> for
/// the two that fill most of a log, <c>hearth.message.received</c> and
/// <c>hearth.state.changed</c>. <c>i</c>, <c>s</c>: id and
/// source, absent where the home is the source and the sequence the id. <c>w</c>: time, absent
/// where it is the row's. <c>c</c>: how many events before this one its cause lies in the row,
/// absent for 1; 0 for none or for one outside the row, which stands in <c>C</c> as
/// [sequence, id]. <c>r</c>: the first event of the chain as [sequence, id], absent where the
/// cause's is meant. <c>p</c>: principal, of the row (absent for anonymous), or of an event (absent
/// where it is the row's). <c>x</c>: expiry.
/// <c>n</c>: depth, absent where it is the cause's. <c>d</c>: data, that of the two in letters
/// (<see cref="Words"/>).
/// </summary>
internal static class RowFormat
{
    public const int Version = 1;

    public static byte[] Encode(HomeId home, DateTimeOffset time, IReadOnlyList<Event> events)
    {
        var json = new JsonWriter();
        var principal = events[0].Principal;
        json.BeginObject().Name("v").Number(Version);
        if (principal != Principal.Anonymous)
        {
            json.Name("p").String(principal.Value);
        }

        json.Name("e").BeginArray();
        for (var index = 0; index < events.Count; index++)
        {
            WriteEvent(json, home, time, events, index);
        }

        json.EndArray().EndObject();
        return json.ToArray();
    }

    private static void WriteEvent(
        JsonWriter json,
        HomeId home,
        DateTimeOffset time,
        IReadOnlyList<Event> events,
        int index
    )
    {
        var item = events[index];
        json.BeginObject().Name("t").String(ShortType(item.Type));
        if (item.Source != home.Source)
        {
            json.Name("i").String(item.Id).Name("s").String(item.Source);
        }

        if (item.Time != time)
        {
            json.Name("w").String(Timestamp.ToText(item.Time));
        }

        WriteCause(json, events, index);
        if (item.Principal != events[0].Principal)
        {
            json.Name("p").String(item.Principal.Value);
        }

        if (item.ExpiryTime is { } expiry)
        {
            json.Name("x").String(Timestamp.ToText(expiry));
        }

        json.Name("d");
        item.Data.WriteInRow(json);
        json.EndObject();
    }

    private static void WriteCause(JsonWriter json, IReadOnlyList<Event> events, int index)
    {
        var item = events[index];
        var back = item.Cause is { } cause
            ? item.Sequence.Value - cause.Sequence.Value
            : long.MaxValue;
        var inRow = back <= index;
        if (inRow && back != 1)
        {
            json.Name("c").Number(back);
        }
        else if (!inRow)
        {
            if (index > 0)
            {
                json.Name("c").Number(0);
            }

            if (item.Cause is { } outside)
            {
                JsonRead.Ref(json, "C", outside);
            }
        }

        var parent = inRow ? events[index - (int)back] : null;
        if (item.Root != (parent?.Root ?? item.Ref))
        {
            JsonRead.Ref(json, "r", item.Root);
        }

        if (item.Depth != (parent?.Depth ?? 0))
        {
            json.Name("n").Number(item.Depth);
        }
    }

    public static IReadOnlyList<Event> Decode(
        HomeId home,
        Sequence first,
        DateTimeOffset time,
        ReadOnlyMemory<byte> body
    )
    {
        using var document = JsonDocument.Parse(body, JsonRead.Own);
        var row = document.RootElement;
        var version = row.GetProperty("v").GetInt32();
        if (version != Version)
        {
            throw new NotSupportedException(
                $"Row {first.Value} has format {version}; this version of Hearth reads {Version}."
            );
        }

        var principal = JsonRead.Text(row, "p") is { } name
            ? new Principal(name)
            : Principal.Anonymous;
        var list = row.GetProperty("e");
        var events = new List<Event>(list.GetArrayLength());
        foreach (var json in list.EnumerateArray())
        {
            var sequence = new Sequence(first.Value + events.Count);
            events.Add(ReadEvent(json, home, sequence, time, principal, events));
        }

        return events;
    }

    private static Event ReadEvent(
        JsonElement json,
        HomeId home,
        Sequence sequence,
        DateTimeOffset time,
        Principal principal,
        List<Event> before
    )
    {
        var id = JsonRead.Text(json, "i") ?? sequence.ToString();
        var back = JsonRead.Number(json, "c", absent: before.Count == 0 ? 0 : 1);
        var parent = back == 0 ? null : before[before.Count - (int)back];
        var self = new EventRef(sequence, id);
        return new Event
        {
            Sequence = sequence,
            Id = id,
            Source = JsonRead.Text(json, "s") ?? home.Source,
            Time = JsonRead.OptionalTime(json, "w") ?? time,
            RecordedTime = time,
            Principal = JsonRead.Text(json, "p") is { } other ? new Principal(other) : principal,
            Cause = parent?.Ref ?? JsonRead.Ref(json, "C"),
            Root = JsonRead.Ref(json, "r") ?? parent?.Root ?? self,
            ExpiryTime = JsonRead.OptionalTime(json, "x"),
            Depth = (int)JsonRead.Number(json, "n", parent?.Depth ?? 0),
            Data = ReadData(json),
        };
    }

    private static EventData ReadData(JsonElement json)
    {
        var type = JsonRead.Required(json, "t");
        return type switch
        {
            Received => MessageReceived.Read(json.GetProperty("d"), Words.Letters),
            Changed => Devices.StateChanged.Read(json.GetProperty("d"), Words.Letters),
            _ => EventCatalogue.Read(type[0] == '.' ? Own + type : type, json),
        };
    }

    /// <summary>What rows have in which an event is of a type, or of one that begins so: "a.*".
    /// </summary>
    public static IEnumerable<byte[]> MarksOf(string type)
    {
        var isBeginning = type.EndsWith(".*", StringComparison.Ordinal);
        var text = isBeginning ? type[..^1] : type;
        ReadOnlySpan<byte> end = isBeginning ? [] : "\""u8;
        List<byte[]> marks = [Mark(ShortType(text), end)];
        if (isBeginning)
        {
            foreach (
                var common in (string[])[MessageReceived.TypeName, Devices.StateChanged.TypeName]
            )
            {
                if (common.StartsWith(text, StringComparison.Ordinal))
                {
                    marks.Add(Mark(ShortType(common), "\""u8));
                }
            }
        }

        return marks;

        static byte[] Mark(string shortType, ReadOnlySpan<byte> end) =>
            [.. "\"t\":\""u8, .. RowMarks.Inside(shortType), .. end];
    }

    private const string Own = "hearth";
    private const string Received = ".m";
    private const string Changed = ".s";

    private static string ShortType(string type) =>
        type switch
        {
            MessageReceived.TypeName => Received,
            Devices.StateChanged.TypeName => Changed,
            _ when type.StartsWith("hearth.", StringComparison.Ordinal) => type[Own.Length..],
            _ => type,
        };
}
