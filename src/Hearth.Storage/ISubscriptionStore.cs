using Hearth.Core.Events;

namespace Hearth.Storage;

/// <summary>
/// What belongs to subscriptions beside the log: how they stand, how far deliveries have come, what
/// was given up, and the secrets, which only deliveries read.
/// </summary>
public interface ISubscriptionStore
{
    /// <summary>Every subscription with its progress, by id: committed by construction.</summary>
    Task<IReadOnlyList<SubscriptionRecord>> SubscriptionsAsync(
        HomeId home,
        CancellationToken cancellationToken
    );

    /// <summary>One subscription; null where there is none of this id.</summary>
    Task<SubscriptionRecord?> SubscriptionAsync(
        HomeId home,
        string subscription,
        CancellationToken cancellationToken
    );

    /// <summary>The secrets of a subscription by their names.</summary>
    Task<IReadOnlyList<StoredSecret>> SecretsAsync(
        HomeId home,
        string subscription,
        CancellationToken cancellationToken
    );

    /// <summary>Keeps a secret, before the event that names it.</summary>
    /// <param name="replaced">A secret that this one takes the place of, and until when it is still
    /// good.</param>
    Task SaveSecretAsync(
        HomeId home,
        string subscription,
        StoredSecret secret,
        (string Ref, DateTimeOffset Until)? replaced,
        CancellationToken cancellationToken
    );

    /// <summary>Forgets the secrets of a subscription that is not there: it was refused, or removed
    /// in the meantime.</summary>
    Task ForgetSecretsAsync(HomeId home, string subscription, CancellationToken cancellationToken);

    /// <summary>
    /// Writes how far deliveries have come; durable when it completes, sharing commits with the
    /// log. What belongs to a removed subscription, or to a lower epoch, is left out.
    /// </summary>
    Task SaveProgressAsync(
        HomeId home,
        IReadOnlyList<SubscriptionChange> changes,
        CancellationToken cancellationToken
    );

    /// <summary>The newest attempts before a number, newest first.</summary>
    Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync(
        HomeId home,
        string subscription,
        long before,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Dead letters after a number, oldest first.</summary>
    Task<IReadOnlyList<DeadLetterRecord>> DeadLettersAsync(
        HomeId home,
        string subscription,
        long after,
        int limit,
        bool onlyToReplay,
        CancellationToken cancellationToken
    );

    /// <summary>Marks dead letters to be delivered again: one, or all of them.</summary>
    /// <returns>How many there were to mark.</returns>
    Task<int> ReplayDeadLettersAsync(
        HomeId home,
        string subscription,
        long? number,
        CancellationToken cancellationToken
    );
}

/// <param name="Definition">What it asks for, JSON without secrets.</param>
/// <param name="Secret">The name of the secret that signs.</param>
/// <param name="PausedFor">Why nothing is delivered; null while it is.</param>
/// <param name="Created">The event that made it: what comes after it is delivered.</param>
/// <param name="Progress">Null before the first delivery.</param>
public sealed record SubscriptionRecord(
    string Id,
    string Definition,
    string Secret,
    string? Credential,
    string? CredentialType,
    Principal Owner,
    string? PausedFor,
    Sequence Created,
    Sequence Changed,
    SubscriptionProgress? Progress,
    long Delivered,
    long DeadLetters,
    long LastDeadLetter
);

/// <summary>How far a subscription has come.</summary>
/// <param name="Epoch">Raised by each follower that takes it over.</param>
/// <param name="Cursor">Everything up to here is delivered, given up or not wanted.</param>
/// <param name="Agreement">What the sink has said to being notified.</param>
/// <param name="FailingSince">When the first of the failures since the last success was.</param>
/// <param name="Failures">How many there were since.</param>
public sealed record SubscriptionProgress(
    long Epoch,
    Sequence Cursor,
    SinkAgreement? Agreement,
    DateTimeOffset? FailingSince,
    int Failures,
    DateTimeOffset? NextAttempt,
    string? LastProblem
);

/// <param name="Answer"><c>granted</c> or <c>refused</c>.</param>
/// <param name="Sink">The address that was asked.</param>
/// <param name="RatePerMinute">What it allows; null for any rate.</param>
public sealed record SinkAgreement(string Answer, string Detail, string Sink, int? RatePerMinute);

/// <param name="Until">When it stops being good; null while it is the one in use.</param>
public sealed record StoredSecret(string Ref, string Value, DateTimeOffset? Until);

/// <summary>What has become of one subscription since it was written last.</summary>
/// <param name="Letters">Dead letters that are new or have changed.</param>
/// <param name="Replayed">Dead letters that were delivered after all.</param>
public sealed record SubscriptionChange(
    string Subscription,
    SubscriptionProgress Progress,
    IReadOnlyList<DeliveryRecord> Deliveries,
    IReadOnlyList<DeadLetterRecord> Letters,
    IReadOnlyList<long> Replayed
);

/// <summary>One attempt to deliver one event.</summary>
/// <param name="Sequence">0 for a test, which is not in the log.</param>
/// <param name="Outcome"><c>delivered</c> or <c>failed</c>.</param>
/// <param name="Status">The sink's HTTP status; null where it gave none.</param>
public sealed record DeliveryRecord(
    long Number,
    Sequence Sequence,
    string Event,
    string Type,
    DateTimeOffset At,
    int Milliseconds,
    string Outcome,
    int? Status,
    string Detail
);

/// <summary>An event that was given up, or a gap of events that the log no longer holds.</summary>
/// <param name="Last">Of an event the same as <paramref name="First"/>.</param>
/// <param name="Body">The event as a CloudEvent in JSON; null for a gap.</param>
/// <param name="Replay">True while it waits to be delivered again.</param>
public sealed record DeadLetterRecord(
    long Number,
    Sequence First,
    Sequence Last,
    string? Event,
    string? Type,
    DateTimeOffset At,
    int Failures,
    string Detail,
    bool Replay,
    string? Body
);
