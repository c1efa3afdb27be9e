using System.Text.Json;

namespace Hearth.Core.Events;

/// <summary>
/// How long a row of the log lives; a row has the class of its longest-lived event.
/// </summary>
public enum RetentionClass
{
    /// <summary>Raw messages: one day by default.</summary>
    Message = 0,

    /// <summary>Changes of state: ten days by default.</summary>
    State = 1,

    /// <summary>Automations, commands, what programs publish: one year by default.</summary>
    Domain = 2,

    /// <summary>Access and configuration: for ever by default.</summary>
    Audit = 3,
}

/// <summary>
/// What an event says, as one record per type of the catalogue. A type's text and the members of
/// its data are stable API.
/// </summary>
public abstract record EventData
{
    private protected EventData() { }

    /// <summary>The CloudEvents type, <c>hearth.state.changed</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The CloudEvents subject: the entity, device or automation it is about.</summary>
    public virtual string? Subject => null;

    public abstract RetentionClass Retention { get; }

    /// <summary>
    /// Writes the event's <c>data</c> as a JSON object, the same bytes every time.
    /// </summary>
    internal abstract void Write(JsonWriter json);

    /// <summary>The data as JSON, for rules; undefined where it is none.</summary>
    internal virtual JsonElement AsJson()
    {
        var json = new JsonWriter();
        Write(json);
        return JsonElement.Parse(json.Written, JsonRead.Own);
    }

    /// <summary>Writes the data as it stands in a row; shorter for what fills a log.</summary>
    internal virtual void WriteInRow(JsonWriter json) => Write(json);
}

/// <summary>
/// An immutable fact in the log of a home: a CloudEvents 1.0 event with what the home asserts
/// about it. Everything is by value; nothing in it changes once it is made.
/// </summary>
public sealed record Event
{
    public required Sequence Sequence { get; init; }

    /// <summary>Unique together with <see cref="Source"/>. What the home says of itself has its
    /// sequence as id.</summary>
    public required string Id { get; init; }

    public required string Source { get; init; }

    /// <summary>When it happened: for a deadline, the moment it was due.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the home took it on its turn; never before its cause's.</summary>
    public required DateTimeOffset RecordedTime { get; init; }

    public required Principal Principal { get; init; }

    /// <summary>The event that led directly to this one; null for the first of a chain.</summary>
    public EventRef? Cause { get; init; }

    /// <summary>The first event of the chain; itself where there is no cause.</summary>
    public required EventRef Root { get; init; }

    /// <summary>Until when a command is worth carrying out.</summary>
    public DateTimeOffset? ExpiryTime { get; init; }

    /// <summary>How many causes lead to this one within reach of automations; 0 for a root. A
    /// chain that grows too deep is a loop, and is stopped.</summary>
    public int Depth { get; init; }

    public required EventData Data { get; init; }

    public string Type => Data.Type;

    public EventRef Ref => new(Sequence, Id);

    public override string ToString() => $"{Sequence.Value} {Type} {Data.Subject}";
}

/// <summary>
/// What a program publishes: any type but <c>hearth.…</c>, its data kept as it came.
/// </summary>
/// <param name="Kind">What <paramref name="Content"/> is: JSON as it is, text, or base64.</param>
/// <param name="Extensions">CloudEvents extension attributes, in ordinal order of their names,
/// values as JSON text.</param>
public sealed record ProgramEvent(
    string ProgramType,
    string? ProgramSubject,
    string? DataContentType,
    string? DataSchema,
    ContentKind Kind,
    string? Content,
    IReadOnlyList<KeyValuePair<string, string>> Extensions
) : EventData
{
    public override string Type => ProgramType;

    public override string? Subject => ProgramSubject;

    public override RetentionClass Retention => RetentionClass.Domain;

    internal override JsonElement AsJson() =>
        Kind == ContentKind.Json && Content is not null ? JsonElement.Parse(Content) : default;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject();
        if (ProgramSubject is not null)
        {
            json.Name("subject").String(ProgramSubject);
        }

        if (DataContentType is not null)
        {
            json.Name("datacontenttype").String(DataContentType);
        }

        if (DataSchema is not null)
        {
            json.Name("dataschema").String(DataSchema);
        }

        if (Extensions.Count > 0)
        {
            json.Name("extensions").BeginObject();
            foreach (var (name, value) in Extensions)
            {
                json.Name(name).Raw(value);
            }

            json.EndObject();
        }

        if (Content is not null)
        {
            WriteContent(json);
        }

        json.EndObject();
    }

    internal void WriteContent(JsonWriter json)
    {
        json.Name(Kind == ContentKind.Base64 ? "data_base64" : "data");
        if (Kind == ContentKind.Json)
        {
            json.Raw(Content!);
        }
        else
        {
            json.String(Content!);
        }
    }

    internal static ProgramEvent Read(string type, JsonElement json)
    {
        var contentType = JsonRead.Text(json, "datacontenttype");
        var extensions = json.TryGetProperty("extensions", out var map)
            ? map.EnumerateObject()
                .Select(member => KeyValuePair.Create(member.Name, member.Value.GetRawText()))
                .ToArray()
            : [];
        var (kind, content) = ReadContent(json, contentType);
        return new ProgramEvent(
            type,
            JsonRead.Text(json, "subject"),
            contentType,
            JsonRead.Text(json, "dataschema"),
            kind,
            content,
            extensions
        );
    }

    private static (ContentKind, string?) ReadContent(JsonElement json, string? contentType)
    {
        if (json.TryGetProperty("data_base64", out var base64))
        {
            return (ContentKind.Base64, base64.GetString());
        }

        if (!json.TryGetProperty("data", out var data))
        {
            return (ContentKind.Json, null);
        }

        return IsJson(contentType)
            ? (ContentKind.Json, data.GetRawText())
            : (ContentKind.Text, data.GetString());
    }

    /// <summary>
    /// A content type that says JSON; CloudEvents take an absent one for JSON, too.
    /// </summary>
    public static bool IsJson(string? contentType)
    {
        if (contentType is null)
        {
            return true;
        }

        var media = contentType.Split(';')[0].Trim();
        return media.EndsWith("/json", StringComparison.OrdinalIgnoreCase)
            || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>What the content of a program's event is.</summary>
public enum ContentKind
{
    Json,
    Text,
    Base64,
}
