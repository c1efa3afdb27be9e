using System.Buffers;
using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Subscriptions;

/// <summary>Reads what a subscription asks for, and keeps everything that is wrong with it, each
/// with its JSON pointer.</summary>
internal sealed class DefinitionReader(ICollection<Fault> faults)
{
    /// <summary>The members of a definition, in their canonical order.</summary>
    public static readonly string[] Known =
    [
        "source",
        "types",
        "filters",
        "sink",
        "protocol",
        "protocolsettings",
        "config",
    ];

    private const int CharactersMax = 64 * 1024;
    private const int RateMax = 60_000;

    private static readonly SearchValues<char> TokenSigns = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>What Hearth or HTTP itself says in each delivery.</summary>
    private static readonly string[] OwnHeaders =
    [
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];

    public SubscriptionDefinition? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Fault("", "A subscription is a JSON object.");
            return null;
        }

        if (JsonText.Compact(json.GetRawText()) is null)
        {
            // Nothing of it could be read as text.
            Fault("", "A string has an unpaired surrogate.");
            return null;
        }

        var before = faults.Count;
        RefuseUnknown(json, "", Known);
        if (json.GetRawText().Length > CharactersMax)
        {
            Fault("", $"A subscription has at most {CharactersMax} characters.");
        }

        var protocol = ReadProtocol(json);
        var (sink, recipient) = ReadSink(json, protocol);
        var source = ReadSource(json);
        var types = ReadTypes(json);
        var filters = ReadFilters(json);
        var settings = ReadSettings(json, protocol);
        var mode = ReadMode(settings);
        ReadMethod(settings);
        var headers = ReadHeaders(settings);
        var rate = ReadConfig(json);
        return faults.Count > before
            ? null
            : new SubscriptionDefinition
            {
                Text = SubscriptionDefinition.Canonical(json),
                Protocol = protocol,
                Sink = sink!,
                Recipient = recipient,
                Mode = mode,
                Headers = headers,
                RatePerMinute = rate,
                Source = source,
                Types = types,
                Filters = filters,
            };
    }

    private SinkProtocol ReadProtocol(JsonElement json)
    {
        switch (Text(json, "protocol", "", isRequired: true))
        {
            case null or "HTTP":
                return SinkProtocol.Http;
            case "SMTP":
                return SinkProtocol.Smtp;
            case var other:
                Fault(
                    "/protocol",
                    $"\"{other}\" is not delivered here; write \"HTTP\", or \"SMTP\" for e-mail."
                );
                return SinkProtocol.Http;
        }
    }

    /// <summary>What says how it is delivered; an e-mail has nothing of the kind.</summary>
    private JsonElement? ReadSettings(JsonElement json, SinkProtocol protocol)
    {
        var settings = Object(json, "protocolsettings");
        if (protocol == SinkProtocol.Smtp && settings?.GetPropertyCount() > 0)
        {
            Fault("/protocolsettings", "Leave this out; an e-mail has no settings of its own.");
            return null;
        }

        return settings;
    }

    private (Uri? Sink, string? Recipient) ReadSink(JsonElement json, SinkProtocol protocol)
    {
        if (Text(json, "sink", "", isRequired: true) is not { } text)
        {
            return default;
        }

        return SinkAddress.Read(text, protocol, detail => Fault("/sink", detail));
    }

    private string? ReadSource(JsonElement json)
    {
        if (Text(json, "source", "") is not { } source)
        {
            return null;
        }

        if (!UriText.IsReference(source))
        {
            Fault("/source", $"\"{source}\" is no URI reference, such as /garden/gate.");
        }

        return source;
    }

    private HashSet<string>? ReadTypes(JsonElement json)
    {
        if (!Has(json, "types", out var types))
        {
            return null;
        }

        if (types.ValueKind != JsonValueKind.Array)
        {
            Fault("/types", "Write a list of event types.");
            return null;
        }

        var index = 0;
        foreach (var type in types.EnumerateArray())
        {
            if (type.ValueKind != JsonValueKind.String || type.GetString() is not { Length: > 0 })
            {
                Fault($"/types/{index}", "Write a type, a string that is not empty.");
                return null;
            }

            index++;
        }

        return index == 0 ? null : [.. types.EnumerateArray().Select(type => type.GetString()!)];
    }

    private List<SubscriptionFilter> ReadFilters(JsonElement json)
    {
        var filters = new List<SubscriptionFilter>();
        if (!Has(json, "filters", out var list))
        {
            return filters;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            Fault("/filters", "Write a list of filters; an event must match every one of them.");
            return filters;
        }

        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (SubscriptionFilter.Read(item, $"/filters/{index++}", faults) is { } filter)
            {
                filters.Add(filter);
            }
        }

        return filters;
    }

    private ContentMode ReadMode(JsonElement? settings)
    {
        if (settings is not { } json)
        {
            return ContentMode.Structured;
        }

        const string at = "/protocolsettings";
        RefuseUnknown(json, at, "headers", "method", "contentmode");
        var mode = Text(json, "contentmode", at);
        if (mode is not (null or "structured" or "binary"))
        {
            Fault(at + "/contentmode", $"\"{mode}\" is neither \"structured\" nor \"binary\".");
        }

        return mode == "binary" ? ContentMode.Binary : ContentMode.Structured;
    }

    private void ReadMethod(JsonElement? settings)
    {
        if (
            settings is { } json
            && Text(json, "method", "/protocolsettings") is { } method
            && method != "POST"
        )
        {
            Fault("/protocolsettings/method", $"Deliveries are made with POST, not {method}.");
        }
    }

    private List<KeyValuePair<string, string>> ReadHeaders(JsonElement? settings)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (settings is not { } json || Object(json, "headers", "/protocolsettings") is not { } map)
        {
            return headers;
        }

        foreach (var member in map.EnumerateObject())
        {
            var at = "/protocolsettings/headers/" + JsonText.PointerStep(member.Name);
            var name = member.Name;
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenSigns))
            {
                Fault(at, "is no name of a header");
            }
            else if (IsOwn(name))
            {
                Fault(
                    at,
                    "is said by Hearth or by HTTP itself; a credential belongs in sinkcredential"
                );
            }
            else if (
                member.Value.ValueKind != JsonValueKind.String
                || member.Value.GetString()!.Any(sign => sign is < ' ' or > '~')
            )
            {
                Fault(at, "must be a string of printable ASCII");
            }
            else
            {
                headers.Add(KeyValuePair.Create(name, member.Value.GetString()!));
            }
        }

        return headers;
    }

    private static bool IsOwn(string name)
    {
        var lower = name.ToLowerInvariant();
        return OwnHeaders.Contains(lower)
            || lower.StartsWith("ce-", StringComparison.Ordinal)
            || lower.StartsWith("webhook-", StringComparison.Ordinal);
    }

    private int? ReadConfig(JsonElement json)
    {
        if (Object(json, "config") is not { } config)
        {
            return null;
        }

        RefuseUnknown(config, "/config", "name", "rate");
        Text(config, "name", "/config");
        if (!Has(config, "rate", out var rate))
        {
            return null;
        }

        if (
            rate.ValueKind == JsonValueKind.Number
            && rate.TryGetInt32(out var number)
            && number is >= 1 and <= RateMax
        )
        {
            return number;
        }

        Fault("/config/rate", $"Write how many deliveries a minute at most, 1 to {RateMax}.");
        return null;
    }

    private JsonElement? Object(JsonElement json, string name, string at = "")
    {
        if (!Has(json, name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return value;
        }

        Fault($"{at}/{name}", "must be an object");
        return null;
    }

    private string? Text(JsonElement json, string name, string at, bool isRequired = false)
    {
        if (!Has(json, name, out var value))
        {
            if (isRequired)
            {
                Fault($"{at}/{name}", $"{name} is missing.");
            }

            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        Fault($"{at}/{name}", "must be a string that is not empty");
        return null;
    }

    private void RefuseUnknown(JsonElement json, string at, params string[] known)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                Fault(
                    $"{at}/{JsonText.PointerStep(member.Name)}",
                    "is not known here; known are " + string.Join(", ", known)
                );
            }
        }
    }

    private static bool Has(JsonElement json, string name, out JsonElement value) =>
        json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private void Fault(string pointer, string detail) => faults.Add(new Fault(pointer, detail));
}
