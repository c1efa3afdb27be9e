using System.Text.Json;
using System.Text.Json.Serialization;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;
using Hearth.Storage;

namespace Hearth.Hub.Subscriptions;

/// <summary>A subscription in the words of the CloudEvents Subscriptions API, and how it stands.
/// </summary>
/// <param name="Sinkcredential">Its type only; a secret is written, never read.</param>
internal sealed record SubscriptionBody(
    string Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyList<string>? Types,
    IReadOnlyList<JsonElement> Filters,
    string Sink,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        CredentialBody? Sinkcredential,
    string Protocol,
    JsonElement Protocolsettings,
    JsonElement Config,
    SubscriptionStatusBody Status
)
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    public static SubscriptionBody Of(
        SubscriptionRecord record,
        SubscriptionProgress? live,
        Sequence head
    )
    {
        var json = JsonElement.Parse(record.Definition);
        return new SubscriptionBody(
            record.Id,
            Member(json, "source")?.GetString(),
            Member(json, "types") is { } types
                ? [.. types.EnumerateArray().Select(type => type.GetString()!)]
                : null,
            Member(json, "filters") is { } filters ? [.. filters.EnumerateArray()] : [],
            json.GetProperty("sink").GetString()!,
            record.CredentialType is { } type ? new CredentialBody(type) : null,
            json.GetProperty("protocol").GetString()!,
            Member(json, "protocolsettings") ?? Empty,
            Member(json, "config") ?? Empty,
            SubscriptionStatusBody.Of(record, live ?? record.Progress, head)
        );
    }

    private static JsonElement? Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value : null;
}

/// <param name="Credentialtype">PLAIN or ACCESSTOKEN.</param>
internal sealed record CredentialBody(string Credentialtype);

/// <summary>How a subscription stands.</summary>
/// <param name="State">active; paused by somebody; or ended, because the sink has answered 410.
/// </param>
/// <param name="Agreement">What the sink has said to being notified: pending, granted or refused.
/// </param>
/// <param name="AgreementDetail">Why it is refused.</param>
/// <param name="Rate">How many deliveries a minute the sink allows; null for any number.</param>
/// <param name="Cursor">Everything up to this sequence is delivered, given up or not wanted.
/// </param>
/// <param name="Behind">How many events of the log come after the cursor, wanted or not.</param>
/// <param name="FailingSince">When the first failure since the last success was.</param>
/// <param name="DeadLetters">How many events were given up and lie there.</param>
/// <param name="Owner">Who made it.</param>
internal sealed record SubscriptionStatusBody(
    string State,
    string Agreement,
    string? AgreementDetail,
    int? Rate,
    string Cursor,
    long Behind,
    DateTimeOffset? FailingSince,
    int Failures,
    DateTimeOffset? NextAttempt,
    string? LastProblem,
    long DeadLetters,
    string Owner
)
{
    public static SubscriptionStatusBody Of(
        SubscriptionRecord record,
        SubscriptionProgress? progress,
        Sequence head
    )
    {
        var cursor = progress?.Cursor ?? record.Created;
        return new SubscriptionStatusBody(
            record.PausedFor switch
            {
                null => "active",
                SubscriptionPaused.Gone => "ended",
                _ => "paused",
            },
            progress?.Agreement?.Answer ?? "pending",
            progress?.Agreement is { Detail.Length: > 0 } refused ? refused.Detail : null,
            progress?.Agreement?.RatePerMinute,
            cursor.ToString(),
            Math.Max(0, head.Value - cursor.Value),
            progress?.FailingSince,
            progress?.Failures ?? 0,
            progress?.NextAttempt,
            progress?.LastProblem,
            record.DeadLetters,
            record.Owner.Value
        );
    }
}

/// <summary>A subscription that was just made.</summary>
/// <param name="Secret">What its deliveries are signed with; shown this once.</param>
internal sealed record SubscriptionMadeBody(string Secret, SubscriptionBody Subscription);

/// <summary>What a subscription asks for.</summary>
/// <param name="Source">Only events of this source.</param>
/// <param name="Types">Only events of one of these types.</param>
/// <param name="Filters">Filters that an event must all match; each an object with one dialect:
/// exact, prefix, suffix (attributes with their texts), all, any (lists of filters), not (a filter)
/// or topic (an MQTT filter; only messages have a topic).</param>
/// <param name="Sink">Where events are delivered to: http, https, or mailto: with one address.
/// </param>
/// <param name="Sinkcredential">PLAIN with identifier and secret, or ACCESSTOKEN with accesstoken.
/// Left out, PUT keeps what is there; null takes it away.</param>
/// <param name="Protocol">HTTP, or SMTP for e-mail.</param>
/// <param name="Protocolsettings">For HTTP: headers (texts by name), contentmode (structured or
/// binary), method (POST).</param>
/// <param name="Config">name, and rate: at most so many deliveries a minute.</param>
internal sealed record SubscriptionRequestBody(
    string? Source,
    IReadOnlyList<string>? Types,
    IReadOnlyList<JsonElement>? Filters,
    string Sink,
    JsonElement? Sinkcredential,
    string Protocol,
    JsonElement? Protocolsettings,
    JsonElement? Config
);

/// <param name="Secret">whsec_ with 24 to 64 bytes in base64; left out, a new one is made.</param>
/// <param name="KeepSeconds">How long the old one signs, too: up to a week, a day by default.
/// </param>
internal sealed record SecretRequestBody(string? Secret, int? KeepSeconds);

/// <param name="Secret">What deliveries are signed with from now on; shown this once.</param>
/// <param name="PreviousUntil">Until when the old one signs, too.</param>
internal sealed record SecretBody(string Secret, DateTimeOffset PreviousUntil);
