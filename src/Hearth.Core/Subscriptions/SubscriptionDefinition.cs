using System.Text;
using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Subscriptions;

/// <summary>How an event goes over HTTP (CloudEvents HTTP binding, section 3).</summary>
public enum ContentMode
{
    Structured,
    Binary,
}

/// <summary>How events get to a sink; the specification lets implementations add some.</summary>
public enum SinkProtocol
{
    /// <summary>To a web address.</summary>
    Http,

    /// <summary>As an e-mail, through the mail server of the hub's operator.</summary>
    Smtp,
}

/// <summary>
/// What a subscription asks for, in the words of the CloudEvents Subscriptions API: <c>source</c>,
/// <c>types</c>, <c>filters</c>, <c>sink</c>, <c>protocol</c>, <c>protocolsettings</c>,
/// <c>config</c>. No secret is in it.
/// </summary>
public sealed record SubscriptionDefinition
{
    internal SubscriptionDefinition() { }

    /// <summary>The definition as canonical JSON.</summary>
    public required string Text { get; init; }

    public required SinkProtocol Protocol { get; init; }

    public required Uri Sink { get; init; }

    /// <summary>Who gets the e-mails; null where the protocol is another.</summary>
    public string? Recipient { get; init; }

    public required ContentMode Mode { get; init; }

    /// <summary>What each delivery carries beside what Hearth says itself.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>At most so many deliveries a minute; null for as many as the sink allows.
    /// </summary>
    public int? RatePerMinute { get; init; }

    internal string? Source { get; init; }

    internal IReadOnlySet<string>? Types { get; init; }

    internal IReadOnlyList<SubscriptionFilter> Filters { get; init; } = [];

    /// <summary>Scheme, host and port of the sink; the whole of it where it has no host.</summary>
    public string Origin =>
        Protocol == SinkProtocol.Http ? Sink.GetLeftPart(UriPartial.Authority) : Sink.AbsoluteUri;

    /// <summary>Whether an event is wanted: everything that is asked for must hold.</summary>
    public bool Matches(Event item) =>
        (Types is null || Types.Contains(item.Type))
        && (Source is null || Source == item.Source)
        && Filters.All(filter => filter.Matches(item));

    /// <summary>Reads a definition, or says everything that is wrong with it.</summary>
    public static SubscriptionDefinition? Read(string json, ICollection<Fault> faults) =>
        Read(JsonElement.Parse(json), faults);

    /// <inheritdoc cref="Read(string, ICollection{Fault})"/>
    public static SubscriptionDefinition? Read(JsonElement json, ICollection<Fault> faults) =>
        new DefinitionReader(faults).Read(json);

    /// <summary>What says as much as if it were not there.</summary>
    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => true,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => value.GetPropertyCount() == 0,
            _ => false,
        };

    internal static string Canonical(JsonElement json)
    {
        var writer = new JsonWriter();
        writer.BeginObject();
        foreach (var name in DefinitionReader.Known)
        {
            if (
                json.TryGetProperty(name, out var value)
                && !IsEmpty(value)
                && JsonText.Compact(value.GetRawText()) is { } compact
            )
            {
                writer.Name(name).Raw(compact);
            }
        }

        writer.EndObject();
        return Encoding.UTF8.GetString(writer.Written);
    }
}
