using CsCheck;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;
using Hearth.Storage.Sqlite;

namespace Hearth.Storage.Tests;

public sealed class Truths : IDisposable
{
    private static readonly DeviceId Lamp = new("lamp");
    private static readonly EntityId Light = new("light.lamp");

    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_people_say_of_devices_and_areas_is_there_until_the_device_is_gone()
    {
        await using var log = await _folder.OpenAsync();
        var home = await ALampAsync(log);
        Assert.Equal(Arrangement.None, Assert.Single(await log.DevicesAsync(home.Id, Token)).Says);

        var says = new Arrangement("My lamp", "Büro", ["Work", "Quiet"]);
        await home.AppendAsync(
            [new DeviceArranged(Lamp, says)],
            [new AreaSaved("buero", "Büro", "Upstairs", ["Work"])],
            [new AreaSaved("hall", "Hall", null, [])],
            [new AreaSaved("buero", "Study", null, [])]
        );
        var device = Assert.Single(await log.DevicesAsync(home.Id, Token));
        Assert.Equal(
            (says.Name, says.Area, "Work Quiet"),
            (device.Says.Name, device.Says.Area, string.Join(' ', device.Says.Labels))
        );
        Assert.Equal(
            ["buero Study", "hall Hall"],
            (await log.AreasAsync(home.Id, Token)).Select(area => $"{area.Area} {area.Name}")
        );

        await home.AppendAsync([new DeviceRegistered(Lamp, new() { Identifiers = ["lamp"] }, [])]);
        device = Assert.Single(await log.DevicesAsync(home.Id, Token));
        Assert.Null(device.Says.Name);
    }

    [Fact]
    public async Task A_device_is_there_as_it_was_announced()
    {
        await using var log = await _folder.OpenAsync();
        var home = await ALampAsync(log);

        var device = Assert.Single(await log.DevicesAsync(home.Id, Token));
        var entity = Assert.Single(await log.EntitiesAsync(home.Id, Token));

        Assert.Equal(
            ("active", "unknown", "healthy"),
            (device.State, device.Connectivity, device.Health)
        );
        Assert.Equal("""{"identifiers":["lamp"],"name":"Lamp"}""", device.Description);
        Assert.True(device.Enabled);
        Assert.Equal((Light, Lamp, "light"), (entity.Id, entity.Device, entity.Component));
        Assert.Equal(("unknown", "{}", true), (entity.State, entity.Attributes, entity.Available));
        Assert.Equal("""{"command_topic":"lamp/set"}""", entity.Options);
        Assert.Null(entity.Desired);
    }

    [Fact]
    public async Task What_a_command_asks_for_stands_until_the_command_ends()
    {
        await using var log = await _folder.OpenAsync();
        var home = await ALampAsync(log);
        var on = new EntityState("on", Attributes.Empty.With("brightness", "128"), Available: true);

        await home.AppendAsync([new CommandRequested(Light, "light.turn_on", "{}", on)]);
        var first = home.Last;
        var asked = Assert.Single(await log.EntitiesAsync(home.Id, Token));
        await home.AppendAsync([new CommandRequested(Light, "light.turn_on", "{}", on)]);
        var second = home.Last;
        await home.AppendAsync([new CommandFailed(first, Light, "superseded")]);
        var superseded = Assert.Single(await log.EntitiesAsync(home.Id, Token));
        await home.AppendAsync([new CommandAcknowledged(second, Light)]);
        var done = Assert.Single(await log.EntitiesAsync(home.Id, Token));

        Assert.Equal("""{"state":"on","attributes":{"brightness":128}}""", asked.Desired);
        Assert.Equal(asked.Desired, superseded.Desired);
        Assert.Null(done.Desired);
        Assert.Equal(home.Last, done.Changed);
    }

    [Fact]
    public async Task A_retained_message_comes_back_byte_for_byte_until_an_empty_one_clears_it()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        byte[] bytes = [0, 255, 1, (byte)'x'];
        var properties = new MessageProperties(
            ContentType: "image/x",
            ExpirySeconds: 60,
            User: [KeyValuePair.Create("a", "b")]
        );
        await home.AppendAsync(
            [new MessageReceived("t", new Payload(bytes), 2, true, "cam", properties)],
            [new MessageReceived("u", Payload.FromText("x"), 0, true, "cam")],
            [new MessagePublished("hearth/status", Payload.FromText("online"), 1, true, null)]
        );

        var retained = await log.RetainedAsync(home.Id, Token);
        await home.AppendAsync([new MessageReceived("u", Payload.Empty, 0, true, "cam")]);
        var left = await log.RetainedAsync(home.Id, Token);

        Assert.Equal(["hearth/status", "t", "u"], retained.Select(item => item.Topic));
        Assert.Equal(bytes, retained[1].Payload.Bytes.ToArray());
        Assert.Equal(
            (2, "cam", new Sequence(1)),
            (retained[1].Qos, retained[1].Client, retained[1].Sequence)
        );
        Assert.Equal("image/x", retained[1].Properties!.ContentType);
        Assert.Equal(60u, retained[1].Properties!.ExpirySeconds);
        Assert.Equal("b", retained[1].Properties!.User![0].Value);
        Assert.Null(retained[2].Properties);
        Assert.Equal("", retained[0].Client);
        Assert.Equal(["hearth/status", "t"], left.Select(item => item.Topic));
    }

    [Fact]
    public async Task What_programs_published_is_known_for_seven_days()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        await home.AppendAsync([Published("a")], [Published("b")]);
        var a = new PublishedId(Principal.Anonymous, "/programs/test", "a-1");

        Assert.Equal(new Sequence(1), await FindAsync(log, home.Id, a));
        Assert.Null(await FindAsync(log, home.Id, a with { Id = "c-1" }));
        Assert.Null(await FindAsync(log, home.Id, a with { Source = "/x" }));
        Assert.Null(await FindAsync(log, home.Id, a with { Principal = new("user:x") }));
        Assert.Null(await FindAsync(log, new HomeId("other"), a));

        _folder.Time.Advance(TimeSpan.FromDays(7));
        Assert.Equal(new Sequence(1), await FindAsync(log, home.Id, a));
        _folder.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await FindAsync(log, home.Id, a));
    }

    [Fact]
    public async Task What_was_published_before_a_restart_is_known_beside_what_is_new()
    {
        await using (var before = await _folder.OpenAsync())
        {
            var home = new AHome(before);
            await home.OpenAsync();
            await home.AppendAsync([Published("a")]);
        }

        await using var log = await _folder.OpenAsync();
        var again = new AHome(log);
        await again.OpenAsync();
        await again.AppendAsync([Published("b")]);
        var ids = new[] { "c-1", "a-1", "b-1", "d-1" }
            .Select(id => new PublishedId(Principal.Anonymous, "/programs/test", id))
            .ToList();
        var first = await log.FindPublishedAsync(again.Id, ids, Token);
        await again.AppendAsync([Published("c")]);
        var second = await log.FindPublishedAsync(again.Id, ids, Token);

        Assert.Equal([null, 1, 2, null], first.Select(found => found?.Value));
        Assert.Equal([3, 1, 2, null], second.Select(found => found?.Value));
    }

    [Fact]
    public async Task One_device_or_entity_is_found_by_its_id_alone()
    {
        await using var log = await _folder.OpenAsync();
        var home = await ALampAsync(log);
        var (desk, power) = (new DeviceId("desk"), new EntityId("sensor.desk_power"));
        await home.AppendAsync([
            new DeviceRegistered(
                desk,
                new DeviceDescription { Identifiers = ["desk"] },
                [new EntityRegistration(power, new("sensor", "desk", "{}"))]
            ),
        ]);
        var devices = await log.DevicesAsync(home.Id, Token);
        var entities = await log.EntitiesAsync(home.Id, Token);

        Assert.Equal(devices[1], await log.DeviceAsync(home.Id, Lamp, Token));
        Assert.Equal(devices[0], await log.DeviceAsync(home.Id, desk, Token));
        Assert.Equal(entities[0], await log.EntityAsync(home.Id, Light, Token));
        Assert.Equal([entities[1]], await log.EntitiesOfAsync(home.Id, desk, Token));
        Assert.Null(await log.DeviceAsync(home.Id, new("lam"), Token));
        Assert.Null(await log.EntityAsync(home.Id, new("lamp"), Token));
        Assert.Empty(await log.EntitiesOfAsync(home.Id, new("lam"), Token));
        Assert.Null(await log.DeviceAsync(new HomeId("other"), Lamp, Token));
    }

    [Fact]
    public async Task A_home_has_room_for_so_many_refused_announcements_and_no_more()
    {
        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        for (var number = 0; number <= AnnouncementRefused.RememberedMax; number++)
        {
            await home.AppendAsync([new AnnouncementRefused($"t/{number:000}", "bad")]);
        }

        await home.AppendAsync([new AnnouncementRefused("t/000", "worse")]);
        var full = await log.RefusedAnnouncementsAsync(home.Id, Token);
        Assert.Equal(AnnouncementRefused.RememberedMax, full.Count);
        Assert.Equal(("t/000", "worse"), (full[0].Topic, full[0].Reason));
        Assert.DoesNotContain(full, item => item.Topic == "t/100");

        await home.AppendAsync([new AnnouncementMended("t/000")]);
        await home.AppendAsync([new AnnouncementRefused("t/100", "bad")]);
        var again = await log.RefusedAnnouncementsAsync(home.Id, Token);
        Assert.Equal(("t/001", "t/100"), (again[0].Topic, again[^1].Topic));
    }

    [Fact]
    public async Task Homes_have_their_truths_apart()
    {
        await using var log = await _folder.OpenAsync();
        await ALampAsync(log);
        var other = new AHome(log, "other");
        await other.OpenAsync();

        Assert.Empty(await log.DevicesAsync(other.Id, Token));
        Assert.Empty(await log.EntitiesAsync(other.Id, Token));
        Assert.Single(await log.DevicesAsync(HomeId.Default, Token));
    }

    [Fact]
    public async Task However_rows_share_commits_the_truths_are_the_fold_of_the_events()
    {
        await using var log = await _folder.OpenAsync();
        var round = 0;
        await Gen.Select(SomeEvents.Rows, Gen.Int[1, 6])
            .SampleAsync(
                async (rows, perCommit) =>
                {
                    var home = new AHome(log, "home-" + Interlocked.Increment(ref round));
                    await home.OpenAsync();
                    foreach (var some in rows.Chunk(perCommit))
                    {
                        await home.AppendAsync(some);
                    }

                    var committed = await log.ReadAsync(
                        home.Id,
                        Sequence.None,
                        int.MaxValue,
                        int.MaxValue,
                        Token
                    );
                    var fold = new Fold();
                    foreach (var item in committed.SelectMany(row => row.Events))
                    {
                        fold.Apply(item);
                    }

                    return fold.Text == await TextAsync(log, home.Id);
                },
                iter: 150
            );
    }

    private static async Task<string> TextAsync(SqliteEventLog log, HomeId home) =>
        Fold.TextOf(
            await log.DevicesAsync(home, Token),
            await log.EntitiesAsync(home, Token),
            await log.AutomationsAsync(home, Token),
            await log.RetainedAsync(home, Token),
            await log.RefusedAnnouncementsAsync(home, Token)
        );

    private static async Task<AHome> ALampAsync(SqliteEventLog log)
    {
        var home = new AHome(log);
        await home.OpenAsync();
        var config = new EntityConfig("light", "lamp/light", """{"command_topic":"lamp/set"}""");
        await home.AppendAsync([
            new DeviceRegistered(
                Lamp,
                new DeviceDescription { Identifiers = ["lamp"], Name = "Lamp" },
                [new EntityRegistration(Light, config)]
            ),
        ]);
        return home;
    }

    private static ProgramEvent Published(string subject) =>
        new("org.example.something", subject, null, null, ContentKind.Json, "{}", []);

    private static async Task<Sequence?> FindAsync(
        SqliteEventLog log,
        HomeId home,
        PublishedId id
    ) => (await log.FindPublishedAsync(home, [id], Token))[0];
}
