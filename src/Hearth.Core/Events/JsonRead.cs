using System.Text.Json;

namespace Hearth.Core.Events;

/// <summary>Reads members of JSON that we wrote ourselves, and writes them where both ways belong
/// together: what is absent is null.</summary>
internal static class JsonRead
{
    /// <summary>What comes from outside is at most 64 levels deep; what we wrote around it, a run
    /// with all that its variables hold in a snapshot, must be read back all the same.</summary>
    public static readonly JsonDocumentOptions Own = new() { MaxDepth = 1_024 };

    public static JsonElement Parse(string json) => JsonElement.Parse(json, Own);

    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static string Required(JsonElement json, string name) =>
        json.GetProperty(name).GetString()!;

    public static string? Raw(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetRawText() : null;

    public static long Number(JsonElement json, string name, long absent = 0) =>
        json.TryGetProperty(name, out var value) ? value.GetInt64() : absent;

    public static bool Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.GetBoolean();

    public static DateTimeOffset Time(JsonElement json, string name) =>
        Timestamp.Parse(Required(json, name));

    public static DateTimeOffset? OptionalTime(JsonElement json, string name) =>
        Text(json, name) is { } text ? Timestamp.Parse(text) : null;

    public static void OptionalTime(JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } moment)
        {
            json.Name(name).String(Timestamp.ToText(moment));
        }
    }

    public static EventRef? Ref(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value)
            ? new EventRef(new Sequence(value[0].GetInt64()), value[1].GetString()!)
            : null;

    public static void Ref(JsonWriter json, string name, EventRef reference) =>
        json.Name(name)
            .BeginArray()
            .Number(reference.Sequence.Value)
            .String(reference.Id)
            .EndArray();
}

/// <summary>
/// Times as text: RFC 3339, UTC as <c>Z</c>, as many digits of the second as there are (up to
/// seven).
/// </summary>
public static class Timestamp
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";

    public static string ToText(DateTimeOffset time) =>
        time.Offset == TimeSpan.Zero ? time.ToString(Format) + "Z" : time.ToString(Format + "zzz");

    public static DateTimeOffset Parse(string text) =>
        DateTimeOffset.ParseExact(
            text,
            [Format + "K", Format + "zzz"],
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal
        );
}
