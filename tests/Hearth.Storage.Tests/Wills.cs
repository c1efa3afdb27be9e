using Hearth.Core.Events;

namespace Hearth.Storage.Tests;

public sealed class Wills : IDisposable
{
    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_will_comes_back_as_it_was_saved()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        var full = Will("a", 1) with
        {
            Properties = new MessageProperties("text/plain", User: [new("x", "y")]),
            Address = "192.0.2.7:1234",
            DueAt = AHome.Start,
        };
        var empty = Will("b", 2) with { Payload = new Payload(default) };

        await log.SaveSessionsAsync(home.Id, new() { WillsSaved = [full, empty] }, Token);

        var wills = await log.WillsAsync(home.Id, Token);
        Assert.Equal(full.Properties.User, wills[0].Properties!.User);
        Assert.Equal(
            full with
            {
                Properties = null,
                Payload = wills[0].Payload,
            },
            wills[0] with
            {
                Properties = null,
            }
        );
        Assert.Equal("offline", wills[0].Payload.Text);
        Assert.True(wills[1].Payload.IsEmpty);
        Assert.Null(wills[1].DueAt);
    }

    [Fact]
    public async Task A_will_is_taken_away_for_its_own_connection_only()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await log.SaveSessionsAsync(
            home.Id,
            new() { WillsSaved = [Will("a", 1), Will("b", 1)] },
            Token
        );

        await log.SaveSessionsAsync(
            home.Id,
            new() { WillsRemoved = [new("a", 1)], WillsSaved = [Will("a", 2)] },
            Token
        );
        await log.SaveSessionsAsync(home.Id, new() { WillsRemoved = [new("a", 1)] }, Token);

        Assert.Equal(
            [new WillKey("a", 2), new WillKey("b", 1)],
            (await log.WillsAsync(home.Id, Token)).Select(will => will.Key)
        );
    }

    private static WillRecord Will(string client, long connection) =>
        new(
            new WillKey(client, connection),
            "lamp/availability",
            Payload.FromText("offline"),
            Qos: 1,
            Retain: true,
            Properties: null,
            DelaySeconds: 3,
            GraceSeconds: 60,
            Address: null,
            DueAt: null
        );
}
