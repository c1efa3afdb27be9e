using System.Text;
using System.Text.Json;

namespace Hearth.Core.Templates;

/// <summary>
/// What a message carries, read as often as templates ask and parsed at most once: <c>value</c> is
/// its text, <c>value_json</c> its JSON. One instance serves all entities that read the message.
/// </summary>
public sealed class TemplatePayload
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _bytes;
    private string? _text;
    private JsonElement? _json;
    private bool _isParsed;
    private TemplateValue? _value;

    public TemplatePayload(ReadOnlyMemory<byte> utf8)
    {
        _bytes = utf8;
    }

    public TemplatePayload(string text)
    {
        _bytes = Encoding.UTF8.GetBytes(text);
        _text = text;
    }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The payload as text; throws a TemplateException where it is not UTF-8.</summary>
    public string Text => _text ??= Decoded();

    /// <summary>The payload's JSON, or null where it is none.</summary>
    public JsonElement? Json
    {
        get
        {
            if (!_isParsed)
            {
                _json = Parsed();
                _isParsed = true;
            }
            return _json;
        }
    }

    /// <summary>The JSON as a template value, undefined where the payload is no JSON.</summary>
    public TemplateValue JsonValue =>
        _value ??= Json is JsonElement json
            ? PythonJson.From(json)
            : TemplateValue.Undefined("'value_json' is undefined: the payload is no JSON.");

    private string Decoded()
    {
        try
        {
            return StrictUtf8.GetString(_bytes.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new TemplateException("The payload is not UTF-8 text.", e);
        }
    }

    private JsonElement? Parsed()
    {
        if (_bytes.IsEmpty)
        {
            return null;
        }
        try
        {
            var reader = new Utf8JsonReader(_bytes.Span);
            var element = JsonElement.ParseValue(ref reader);
            if (reader.Read())
            {
                return null;
            }
            // A half of a surrogate pair is JSON by its grammar, but no text. Finding it here
            // keeps every later read free of surprises.
            if (_bytes.Span.IndexOf("\\ud"u8) >= 0 || _bytes.Span.IndexOf("\\uD"u8) >= 0)
            {
                _ = PythonJson.From(element);
            }
            return element;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
