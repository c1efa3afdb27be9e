using Hearth.Core.Events;

namespace Hearth.Storage.Tests;

public sealed class Sessions : IDisposable
{
    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_session_comes_back_as_it_was_saved()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        var connected = Session("a") with
        {
            Cursor = new Sequence(7),
            ExpirySeconds = uint.MaxValue,
        };
        var gone = Session("b") with { DisconnectedAt = AHome.Start };

        await log.SaveSessionsAsync(home.Id, new() { Saved = [connected, gone] }, Token);

        var sessions = await log.SessionsAsync(home.Id, Token);
        Assert.Equal(
            [connected, gone],
            sessions.Select(item => item with { Received = [], Sent = [] })
        );
    }

    [Fact]
    public async Task An_older_epoch_changes_nothing()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        var newer = Session("a") with { Epoch = 2, Cursor = new Sequence(9) };
        await log.SaveSessionsAsync(home.Id, new() { Saved = [newer] }, Token);

        await log.SaveSessionsAsync(
            home.Id,
            new() { Saved = [newer with { Epoch = 1, Cursor = new Sequence(3) }] },
            Token
        );

        var session = Assert.Single(await log.SessionsAsync(home.Id, Token));
        Assert.Equal((2L, new Sequence(9)), (session.Epoch, session.Cursor));
    }

    [Fact]
    public async Task A_packet_taken_with_its_commit_is_known_until_it_is_released()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await log.SaveSessionsAsync(home.Id, new() { Saved = [Session("a")] }, Token);
        home.Received.AddRange([new("a", 65535), new("a", 1), new("other", 3)]);
        await home.ReadingAsync(1);

        var taken = Assert.Single(await log.SessionsAsync(home.Id, Token)).Received;
        await log.SaveSessionsAsync(
            home.Id,
            new() { Released = [new ReceivedPacket("a", 1)] },
            Token
        );
        var left = Assert.Single(await log.SessionsAsync(home.Id, Token)).Received;

        Assert.Equal([(ushort)1, (ushort)65535], taken.Order());
        Assert.Equal([(ushort)65535], left);
    }

    [Fact]
    public async Task A_packet_of_a_fenced_commit_is_not_taken()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await log.SaveSessionsAsync(home.Id, new() { Saved = [Session("a")] }, Token);
        home.Owner--;
        home.Received.Add(new ReceivedPacket("a", 1));

        await Assert.ThrowsAsync<LogFencedException>(() => home.ReadingAsync(1));

        Assert.Empty(Assert.Single(await log.SessionsAsync(home.Id, Token)).Received);
    }

    [Fact]
    public async Task A_session_that_is_taken_away_takes_its_packets_along()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await log.SaveSessionsAsync(home.Id, new() { Saved = [Session("a"), Session("b")] }, Token);
        home.Received.Add(new ReceivedPacket("a", 1));
        await home.ReadingAsync(1);

        await log.SaveSessionsAsync(home.Id, new() { Removed = ["a"] }, Token);
        await log.SaveSessionsAsync(home.Id, new() { Saved = [Session("a")] }, Token);

        var sessions = await log.SessionsAsync(home.Id, Token);
        Assert.Equal(["a", "b"], sessions.Select(session => session.Client));
        Assert.Empty(sessions[0].Received);
    }

    private static SessionRecord Session(string client) =>
        new(
            client,
            Epoch: 1,
            Sequence.None,
            """[{"filter":"#","qos":1}]""",
            ExpirySeconds: 3600,
            DisconnectedAt: null,
            Received: []
        );
}
