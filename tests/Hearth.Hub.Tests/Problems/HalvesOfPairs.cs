using System.Text;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Tests.Problems;

/// <summary>Halves of surrogate pairs: JSON by its grammar, and text to nobody.</summary>
public sealed class HalvesOfPairs : IAsyncLifetime
{
    private AHub _hub = null!;
    private ALamp _lamp = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await AHub.StartAsync();
        _lamp = await ALamp.PlugInAsync(_hub);
    }

    public async ValueTask DisposeAsync()
    {
        await _lamp.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData("PUT", "areas/a", """{"\ud800":1}""", "")]
    [InlineData("PUT", "areas/a", """{"name":"\uDFFF"}""", "/name")]
    [InlineData("PATCH", "devices/{lamp}", """{"\ud800":1}""", "")]
    [InlineData("PATCH", "devices/{lamp}", """{"labels":["x","\udc00\ud800"]}""", "/labels/1")]
    [InlineData("POST", "devices", """{"device":{"\ud800":"a"},"components":{}}""", "/device")]
    [InlineData("POST", "actions/light.turn_on", """{"data":{"\ud83d":1}}""", "/data")]
    [InlineData("POST", "subscriptions", """{"sink":"\ud800","a/b":"\ud800"}""", "/sink /a~1b")]
    [InlineData("POST", "templates/render", """{"variables":{"a":{"b":"\ud8"}}}""", null)]
    [InlineData("POST", "templates/render", """{"variables":"\uD8aa"}""", "/variables")]
    [InlineData("POST", "automations", """{"\ud800":1}""", "")]
    [InlineData("POST", "automations/rehearse", """{"states":{"\ud800":"on"}}""", "/states")]
    [InlineData("POST", "automations/validate", """{"\ud800":1}""", null)]
    [InlineData("POST", "events", """{"id":"\ud800","data":["\ud800"]}""", "/id /data/0")]
    [InlineData("POST", "events", """[{},{"data_base64":"\ud800"}]""", "/1/data_base64")]
    public async Task They_are_refused_with_their_places_and_the_home_goes_on(
        string method,
        string path,
        string body,
        string? places
    )
    {
        var lamp = (await _hub.GetAsync("/api/v1/devices")).Json[0].GetProperty("id").GetString();
        var type =
            path != "events" ? "application/json"
            : body[0] == '[' ? "application/cloudevents-batch+json"
            : "application/cloudevents+json";
        var answer = await _hub.SendAsync(
            new HttpRequestMessage(
                new HttpMethod(method),
                "/api/v1/" + path.Replace("{lamp}", lamp)
            )
            {
                Content = AHub.Body(body, type),
            }
        );
        Assert.InRange(answer.Status, 200, 499);
        if (places is not null)
        {
            Assert.Equal((422, "invalid"), (answer.Status, answer.Problem));
            Assert.Equal(places.Split(' ').Select(place => "pointer #" + place), answer.Places);
        }

        await _hub.PublishAsync("after", "com.example.after");
        Assert.Equal(200, (await _hub.GetAsync($"/api/v1/devices/{lamp}")).Status);
    }

    [Fact]
    public void Whole_pairs_and_backslashes_are_text()
    {
        var json = Encoding.UTF8.GetBytes(
            """["\ud83d\ude00","\\ud800","\u0041\ud83d\ude00\n",{"\uD83D\uDE00":"\\\\ud800"}]"""
        );
        Assert.Empty(HalfPairs.Find(json));
        using var document = JsonBody.Parse(json, out var problem);
        Assert.Null(problem);
        Assert.Equal("😀", document!.RootElement[0].GetString());
    }

    [Fact]
    public void No_more_are_looked_for_than_an_answer_lists()
    {
        var many = "[" + string.Join(',', Enumerable.Repeat("\"\\ud800\"", 10_000)) + "]";
        Assert.Null(JsonBody.Parse(Encoding.UTF8.GetBytes(many), out var problem));
        Assert.Equal(Problem.FaultsMax, problem!.Faults.Count);
        Assert.Equal("#/0", problem.Faults[0].Name);
    }
}
