using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Storage.Sqlite.Subscriptions;

/// <summary>How everything about the subscriptions of one home is written.</summary>
internal readonly struct SubscriptionTables(Database database, long home)
{
    /// <summary>Attempts that are kept of each subscription, the newest ones.</summary>
    public const int DeliveriesKept = 200;

    /// <summary>Dead letters that are kept of each subscription, the newest ones.</summary>
    public const int LettersKept = 1000;

    /// <summary>What an event of the log changes.</summary>
    public void Apply(Event item, SubscriptionEvent data)
    {
        switch (data)
        {
            case SubscriptionCreated made:
                Define(item, made.Subscription, made.Definition, made.Secrets);
                break;
            case SubscriptionUpdated updated:
                Define(item, updated.Subscription, updated.Definition, updated.Secrets);
                break;
            case SubscriptionRemoved removed:
                Remove(removed.Subscription);
                break;
            case SubscriptionPaused paused:
                Pause(item, paused.Subscription, paused.Reason);
                break;
            case SubscriptionResumed resumed:
                Pause(item, resumed.Subscription, null);
                break;
            default:
                // That something was given up is history; the letter itself is a row.
                break;
        }
    }

    public void SaveSecret(
        string subscription,
        StoredSecret secret,
        (string Ref, DateTimeOffset Until)? replaced
    )
    {
        database["INSERT OR REPLACE INTO subscription_secrets VALUES (?1, ?2, ?3, ?4, ?5)"]
            .Bind(1, home)
            .Bind(2, subscription)
            .Bind(3, secret.Ref)
            .Bind(4, secret.Value)
            .Bind(5, secret.Until is { } until ? LogKey.Ticks(until) : (long?)null)
            .Run();
        if (replaced is { } old)
        {
            database[
                """
                UPDATE subscription_secrets SET until = ?4
                WHERE home = ?1 AND subscription = ?2 AND ref = ?3
                """
            ]
                .Bind(1, home)
                .Bind(2, subscription)
                .Bind(3, old.Ref)
                .Bind(4, LogKey.Ticks(old.Until))
                .Run();
        }
    }

    public int ForgetSecrets(string subscription) =>
        database[
            """
            DELETE FROM subscription_secrets WHERE home = ?1 AND subscription = ?2 AND NOT EXISTS
                (SELECT 1 FROM subscriptions WHERE home = ?1 AND subscription = ?2)
            """
        ]
            .Bind(1, home)
            .Bind(2, subscription)
            .Change();

    public void Save(SubscriptionChange change)
    {
        if (!SaveProgress(change.Subscription, change.Progress))
        {
            // It was removed, or another follower has it.
            return;
        }

        foreach (var delivery in change.Deliveries)
        {
            Save(change.Subscription, delivery);
        }

        foreach (var letter in change.Letters)
        {
            Save(change.Subscription, letter);
        }

        foreach (var number in change.Replayed)
        {
            database["DELETE FROM dead_letters WHERE home = ?1 AND subscription = ?2 AND no = ?3"]
                .Bind(1, home)
                .Bind(2, change.Subscription)
                .Bind(3, number)
                .Run();
        }

        if (change.Deliveries.Count > 0)
        {
            Forget("deliveries", change.Subscription, change.Deliveries[^1].Number, DeliveriesKept);
        }

        if (change.Letters.Count > 0)
        {
            Forget("dead_letters", change.Subscription, change.Letters[^1].Number, LettersKept);
        }
    }

    public int Replay(string subscription, long? number) =>
        database[
            """
            UPDATE dead_letters SET replay = 1
            WHERE home = ?1 AND subscription = ?2 AND (?3 IS NULL OR no = ?3) AND body IS NOT NULL
            """
        ]
            .Bind(1, home)
            .Bind(2, subscription)
            .Bind(3, number)
            .Change();

    private void Define(Event item, string id, string definition, SecretRefs secrets) =>
        database[
            """
            INSERT INTO subscriptions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?8)
            ON CONFLICT (home, subscription) DO UPDATE SET
                definition = excluded.definition, secret = excluded.secret,
                credential = excluded.credential, credential_type = excluded.credential_type,
                changed = excluded.changed
            """
        ]
            .Bind(1, home)
            .Bind(2, id)
            .Bind(3, definition)
            .Bind(4, secrets.Signing)
            .Bind(5, secrets.Credential)
            .Bind(6, secrets.CredentialType)
            .Bind(7, item.Principal.Value)
            .Bind(8, item.Sequence.Value)
            .Run();

    private void Pause(Event item, string id, string? reason) =>
        database[
            """
            UPDATE subscriptions SET paused_for = ?3, changed = ?4
            WHERE home = ?1 AND subscription = ?2
            """
        ]
            .Bind(1, home)
            .Bind(2, id)
            .Bind(3, reason)
            .Bind(4, item.Sequence.Value)
            .Run();

    private void Remove(string id)
    {
        Delete("subscriptions", id);
        Delete("subscription_progress", id);
        Delete("subscription_secrets", id);
        Delete("deliveries", id);
        Delete("dead_letters", id);
    }

    private void Delete(string table, string id) =>
        database[$"DELETE FROM {table} WHERE home = ?1 AND subscription = ?2"]
            .Bind(1, home)
            .Bind(2, id)
            .Run();

    private void Forget(string table, string id, long newest, int kept) =>
        database[$"DELETE FROM {table} WHERE home = ?1 AND subscription = ?2 AND no <= ?3"]
            .Bind(1, home)
            .Bind(2, id)
            .Bind(3, newest - kept)
            .Run();

    private bool SaveProgress(string id, SubscriptionProgress progress) =>
        database[
            """
            INSERT INTO subscription_progress
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 WHERE EXISTS
                (SELECT 1 FROM subscriptions WHERE home = ?1 AND subscription = ?2)
            ON CONFLICT (home, subscription) DO UPDATE SET
                epoch = excluded.epoch, cursor = excluded.cursor, agreement = excluded.agreement,
                agreement_detail = excluded.agreement_detail, agreed_sink = excluded.agreed_sink,
                agreed_rate = excluded.agreed_rate, failing_since = excluded.failing_since,
                failures = excluded.failures, next_attempt = excluded.next_attempt,
                last_problem = excluded.last_problem
            WHERE excluded.epoch >= epoch
            """
        ]
            .Bind(1, home)
            .Bind(2, id)
            .Bind(3, progress.Epoch)
            .Bind(4, progress.Cursor.Value)
            .Bind(5, progress.Agreement?.Answer)
            .Bind(6, progress.Agreement?.Detail)
            .Bind(7, progress.Agreement?.Sink)
            .Bind(8, progress.Agreement?.RatePerMinute)
            .Bind(9, Ticks(progress.FailingSince))
            .Bind(10, progress.Failures)
            .Bind(11, Ticks(progress.NextAttempt))
            .Bind(12, progress.LastProblem)
            .Change() == 1;

    private void Save(string id, DeliveryRecord delivery) =>
        database[
            """
            INSERT OR REPLACE INTO deliveries
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """
        ]
            .Bind(1, home)
            .Bind(2, id)
            .Bind(3, delivery.Number)
            .Bind(4, delivery.Sequence.Value)
            .Bind(5, delivery.Event)
            .Bind(6, delivery.Type)
            .Bind(7, LogKey.Ticks(delivery.At))
            .Bind(8, delivery.Milliseconds)
            .Bind(9, delivery.Outcome)
            .Bind(10, delivery.Status)
            .Bind(11, delivery.Detail)
            .Run();

    private void Save(string id, DeadLetterRecord letter) =>
        database[
            """
            INSERT OR REPLACE INTO dead_letters
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """
        ]
            .Bind(1, home)
            .Bind(2, id)
            .Bind(3, letter.Number)
            .Bind(4, letter.First.Value)
            .Bind(5, letter.Last.Value)
            .Bind(6, letter.Event)
            .Bind(7, letter.Type)
            .Bind(8, LogKey.Ticks(letter.At))
            .Bind(9, letter.Failures)
            .Bind(10, letter.Detail)
            .Bind(11, letter.Replay)
            .Bind(12, letter.Body)
            .Run();

    private static long? Ticks(DateTimeOffset? time) => time is { } at ? LogKey.Ticks(at) : null;
}
