using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Subscriptions;

/// <summary>How everything about the subscriptions of one home is read.</summary>
internal readonly struct SubscriptionReader(Database database, long home)
{
    private const string SelectSubscriptions = """
        SELECT s.subscription, definition, secret, credential, credential_type, owner,
            paused_for, created, changed, p.subscription IS NOT NULL, epoch, cursor, agreement,
            agreement_detail, agreed_sink, agreed_rate, failing_since, failures, next_attempt,
            last_problem,
            (SELECT coalesce(max(no), 0) FROM deliveries d
                WHERE d.home = s.home AND d.subscription = s.subscription),
            (SELECT count(*) FROM dead_letters l
                WHERE l.home = s.home AND l.subscription = s.subscription),
            (SELECT coalesce(max(no), 0) FROM dead_letters l
                WHERE l.home = s.home AND l.subscription = s.subscription)
        FROM subscriptions s
        LEFT JOIN subscription_progress p
            ON p.home = s.home AND p.subscription = s.subscription
        WHERE s.home = ?1
        """;

    public IReadOnlyList<SubscriptionRecord> All() =>
        Read(database[SelectSubscriptions + " ORDER BY s.subscription"].Bind(1, home));

    public SubscriptionRecord? One(string id) =>
        Read(database[SelectSubscriptions + " AND s.subscription = ?2"].Bind(1, home).Bind(2, id))
            .FirstOrDefault();

    public IReadOnlyList<StoredSecret> Secrets(string subscription)
    {
        var statement = database[
            """
            SELECT ref, value, until FROM subscription_secrets
            WHERE home = ?1 AND subscription = ?2 ORDER BY ref
            """
        ]
            .Bind(1, home)
            .Bind(2, subscription);
        var secrets = new List<StoredSecret>();
        while (statement.Step())
        {
            secrets.Add(new StoredSecret(statement.Text(0), statement.Text(1), Time(statement, 2)));
        }

        return secrets;
    }

    public IReadOnlyList<DeliveryRecord> Deliveries(string subscription, long before, int limit)
    {
        var statement = database[
            """
            SELECT no, sequence, event, type, at, milliseconds, outcome, status, detail
            FROM deliveries WHERE home = ?1 AND subscription = ?2 AND no < ?3
            ORDER BY no DESC LIMIT ?4
            """
        ]
            .Bind(1, home)
            .Bind(2, subscription)
            .Bind(3, before)
            .Bind(4, limit);
        var deliveries = new List<DeliveryRecord>();
        while (statement.Step())
        {
            deliveries.Add(
                new DeliveryRecord(
                    statement.Long(0),
                    new Sequence(statement.Long(1)),
                    Event: statement.Text(2),
                    Type: statement.Text(3),
                    LogKey.Time(statement.Long(4)),
                    Milliseconds: (int)statement.Long(5),
                    Outcome: statement.Text(6),
                    Status: (int?)statement.OptionalLong(7),
                    Detail: statement.Text(8)
                )
            );
        }

        return deliveries;
    }

    public IReadOnlyList<DeadLetterRecord> DeadLetters(
        string subscription,
        long after,
        int limit,
        bool onlyToReplay
    )
    {
        var statement = database[
            """
            SELECT no, first, last, event, type, at, failures, detail, replay, body
            FROM dead_letters
            WHERE home = ?1 AND subscription = ?2 AND no > ?3 AND replay >= ?5
            ORDER BY no LIMIT ?4
            """
        ]
            .Bind(1, home)
            .Bind(2, subscription)
            .Bind(3, after)
            .Bind(4, limit)
            .Bind(5, onlyToReplay);
        var letters = new List<DeadLetterRecord>();
        while (statement.Step())
        {
            letters.Add(
                new DeadLetterRecord(
                    statement.Long(0),
                    new Sequence(statement.Long(1)),
                    new Sequence(statement.Long(2)),
                    Event: statement.OptionalText(3),
                    Type: statement.OptionalText(4),
                    LogKey.Time(statement.Long(5)),
                    Failures: (int)statement.Long(6),
                    Detail: statement.Text(7),
                    Replay: statement.Flag(8),
                    Body: statement.OptionalText(9)
                )
            );
        }

        return letters;
    }

    private static List<SubscriptionRecord> Read(Statement statement)
    {
        var all = new List<SubscriptionRecord>();
        while (statement.Step())
        {
            all.Add(
                new SubscriptionRecord(
                    statement.Text(0),
                    Definition: statement.Text(1),
                    Secret: statement.Text(2),
                    Credential: statement.OptionalText(3),
                    CredentialType: statement.OptionalText(4),
                    Owner: new Principal(statement.Text(5)),
                    PausedFor: statement.OptionalText(6),
                    Created: new Sequence(statement.Long(7)),
                    Changed: new Sequence(statement.Long(8)),
                    Progress: statement.Flag(9) ? Progress(statement) : null,
                    Delivered: statement.Long(20),
                    DeadLetters: statement.Long(21),
                    LastDeadLetter: statement.Long(22)
                )
            );
        }

        return all;
    }

    private static SubscriptionProgress Progress(Statement statement) =>
        new(
            Epoch: statement.Long(10),
            Cursor: new Sequence(statement.Long(11)),
            Agreement: statement.OptionalText(12) is { } answer
                ? new SinkAgreement(
                    answer,
                    statement.Text(13),
                    statement.Text(14),
                    (int?)statement.OptionalLong(15)
                )
                : null,
            FailingSince: Time(statement, 16),
            Failures: (int)statement.Long(17),
            NextAttempt: Time(statement, 18),
            LastProblem: statement.OptionalText(19)
        );

    private static DateTimeOffset? Time(Statement statement, int column) =>
        statement.OptionalLong(column) is { } at ? LogKey.Time(at) : null;
}
