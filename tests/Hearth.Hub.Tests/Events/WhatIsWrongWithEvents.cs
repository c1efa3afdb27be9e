namespace Hearth.Hub.Tests.Events;

public sealed class WhatIsWrongWithEvents : IAsyncLifetime
{
    private const string Structured = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";

    private AHub _hub = null!;

    public async ValueTask InitializeAsync() =>
        _hub = await AHub.StartAsync(
            new Dictionary<string, string?>
            {
                ["Hearth:Events:BytesMax"] = "2048",
                ["Hearth:Events:BatchMax"] = "300",
                ["Hearth:Events:BatchBytesMax"] = "65536",
            }
        );

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Every_fault_of_every_event_of_a_batch_is_said_at_once_with_its_place()
    {
        var large = new string('x', 2048);
        var answer = await PostAsync(
            $"[{Event("a")},{Event("b", $"\"data\":\"{large}\"")},{{\"id\":1,\"time\":\"noon\"}},"
                + $"{Event("d", $"\"note\":\"{large}\"")},"
                + $"{Event("e", "\"data\":1,\"data_base64\":\"\"")}]",
            Batch
        );

        Assert.Equal((413, "too-large"), (answer.Status, answer.Problem));
        Assert.Equal(
            [
                "pointer #/1/data",
                "pointer #/2/id",
                "pointer #/2/time",
                "pointer #/2/specversion",
                "pointer #/2/source",
                "pointer #/2/type",
                "pointer #/3/note",
                "pointer #/4/data_base64",
            ],
            answer.Places
        );
        Assert.Equal("[]", (await _hub.GetAsync("/api/v1/events?source=/garden")).Body);
    }

    [Fact]
    public async Task Of_very_many_faults_the_first_hundred_are_listed()
    {
        var answer = await PostAsync($"[{string.Join(',', Enumerable.Repeat("{}", 300))}]", Batch);
        Assert.Equal((422, "invalid"), (answer.Status, answer.Problem));
        Assert.Equal(100, answer.Places.Count());
        Assert.StartsWith("More than 100", answer.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_limits_are_those_that_were_set()
    {
        var most = new string('x', 2048 - Event("1", "\"data\":\"\"").Length);
        var fits = await PostAsync(Event("1", $"\"data\":\"{most}\""), Structured);
        Assert.Equal(200, fits.Status);

        var one = await PostAsync(Event("2", $"\"data\":\"{most}x\""), Structured);
        Assert.Equal((413, "too-large"), (one.Status, one.Problem));
        Assert.Contains("2048", one.Json.GetProperty("detail").GetString());

        var many = Enumerable.Range(0, 301).Select(index => Event($"n{index}"));
        var batch = await PostAsync($"[{string.Join(',', many)}]", Batch);
        Assert.Equal((413, "too-large"), (batch.Status, batch.Problem));
        Assert.Equal(["pointer #/300"], batch.Places);

        var blanks = await PostAsync("[" + new string(' ', 65536) + "]", Batch);
        Assert.Equal((413, "too-large"), (blanks.Status, blanks.Problem));
        Assert.Contains("65536", blanks.Json.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("application/cloudevents+json; charset=utf-8", 200)]
    [InlineData("application/cloudevents+json; charset=\"UTF-8\"", 200)]
    [InlineData("application/cloudevents+json; charset=iso-8859-1", 415)]
    public async Task JSON_is_UTF_8_whatever_the_content_type_says(string contentType, int status)
    {
        var answer = await PostAsync(Event("1"), contentType);
        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("application/cloudevents+xml")]
    [InlineData("application/cloudevents-batch+avro")]
    public async Task Another_format_of_CloudEvents_is_no_data_of_a_binary_event(string format)
    {
        var answer = await _hub.SendAsync(Binary("<event/>", format));
        Assert.Equal((415, "unsupported-media-type"), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task A_header_is_percent_decoded_once()
    {
        var request = Binary("x", "text/plain");
        request.Headers.Add("ce-subject", "50%25 of %E2%82%AC");
        var answer = await _hub.SendAsync(request);
        Assert.Equal(200, answer.Status);
        var logged = await _hub.GetAsync("/api/v1/events?source=/garden");
        Assert.Equal("50% of €", logged.Json[0].GetProperty("subject").GetString());
    }

    private static HttpRequestMessage Binary(string body, string contentType)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events")
        {
            Content = AHub.Body(body, contentType),
        };
        request.Headers.Add("ce-specversion", "1.0");
        request.Headers.Add("ce-id", "b");
        request.Headers.Add("ce-source", "/garden");
        request.Headers.Add("ce-type", "com.example.measured");
        return request;
    }

    private Task<Answered> PostAsync(string body, string contentType) =>
        _hub.PostAsync("/api/v1/events", body, contentType);

    private static string Event(string id, string? more = null) => PublishingEvents.Event(id, more);
}
