using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Templates;

/// <summary>All that a template can see. Nothing else reaches it: no clock, no I/O.</summary>
public sealed class TemplateContext
{
    private JsonElement _json;
    private bool _isJsonKnown;
    private TemplateValue? _value;
    private TemplateValue? _valueJson;
    private TemplateValue? _states;

    public static TemplateContext Empty { get; } = new();

    /// <summary>Gives the variables <c>value</c> and <c>value_json</c>.</summary>
    public Payload? Payload { get; init; }

    /// <summary>More variables by name; they win over the payload's.</summary>
    public TemplateVariables? Variables { get; init; }

    /// <summary>The home whose states the template sees. Default none: no entity is there.
    /// </summary>
    public IHomeView Home { get; init; } = HomePicture.Empty;

    /// <summary>What <c>now()</c> answers.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The home's time zone. Default UTC.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    internal TemplateValue States => _states ??= TemplateValue.From(new StatesView(Home));

    internal DateTimeOffset LocalNow => TimeZoneInfo.ConvertTime(Now, TimeZone);

    /// <summary>The payload's JSON; undefined where it is none that templates can read.</summary>
    internal JsonElement PayloadJson
    {
        get
        {
            if (!_isJsonKnown)
            {
                _isJsonKnown = true;
                _json = Payload is null ? default : Readable(Payload);
            }
            return _json;
        }
    }

    /// <summary>The context of a message; all entities that read the message share it.</summary>
    internal static TemplateContext Of(Payload payload, DateTimeOffset now)
    {
        if (payload.Seen is not { } seen || seen.Now != now)
        {
            seen = new TemplateContext { Payload = payload, Now = now };
            payload.Seen = seen;
        }
        return seen;
    }

    /// <summary>The payload's variables: its text, and its JSON as Python's values.</summary>
    internal bool TryGetPayload(string name, out TemplateValue value)
    {
        value = default;
        if (Payload is null || name is not ("value" or "value_json"))
        {
            return false;
        }
        value = name == "value" ? _value ??= TextOf(Payload) : _valueJson ??= ReadJson();
        return true;
    }

    private static TemplateValue TextOf(Payload payload) =>
        payload.Text is { } text
            ? TemplateValue.From(text)
            : throw new TemplateException("The payload is not UTF-8 text.");

    private TemplateValue ReadJson() =>
        PayloadJson.ValueKind == JsonValueKind.Undefined
            ? TemplateValue.Undefined("'value_json' is undefined: the payload is no JSON.")
            : PythonJson.From(PayloadJson);

    // Half of a surrogate pair is JSON by its grammar, but no text. Finding it here keeps every
    // later read free of surprises.
    private static JsonElement Readable(Payload payload)
    {
        var json = payload.Json;
        var bytes = payload.Bytes.Span;
        bool isSuspect = bytes.IndexOf("\\ud"u8) >= 0 || bytes.IndexOf("\\uD"u8) >= 0;
        return isSuspect && !PythonJson.IsReadable(json) ? default : json;
    }
}
