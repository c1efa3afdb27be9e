using Hearth.Core.Events;

namespace Hearth.Core.Subscriptions;

/// <summary>Something about one subscription.</summary>
public abstract record SubscriptionInput(string Id) : Input;

/// <param name="Id">A new id; the edge makes it.</param>
/// <param name="Definition">A JSON object in the words of the CloudEvents Subscriptions API,
/// without any secret.</param>
/// <param name="Secrets">Where its secrets lie already.</param>
public sealed record CreateSubscription(string Id, string Definition, SecretRefs Secrets)
    : SubscriptionInput(Id);

/// <param name="KeepsCredential">True where the credential stays what it was.</param>
public sealed record ReplaceSubscription(
    string Id,
    string Definition,
    bool KeepsCredential,
    string? Credential,
    string? CredentialType
) : SubscriptionInput(Id);

/// <summary>Deliveries are signed with another secret from now on.</summary>
public sealed record RotateSubscriptionSecret(string Id, string Secret) : SubscriptionInput(Id);

public sealed record RemoveSubscription(string Id) : SubscriptionInput(Id);

public sealed record PauseSubscription(string Id, string Reason) : SubscriptionInput(Id);

public sealed record ResumeSubscription(string Id) : SubscriptionInput(Id);

/// <summary>Deliveries were given up.</summary>
public sealed record ReportDeadLetters(string Id, Sequence First, Sequence Last, string Reason)
    : SubscriptionInput(Id);
