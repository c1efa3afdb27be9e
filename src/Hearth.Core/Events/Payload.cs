using System.Text;
using System.Text.Json;
using Hearth.Core.Templates;

namespace Hearth.Core.Events;

/// <summary>
/// The bytes of a message, and what they turn out to be, found once and shared by everyone who
/// reads the same message. Kept byte for byte: JSON goes into the log as it is, other UTF-8 text
/// as a string, anything else as base64.
/// </summary>
public sealed class Payload
{
    public static readonly Payload Empty = new(ReadOnlyMemory<byte>.Empty);

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private string? _text;
    private bool _textTried;
    private JsonElement _json;
    private bool _jsonTried;

    public Payload(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    public ReadOnlyMemory<byte> Bytes { get; }

    public bool IsEmpty => Bytes.IsEmpty;

    /// <summary>The payload as text, or null when it is not UTF-8.</summary>
    public string? Text
    {
        get
        {
            if (!_textTried)
            {
                _textTried = true;
                _text = Decode(Bytes.Span);
            }

            return _text;
        }
    }

    /// <summary>
    /// The payload as JSON; <see cref="JsonValueKind.Undefined"/> when it is not JSON of at most
    /// 64 levels.
    /// </summary>
    public JsonElement Json
    {
        get
        {
            if (!_jsonTried)
            {
                _jsonTried = true;
                _json = Parse(Bytes);
            }

            return _json;
        }
    }

    /// <summary>How templates see this message, made once for all entities that read it.
    /// </summary>
    internal TemplateContext? Seen { get; set; }

    public static Payload FromText(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Writes the payload as one member: <c>payload</c> (JSON), <c>payload_text</c> or
    /// <c>payload_base64</c>; nothing when empty. JSON with blanks around it counts as text, so
    /// that every byte comes back.
    /// </summary>
    internal void Write(JsonWriter json, Words words)
    {
        if (IsEmpty)
        {
            return;
        }

        var bytes = Bytes.Span;
        if (!IsBlank(bytes[0]) && !IsBlank(bytes[^1]) && IsJson(bytes))
        {
            json.Name(words.Payload).Raw(bytes);
        }
        else if (Text is { } text)
        {
            json.Name(words.PayloadText).String(text);
        }
        else
        {
            json.Name(words.PayloadBase64).Base64(bytes);
        }
    }

    internal static Payload Read(JsonElement data, Words words)
    {
        if (data.TryGetProperty(words.Payload, out var inline))
        {
            return FromText(inline.GetRawText());
        }

        if (data.TryGetProperty(words.PayloadText, out var text))
        {
            return FromText(text.GetString()!);
        }

        return data.TryGetProperty(words.PayloadBase64, out var base64)
            ? new Payload(base64.GetBytesFromBase64())
            : Empty;
    }

    private bool IsJson(ReadOnlySpan<byte> bytes)
    {
        if (_jsonTried)
        {
            return _json.ValueKind != JsonValueKind.Undefined;
        }

        if (!MayBeJson(bytes))
        {
            return false;
        }

        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read()) { }
            // The reader takes bad UTF-8 inside strings as it comes; a row must be clean text.
            return System.Text.Unicode.Utf8.IsValid(bytes);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Most payloads that are no JSON are words such as ON; finding that out by an exception of the
    // parser costs twenty times as much as all the rest of a message.
    private static bool MayBeJson(ReadOnlySpan<byte> bytes)
    {
        var trimmed = bytes.Trim(" \t\r\n"u8);
        if (trimmed.IsEmpty)
        {
            return false;
        }

        return trimmed[0] switch
        {
            (byte)'{' => trimmed[^1] == (byte)'}',
            (byte)'[' => trimmed[^1] == (byte)']',
            (byte)'"' => trimmed.Length > 1 && trimmed[^1] == (byte)'"',
            (byte)'t' => trimmed.SequenceEqual("true"u8),
            (byte)'f' => trimmed.SequenceEqual("false"u8),
            (byte)'n' => trimmed.SequenceEqual("null"u8),
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => !trimmed.ContainsAnyExcept(OfNumbers),
            _ => false,
        };
    }

    private static readonly System.Buffers.SearchValues<byte> OfNumbers =
        System.Buffers.SearchValues.Create("0123456789+-.eE"u8);

    private static bool IsBlank(byte value) =>
        value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!MayBeJson(bytes.Span) || !System.Text.Unicode.Utf8.IsValid(bytes.Span))
        {
            return default;
        }

        try
        {
            return JsonElement.Parse(bytes.Span, Strict);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
