using System.Net.Http.Headers;
using System.Text.Json;

namespace Hearth.Hub.Tests.Automations;

public sealed class VersionsOverHttp : IAsyncLifetime
{
    private const string First = """
        # Nobody reads in the dark.
        alias: Lights out
        triggers:
          - trigger: event
            event_type: com.example.night
        actions:
          - action: light.turn_off   # all of them
            target: {entity_id: light.lamp}

        """;

    private static readonly string Second = First.Replace("Nobody reads", "Somebody sleeps");

    private const string Third = """
        {"alias":"Night","triggers":[],"actions":[{"event":"com.example.done"}]}
        """;

    private AHub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await AHub.StartAsync();
        await SaveAsync(First, "application/yaml");
        await SaveAsync(Second, "application/yaml");
        await SaveAsync(Third, "application/json");
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Every_save_is_a_version_newest_first()
    {
        var versions = (await _hub.GetAsync(Versions)).Json.EnumerateArray().ToArray();
        Assert.Equal([3, 2, 1], versions.Select(Number));
        Assert.Equal(["Night", "Lights out", "Lights out"], versions.Select(Alias));
        Assert.Equal([true, false, false], versions.Select(Flag("current")));
        Assert.Equal([false, false, true], versions.Select(Flag("created")));
        Assert.All(versions, version => Assert.Equal("anonymous", version.Text("by")));

        var page = await _hub.GetAsync(Versions + "?limit=2");
        var next = page.Headers.GetValues("Link").Single().Split('>')[0][1..];
        var older = await _hub.GetAsync(next);
        Assert.Equal([1], older.Json.EnumerateArray().Select(Number));
        Assert.False(older.Headers.Contains("Link"));
    }

    [Fact]
    public void The_list_of_versions_holds_nothing_of_what_they_say()
    {
        Type[] small =
        [
            typeof(int),
            typeof(Core.Events.Sequence),
            typeof(DateTimeOffset),
            typeof(Core.Events.Principal),
            typeof(string),
            typeof(int?),
            typeof(bool),
        ];
        var held = typeof(Hub.Automations.AutomationVersion).GetProperties();
        Assert.All(held, property => Assert.Contains(property.PropertyType, small));
        Assert.Equal("Alias", held.Single(each => each.PropertyType == typeof(string)).Name);
    }

    [Fact]
    public async Task A_version_is_given_back_as_it_was_written()
    {
        Assert.Equal(First, await YamlAsync(1));
        Assert.Equal(Second, await YamlAsync(2));
        Assert.StartsWith("alias: Night\n", await YamlAsync(3));
        var json = (await _hub.GetAsync(Versions + "/1")).Json;
        Assert.Equal(1, json.GetProperty("version").GetInt32());
        Assert.Equal("Lights out", json.GetProperty("definition").Text("alias"));
    }

    [Fact]
    public async Task What_changed_is_told_in_lines()
    {
        var diff = (await _hub.GetAsync(Versions + "/1/diff?to=2")).Json;
        Assert.Equal(
            "--- night version 1\n+++ night version 2\n@@ -1,4 +1,4 @@\n"
                + "-# Nobody reads in the dark.\n+# Somebody sleeps in the dark.\n"
                + " alias: Lights out\n triggers:\n   - trigger: event\n",
            diff.Text("unified")
        );
        var lines = diff.GetProperty("lines").EnumerateArray().ToArray();
        Assert.Equal(
            ["removed", "added", "same", "same", "same"],
            lines.Select(line => line.Text("change"))
        );
        Assert.Equal(JsonValueKind.Null, lines[0].GetProperty("to").ValueKind);
        Assert.Equal(2, lines[2].GetProperty("from").GetInt32());
        var newest = (await _hub.GetAsync(Versions + "/1/diff")).Json;
        Assert.Equal(3, newest.GetProperty("to").GetInt32());
        Assert.Empty((await _hub.GetAsync(Versions + "/2/diff?to=2")).Json.Text("unified")!);
    }

    [Fact]
    public async Task Restoring_is_a_save_that_says_what_it_took_back()
    {
        var restored = await RestoreAsync(1);
        Assert.Equal(200, restored.Status);
        Assert.Equal("Lights out", restored.Json.Text("alias"));
        Assert.Equal(First, await YamlAsync(4));
        var newest = (await _hub.GetAsync(Versions)).Json[0];
        Assert.Equal(4, newest.GetProperty("version").GetInt32());
        Assert.Equal(1, newest.GetProperty("restored_from").GetInt32());
        // What it is already is no change.
        Assert.Equal(200, (await RestoreAsync(1)).Status);
        Assert.Equal(4, (await _hub.GetAsync(Versions)).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_removed_automation_keeps_its_versions_and_comes_back()
    {
        await _hub.SendAsync(new(HttpMethod.Delete, "/api/v1/automations/night"));
        var versions = (await _hub.GetAsync(Versions)).Json.EnumerateArray().ToArray();
        Assert.Equal([3, 2, 1], versions.Select(Number));
        Assert.DoesNotContain(true, versions.Select(Flag("current")));
        var restored = await RestoreAsync(2);
        Assert.Equal(201, restored.Status);
        Assert.Equal("/api/v1/automations/night", restored.Headers.Location?.OriginalString);
        Assert.Equal(Second, await YamlAsync(4));
        Assert.Equal(200, (await _hub.GetAsync("/api/v1/automations/night")).Status);
    }

    [Fact]
    public async Task What_is_not_there_and_what_cannot_be_read_is_said()
    {
        string[] missing =
        [
            "/api/v1/automations/nobody/versions",
            Versions + "/0",
            Versions + "/4",
            Versions + "/x",
            Versions + "/4/diff",
            Versions + "/1/diff?to=9",
        ];
        foreach (var path in missing)
        {
            Assert.Equal("not-found", (await _hub.GetAsync(path)).Problem);
        }

        Assert.Equal("not-found", (await RestoreAsync(9)).Problem);
        var wrong = await _hub.GetAsync(Versions + "?before=x&limit=0");
        Assert.Equal("invalid-parameter", wrong.Problem);
        Assert.Equal(["parameter limit", "parameter before"], wrong.Places);
        Assert.Equal(
            "invalid-parameter",
            (await _hub.GetAsync(Versions + "/1/diff?to=-1")).Problem
        );
    }

    private const string Versions = "/api/v1/automations/night/versions";

    private static int Number(JsonElement version) => version.GetProperty("version").GetInt32();

    private static string? Alias(JsonElement version) => version.Text("alias");

    private static Func<JsonElement, bool> Flag(string name) =>
        version => version.GetProperty(name).GetBoolean();

    private Task<Answered> RestoreAsync(int version) =>
        _hub.SendAsync(new(HttpMethod.Post, $"{Versions}/{version}/restore"));

    private async Task<string> YamlAsync(int version)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{Versions}/{version}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/yaml"));
        var answer = await _hub.SendAsync(request);
        Assert.Equal("application/yaml", answer.MediaType);
        return answer.Body;
    }

    private async Task SaveAsync(string text, string contentType)
    {
        var saved = await _hub.SendAsync(
            new(HttpMethod.Put, "/api/v1/automations/night")
            {
                Content = AHub.Body(text, contentType),
            }
        );
        Assert.True(saved.Status is 200 or 201, saved.Body);
    }
}
