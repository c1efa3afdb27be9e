using System.Text;
using System.Text.Json;

namespace Hearth.Hub.Tests.Events;

public sealed class PublishingEvents : IAsyncLifetime
{
    private const string Structured = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";

    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_structured_event_is_answered_with_its_sequence_and_is_in_the_log()
    {
        var answer = await PostAsync(Event("1", "\"data\":{\"temp\":21.50}"), Structured);

        Assert.Equal(200, answer.Status);
        var item = answer.Json.GetProperty("events").EnumerateArray().Single();
        Assert.Equal("1", item.GetProperty("id").GetString());
        Assert.False(item.GetProperty("duplicate").GetBoolean());
        var logged = await InLogAsync(item.GetProperty("sequence").GetString()!);
        Assert.Equal("com.example.measured", logged.GetProperty("type").GetString());
        Assert.Equal("{\"temp\":21.50}", logged.GetProperty("data").GetRawText());
        Assert.Equal("anonymous", logged.GetProperty("authid").GetString());
        Assert.Equal("1", logged.GetProperty("correlationid").GetString());
    }

    [Fact]
    public async Task A_binary_event_has_its_attributes_in_headers()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events")
        {
            Content = AHub.Body("{\"a\": 1.0}", "application/json"),
        };
        request.Headers.Add("ce-specversion", "1.0");
        request.Headers.Add("ce-id", "b-1");
        request.Headers.Add("CE-Source", "/garden");
        request.Headers.Add("ce-type", "com.example.measured");
        request.Headers.Add("ce-subject", "Caf%C3%A9");
        request.Headers.Add("ce-room", "12");
        var answer = await _hub.SendAsync(request);

        Assert.Equal(200, answer.Status);
        var logged = await InLogAsync(
            answer.Json.GetProperty("events")[0].GetProperty("sequence").GetString()!
        );
        Assert.Equal("Café", logged.GetProperty("subject").GetString());
        Assert.Equal("12", logged.GetProperty("room").GetString());
        Assert.Equal("application/json", logged.GetProperty("datacontenttype").GetString());
        Assert.Equal("{\"a\":1.0}", logged.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task A_batch_comes_in_its_order()
    {
        var batch = string.Join(',', Enumerable.Range(1, 1000).Select(i => Event($"n{i}")));
        var answer = await PostAsync($"[{batch}]", Batch);

        Assert.Equal(200, answer.Status);
        var items = answer.Json.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(
            Enumerable.Range(1, 1000).Select(i => $"n{i}"),
            items.Select(item => item.GetProperty("id").GetString())
        );
        var sequences = items.Select(item => item.GetProperty("sequence").GetString()).ToList();
        Assert.Equal(sequences.Order(StringComparer.Ordinal), sequences);
        Assert.Equal(1000, sequences.Distinct().Count());
    }

    [Fact]
    public async Task A_batch_with_one_bad_event_changes_nothing()
    {
        var bad = "{\"specversion\":\"1.0\",\"id\":\"x\",\"type\":\"hearth.x\",\"source\":\"/a\"}";
        var answer = await PostAsync($"[{Event("ok")},{bad},1]", Batch);

        Assert.Equal("invalid", answer.Problem);
        Assert.Equal(["pointer #/1/type", "pointer #/2"], answer.Places);
        Assert.Equal("[]", (await _hub.GetAsync("/api/v1/events?source=/garden")).Body);
    }

    [Fact]
    public async Task An_empty_batch_is_taken()
    {
        var answer = await PostAsync("[]", Batch);
        Assert.Equal((200, "{\"events\":[]}"), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task The_same_source_and_id_again_is_a_duplicate_and_changes_nothing()
    {
        var first = await PostAsync(Event("d-1"), Structured);
        var again = await PostAsync($"[{Event("d-1")},{Event("d-2")},{Event("d-2")}]", Batch);

        Assert.Equal(200, again.Status);
        var items = again.Json.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(
            [true, false, true],
            items.Select(item => item.GetProperty("duplicate").GetBoolean())
        );
        Assert.Equal(
            first.Json.GetProperty("events")[0].GetProperty("sequence").GetString(),
            items[0].GetProperty("sequence").GetString()
        );
        Assert.Equal(
            items[1].GetProperty("sequence").GetString(),
            items[2].GetProperty("sequence").GetString()
        );
        var logged = await _hub.GetAsync("/api/v1/events?source=/garden");
        Assert.Equal(2, logged.Json.GetArrayLength());
    }

    [Fact]
    public async Task Malformed_json_is_answered_with_its_place()
    {
        var answer = await PostAsync("{\n  \"id\": 1,,\n}", Structured);
        Assert.Equal("malformed-json", answer.Problem);
        Assert.Contains("line 2, byte 11", answer.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_body_deeper_than_64_levels_is_refused()
    {
        var deep = new string('[', 70) + new string(']', 70);
        var answer = await PostAsync(Event("deep", $"\"data\":{deep}"), Structured);
        Assert.Equal("malformed-json", answer.Problem);
    }

    [Fact]
    public async Task A_body_that_is_not_utf_8_is_refused()
    {
        var content = new ByteArrayContent([0x7b, 0x22, 0xff, 0x22, 0x7d]);
        content.Headers.ContentType = new(Structured);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events")
        {
            Content = content,
        };
        var answer = await _hub.SendAsync(request);
        Assert.Equal("malformed-json", answer.Problem);
    }

    [Fact]
    public async Task Faults_in_headers_name_the_header()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events")
        {
            Content = AHub.Body("{", "application/json"),
        };
        request.Headers.Add("ce-id", "1");
        request.Headers.Add("ce-type", "hearth.x");
        request.Headers.Add("ce-authid", "user:ana");
        var answer = await _hub.SendAsync(request);

        Assert.Equal("invalid", answer.Problem);
        Assert.Equal(
            [
                "header ce-authid",
                "header ce-source",
                "header ce-specversion",
                "header ce-type",
                "pointer #",
            ],
            answer.Places.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/cloudevents+xml")]
    public async Task Another_content_type_is_refused(string contentType)
    {
        var answer = await PostAsync(Event("1"), contentType);
        Assert.Equal((415, "unsupported-media-type"), (answer.Status, answer.Problem));
        Assert.Contains(contentType, answer.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task What_is_too_large_is_refused()
    {
        var large = new string('x', 256 * 1024);
        var one = await PostAsync(Event("1", $"\"data\":\"{large}\""), Structured);
        Assert.Equal((413, "too-large"), (one.Status, one.Problem));

        var many = await PostAsync(
            $"[{string.Join(',', Enumerable.Repeat(Event("1"), 1001))}]",
            Batch
        );
        Assert.Equal((413, "too-large"), (many.Status, many.Problem));

        var inBatch = await PostAsync($"[{Event("1", $"\"data\":\"{large}\"")}]", Batch);
        Assert.Equal((413, "too-large"), (inBatch.Status, inBatch.Problem));

        var chunked = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events")
        {
            Content = AHub.Body(new string(' ', 9 * 1024 * 1024), Batch),
        };
        chunked.Headers.TransferEncodingChunked = true;
        var endless = await _hub.SendAsync(chunked);
        Assert.Equal((413, "too-large"), (endless.Status, endless.Problem));
    }

    [Fact]
    public async Task A_home_that_is_not_there_is_not_made()
    {
        var answer = await _hub.PostAsync("/api/v1/homes/other/events", Event("1"), Structured);
        Assert.Equal((404, "not-found"), (answer.Status, answer.Problem));

        var named = await _hub.PostAsync("/api/v1/homes/home/events", Event("h"), Structured);
        Assert.Equal(200, named.Status);
    }

    private Task<Answered> PostAsync(string body, string contentType) =>
        _hub.PostAsync("/api/v1/events", body, contentType);

    private async Task<JsonElement> InLogAsync(string sequence)
    {
        var before = long.Parse(sequence) - 1;
        var page = await _hub.GetAsync($"/api/v1/events?after={before}&limit=1");
        Assert.Equal(Batch, page.MediaType);
        var logged = page.Json.EnumerateArray().Single();
        Assert.Equal(sequence, logged.GetProperty("sequence").GetString());
        return logged;
    }

    internal static string Event(string id, string? more = null, string type = "measured") =>
        new StringBuilder()
            .Append($"{{\"specversion\":\"1.0\",\"id\":\"{id}\",\"source\":\"/garden\",")
            .Append($"\"type\":\"com.example.{type}\"{(more is null ? "" : "," + more)}}}")
            .ToString();
}
