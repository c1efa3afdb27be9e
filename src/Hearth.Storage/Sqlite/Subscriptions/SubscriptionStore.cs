using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Subscriptions;

/// <summary>What belongs to subscriptions, in the database of the log: written by its one writer,
/// in its transactions.</summary>
internal sealed class SubscriptionStore(Func<LogWriter> writer, Func<Readers> readers)
    : ISubscriptionStore
{
    public Task<IReadOnlyList<SubscriptionRecord>> SubscriptionsAsync(
        HomeId home,
        CancellationToken cancellationToken
    ) => ReadAsync(home, reader => reader.All(), [], cancellationToken);

    public Task<SubscriptionRecord?> SubscriptionAsync(
        HomeId home,
        string subscription,
        CancellationToken cancellationToken
    ) => ReadAsync(home, reader => reader.One(subscription), null, cancellationToken);

    public Task<IReadOnlyList<StoredSecret>> SecretsAsync(
        HomeId home,
        string subscription,
        CancellationToken cancellationToken
    ) => ReadAsync(home, reader => reader.Secrets(subscription), [], cancellationToken);

    public Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync(
        HomeId home,
        string subscription,
        long before,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            home,
            reader => reader.Deliveries(subscription, before, limit),
            [],
            cancellationToken
        );

    public Task<IReadOnlyList<DeadLetterRecord>> DeadLettersAsync(
        HomeId home,
        string subscription,
        long after,
        int limit,
        bool onlyToReplay,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            home,
            reader => reader.DeadLetters(subscription, after, limit, onlyToReplay),
            [],
            cancellationToken
        );

    public Task SaveSecretAsync(
        HomeId home,
        string subscription,
        StoredSecret secret,
        (string Ref, DateTimeOffset Until)? replaced,
        CancellationToken cancellationToken
    ) =>
        WriteAsync(
            home,
            tables =>
            {
                tables.SaveSecret(subscription, secret, replaced);
                return 1;
            },
            cancellationToken
        );

    public Task ForgetSecretsAsync(
        HomeId home,
        string subscription,
        CancellationToken cancellationToken
    ) => WriteAsync(home, tables => tables.ForgetSecrets(subscription), cancellationToken);

    public Task SaveProgressAsync(
        HomeId home,
        IReadOnlyList<SubscriptionChange> changes,
        CancellationToken cancellationToken
    ) =>
        WriteAsync(
            home,
            tables =>
            {
                foreach (var change in changes)
                {
                    tables.Save(change);
                }

                return changes.Count;
            },
            cancellationToken
        );

    public Task<int> ReplayDeadLettersAsync(
        HomeId home,
        string subscription,
        long? number,
        CancellationToken cancellationToken
    ) => WriteAsync(home, tables => tables.Replay(subscription, number), cancellationToken);

    private async Task<int> WriteAsync(
        HomeId home,
        Func<SubscriptionTables, int> write,
        CancellationToken cancellationToken
    )
    {
        var work = new WriteSubscriptions(home, write);
        await writer().QueueAsync(work);
        return await work.Done.WaitAsync(cancellationToken);
    }

    private Task<T> ReadAsync<T>(
        HomeId home,
        Func<SubscriptionReader, T> read,
        T absent,
        CancellationToken cancellationToken
    ) =>
        readers()
            .ReadAsync(
                home,
                (database, number) => read(new SubscriptionReader(database, number)),
                absent,
                cancellationToken
            );

    private sealed class WriteSubscriptions(HomeId home, Func<SubscriptionTables, int> write)
        : AwaitedWork<int>(home)
    {
        private int _result;

        public override void Write(LogTables tables) =>
            _result = write(tables.SubscriptionsOf(Home));

        protected override int Result() => _result;
    }
}
