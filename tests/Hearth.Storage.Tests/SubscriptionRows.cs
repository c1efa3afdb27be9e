using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Storage.Tests;

/// <summary>What belongs to subscriptions beside the log.</summary>
public sealed class SubscriptionRows : IDisposable
{
    private static readonly SecretRefs Secrets = new("key_1", null, null);
    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_subscription_moves_with_the_log_and_goes_with_all_that_belongs_to_it()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        var store = log.Subscriptions;
        var secret = new StoredSecret("key_1", "whsec_x", null);
        await store.SaveSecretAsync(home.Id, "sub_1", secret, null, Token);
        await home.AppendAsync([new SubscriptionCreated("sub_1", """{"sink":"x"}""", Secrets)]);
        await home.AppendAsync([new SubscriptionPaused("sub_1", SubscriptionPaused.Gone)]);
        await store.SaveProgressAsync(home.Id, [Change("sub_1", epoch: 1, cursor: 9)], Token);

        var record = Assert.Single(await store.SubscriptionsAsync(home.Id, Token));
        Assert.Equal(
            ("gone", 1L, 2L),
            (record.PausedFor, record.Created.Value, record.Changed.Value)
        );
        Assert.Equal(9, record.Progress!.Cursor.Value);
        Assert.Equal((1L, 1L, 1L), (record.Delivered, record.DeadLetters, record.LastDeadLetter));
        Assert.Equal(secret, Assert.Single(await store.SecretsAsync(home.Id, "sub_1", Token)));

        await home.AppendAsync([new SubscriptionRemoved("sub_1")]);
        // A line that is still writing does not bring anything back.
        await store.SaveProgressAsync(home.Id, [Change("sub_1", epoch: 1, cursor: 10)], Token);

        Assert.Empty(await store.SubscriptionsAsync(home.Id, Token));
        Assert.Empty(await store.SecretsAsync(home.Id, "sub_1", Token));
        Assert.Empty(await store.DeliveriesAsync(home.Id, "sub_1", long.MaxValue, 9, Token));
        Assert.Empty(await store.DeadLettersAsync(home.Id, "sub_1", 0, 9, false, Token));
    }

    [Fact]
    public async Task Secrets_of_a_subscription_that_never_was_are_forgotten()
    {
        var (kept, orphan) = (
            new StoredSecret("key_1", "a", null),
            new StoredSecret("key_2", "b", null)
        );
        await using (var log = await _folder.OpenAsync())
        {
            var home = new AHome(log);
            await home.OpenAsync();
            var store = log.Subscriptions;
            await store.SaveSecretAsync(home.Id, "sub_1", kept, null, Token);
            await home.AppendAsync([new SubscriptionCreated("sub_1", "{}", Secrets)]);
            await store.SaveSecretAsync(home.Id, "sub_2", orphan, null, Token);
            await store.SaveSecretAsync(home.Id, "sub_3", orphan, null, Token);

            await store.ForgetSecretsAsync(home.Id, "sub_1", Token);
            await store.ForgetSecretsAsync(home.Id, "sub_2", Token);

            Assert.Equal([kept], await store.SecretsAsync(home.Id, "sub_1", Token));
            Assert.Empty(await store.SecretsAsync(home.Id, "sub_2", Token));
            Assert.Single(await store.SecretsAsync(home.Id, "sub_3", Token));
        }

        // The hub ended before sub_3 was made.
        await using var again = await _folder.OpenAsync();
        Assert.Equal(
            [kept],
            await again.Subscriptions.SecretsAsync(HomeId.Default, "sub_1", Token)
        );
        Assert.Empty(await again.Subscriptions.SecretsAsync(HomeId.Default, "sub_3", Token));
    }

    [Fact]
    public async Task A_follower_that_was_replaced_moves_no_cursor()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.AppendAsync([new SubscriptionCreated("sub_1", "{}", Secrets)]);
        var store = log.Subscriptions;
        await store.SaveProgressAsync(home.Id, [Change("sub_1", epoch: 2, cursor: 5)], Token);
        await store.SaveProgressAsync(home.Id, [Change("sub_1", epoch: 1, cursor: 3)], Token);

        var record = Assert.Single(await store.SubscriptionsAsync(home.Id, Token));

        Assert.Equal(5, record.Progress!.Cursor.Value);
    }

    [Fact]
    public async Task Only_the_newest_attempts_and_dead_letters_are_kept()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.AppendAsync([new SubscriptionCreated("sub_1", "{}", Secrets)]);
        var store = log.Subscriptions;
        for (var number = 1; number <= 1005; number++)
        {
            var change = Change("sub_1", epoch: 1, cursor: number, number);
            await store.SaveProgressAsync(home.Id, [change], Token);
        }

        var attempts = await store.DeliveriesAsync(home.Id, "sub_1", long.MaxValue, 2000, Token);
        var letters = await store.DeadLettersAsync(home.Id, "sub_1", 0, 2000, false, Token);

        Assert.Equal((200, 1005L), (attempts.Count, attempts[0].Number));
        Assert.Equal((1000, 6L), (letters.Count, letters[0].Number));
    }

    [Fact]
    public async Task Dead_letters_are_marked_to_be_delivered_again_but_gaps_are_not()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.AppendAsync([new SubscriptionCreated("sub_1", "{}", Secrets)]);
        var store = log.Subscriptions;
        await store.SaveProgressAsync(home.Id, [Change("sub_1", 1, 1)], Token);
        var gap = Change("sub_1", 1, 2, 2);
        gap = gap with { Letters = [gap.Letters[0] with { Body = null }] };
        await store.SaveProgressAsync(home.Id, [gap], Token);

        Assert.Equal(1, await store.ReplayDeadLettersAsync(home.Id, "sub_1", null, Token));
        Assert.Equal(0, await store.ReplayDeadLettersAsync(home.Id, "sub_1", 2, Token));
        var marked = await store.DeadLettersAsync(home.Id, "sub_1", 0, 9, true, Token);
        Assert.Equal(1, Assert.Single(marked).Number);
    }

    private static SubscriptionChange Change(string id, long epoch, long cursor, int number = 1) =>
        new(
            id,
            new SubscriptionProgress(epoch, new Sequence(cursor), null, null, 0, null, null),
            [new DeliveryRecord(number, default, "e", "t", AHome.Start, 3, "failed", 500, "no")],
            [
                new DeadLetterRecord(
                    number,
                    default,
                    default,
                    "e",
                    "t",
                    AHome.Start,
                    1,
                    "",
                    false,
                    "{}"
                ),
            ],
            []
        );
}
