using System.Net.WebSockets;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Durability;

/// <summary>Whoever follows the log over HTTP goes on where it was when the hub is back.</summary>
public sealed class Followers
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public Task An_event_stream_that_resumes_after_a_kill_misses_nothing_and_repeats_nothing() =>
        FollowAcrossKillsAsync((hub, after, over) => hub.Api.StreamAsync(after, over));

    [Fact]
    public Task A_WebSocket_that_resumes_after_a_kill_misses_nothing_and_repeats_nothing() =>
        FollowAcrossKillsAsync(EventSocket.FollowAsync);

    private static async Task FollowAcrossKillsAsync(
        Func<RunningHub, long, CancellationToken, IAsyncEnumerable<long>> stream
    )
    {
        await using var hub = await RunningHub.StartAsync();
        var ids = new List<long>();
        for (var round = 1; round <= 3; round++)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(
                TestContext.Current.CancellationToken
            );
            var following = FollowAsync(hub, ids, stream, over.Token);
            var last = await PublishAsync(hub, round);
            await Eventually.Holds(
                $"event {last} comes over the stream",
                Soon,
                () => Seen(ids).LastOrDefault() >= last,
                () => $"{string.Join(", ", Seen(ids))}; {following.Status}"
            );
            await hub.KillAsync();
            await following;
            await hub.StartAgainAsync();
        }

        var seen = Seen(ids);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(number => (long)number), seen);
    }

    /// <summary>Reads the stream after the last id until the hub is gone.</summary>
    private static async Task FollowAsync(
        RunningHub hub,
        List<long> ids,
        Func<RunningHub, long, CancellationToken, IAsyncEnumerable<long>> stream,
        CancellationToken cancellationToken
    )
    {
        var last = Seen(ids).LastOrDefault();
        try
        {
            await foreach (var id in stream(hub, last, cancellationToken))
            {
                lock (ids)
                {
                    ids.Add(id);
                }
            }
        }
        catch (Exception fault)
            when (fault is HttpRequestException or IOException or WebSocketException)
        {
            // The hub was killed; a browser would now wait and send its last id.
        }
    }

    /// <summary>The sequence of the last of some messages.</summary>
    private static async Task<long> PublishAsync(RunningHub hub, int round)
    {
        await using var peer = await Peer.ConnectAsync(hub, "writer");
        for (var number = 1; number <= 100; number++)
        {
            await peer.PublishAsync("follow/a", $"{round}-{number}");
        }

        return (
            await Twin.EventAsync(
                hub.Api,
                "hearth.message.received",
                item => item.Data.ToString().Contains($"\"{round}-100\"")
            )
        ).Sequence;
    }

    private static List<long> Seen(List<long> ids)
    {
        lock (ids)
        {
            return [.. ids];
        }
    }
}
