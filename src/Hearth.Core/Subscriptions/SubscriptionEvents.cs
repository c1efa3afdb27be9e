using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Subscriptions;

/// <summary>What is said about one subscription. Secrets never stand in an event: it names the
/// row in which one lies.</summary>
public abstract record SubscriptionEvent(string Subscription) : EventData
{
    public override string Subject => "subscription." + Subscription;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject().Name("subscription").String(Subscription);
        WriteMore(json);
        json.EndObject();
    }

    private protected virtual void WriteMore(JsonWriter json) { }

    private protected static string Id(JsonElement json) => JsonRead.Required(json, "subscription");
}

/// <summary>Which rows hold what is written and never read back.</summary>
/// <param name="Signing">The secret that signs deliveries.</param>
/// <param name="Credential">What the sink wants to be shown; null where it wants nothing.</param>
/// <param name="CredentialType">Its type in the words of the CloudEvents Subscriptions API.</param>
public sealed record SecretRefs(string Signing, string? Credential, string? CredentialType)
{
    internal void Write(JsonWriter json)
    {
        json.Name("secret").String(Signing);
        if (Credential is not null)
        {
            json.Name("credential").String(Credential);
            json.Name("credential_type").String(CredentialType!);
        }
    }

    internal static SecretRefs Read(JsonElement json) =>
        new(
            JsonRead.Required(json, "secret"),
            JsonRead.Text(json, "credential"),
            JsonRead.Text(json, "credential_type")
        );
}

/// <summary>Somebody wants to be notified.</summary>
/// <param name="Definition">What was asked for, a JSON object without any secret.</param>
public sealed record SubscriptionCreated(string Subscription, string Definition, SecretRefs Secrets)
    : SubscriptionEvent(Subscription)
{
    public const string TypeName = "hearth.subscription.created";

    public override string Type => TypeName;

    private protected override void WriteMore(JsonWriter json)
    {
        json.Name("definition").Raw(Definition);
        Secrets.Write(json);
    }

    internal static SubscriptionCreated Read(JsonElement json) =>
        new(Id(json), JsonRead.Raw(json, "definition")!, SecretRefs.Read(json));
}

/// <summary>A subscription was replaced, or got another secret.</summary>
public sealed record SubscriptionUpdated(string Subscription, string Definition, SecretRefs Secrets)
    : SubscriptionEvent(Subscription)
{
    public const string TypeName = "hearth.subscription.updated";

    public override string Type => TypeName;

    private protected override void WriteMore(JsonWriter json)
    {
        json.Name("definition").Raw(Definition);
        Secrets.Write(json);
    }

    internal static SubscriptionUpdated Read(JsonElement json) =>
        new(Id(json), JsonRead.Raw(json, "definition")!, SecretRefs.Read(json));
}

public sealed record SubscriptionRemoved(string Subscription) : SubscriptionEvent(Subscription)
{
    public const string TypeName = "hearth.subscription.removed";

    public override string Type => TypeName;

    internal static SubscriptionRemoved Read(JsonElement json) => new(Id(json));
}

/// <summary>Nothing is delivered until it is resumed; nothing is lost meanwhile either.</summary>
/// <param name="Reason"><c>asked</c>, or <c>gone</c> where the sink has answered 410.</param>
public sealed record SubscriptionPaused(string Subscription, string Reason)
    : SubscriptionEvent(Subscription)
{
    public const string TypeName = "hearth.subscription.paused";

    public const string Asked = "asked";

    public const string Gone = "gone";

    public override string Type => TypeName;

    private protected override void WriteMore(JsonWriter json) =>
        json.Name("reason").String(Reason);

    internal static SubscriptionPaused Read(JsonElement json) =>
        new(Id(json), JsonRead.Required(json, "reason"));
}

public sealed record SubscriptionResumed(string Subscription) : SubscriptionEvent(Subscription)
{
    public const string TypeName = "hearth.subscription.resumed";

    public override string Type => TypeName;

    internal static SubscriptionResumed Read(JsonElement json) => new(Id(json));
}

/// <summary>Events were given up for this subscription; they lie in its dead letters.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Reason">A sentence that says why.</param>
public sealed record SubscriptionDeadLettered(
    string Subscription,
    Sequence First,
    Sequence Last,
    string Reason
) : SubscriptionEvent(Subscription)
{
    public const string TypeName = "hearth.subscription.dead_lettered";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Domain;

    private protected override void WriteMore(JsonWriter json) =>
        json.Name("first")
            .Number(First.Value)
            .Name("last")
            .Number(Last.Value)
            .Name("reason")
            .String(Reason);

    internal static SubscriptionDeadLettered Read(JsonElement json) =>
        new(
            Id(json),
            new Sequence(json.GetProperty("first").GetInt64()),
            new Sequence(json.GetProperty("last").GetInt64()),
            JsonRead.Required(json, "reason")
        );
}
