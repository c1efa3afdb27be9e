using System.Text.Json;

namespace Hearth.Hub.Tests.Subscriptions;

/// <summary>A hub that may notify this machine, and a sink on it.</summary>
internal sealed class ANotifyingHub : IAsyncDisposable
{
    private ANotifyingHub(AHub hub, ASink sink) => (Hub, Sink) = (hub, sink);

    public AHub Hub { get; }

    public ASink Sink { get; }

    public static async Task<ANotifyingHub> StartAsync(
        TimeProvider? clock = null,
        Dictionary<string, string?>? settings = null
    )
    {
        settings ??= [];
        settings.TryAdd("Hearth:Webhooks:Allow", "127.0.0.1");
        var hub = await AHub.StartAsync(settings, clock: clock);
        return new ANotifyingHub(hub, await ASink.StartAsync());
    }

    /// <summary>Subscribes to events whose type begins with <c>com.example.</c></summary>
    /// <param name="more">Further members, with a comma before them.</param>
    public async Task<(string Id, string Secret)> SubscribeAsync(
        string path = "/in",
        string more = ""
    )
    {
        var made = await Hub.PostAsync(
            "/api/v1/subscriptions",
            Definition(path, more),
            "application/json"
        );
        Assert.True(made.Status == 201, made.Body);
        var id = made.Json.GetProperty("subscription").GetProperty("id").GetString()!;
        return (id, made.Json.GetProperty("secret").GetString()!);
    }

    public string Definition(string path, string more = "") =>
        $$"""
            {"sink":"{{Sink.Address}}{{path}}","protocol":"HTTP",
             "filters":[{"prefix":{"type":"com.example."} }]{{more}} }
            """;

    public async Task PublishAsync(string id, string type = "com.example.done")
    {
        var published = await Hub.PostAsync("/api/v1/events", Event(id, type), Structured);
        Assert.True(published.Status == 200, published.Body);
    }

    /// <summary>Publishes events with the numbers as ids, in one batch.</summary>
    public async Task PublishAsync(int first, int last)
    {
        var events = Enumerable
            .Range(first, last - first + 1)
            .Select(number => Event($"{number}", "com.example.done"));
        var published = await Hub.PostAsync(
            "/api/v1/events",
            $"[{string.Join(',', events)}]",
            "application/cloudevents-batch+json"
        );
        Assert.True(published.Status == 200, published.Body);
    }

    public async Task<JsonElement> StatusAsync(string id)
    {
        var found = await Hub.GetAsync($"/api/v1/subscriptions/{id}");
        return found.Json.GetProperty("status");
    }

    public async Task<Answered> PostAsync(string id, string what, string body = "{}") =>
        await Hub.PostAsync($"/api/v1/subscriptions/{id}/{what}", body, "application/json");

    /// <summary>Waits until so many deliveries came to a path, and answers the ids.</summary>
    public async Task<string[]> DeliveredAsync(int count, string path = "/in")
    {
        await Until.TrueAsync(
            () => Sink.At(path).Count >= count,
            $"{count} deliveries to {path}; there were {Sink.At(path).Count}"
        );
        return [.. Sink.At(path).Select(request => request.EventId)];
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Sink.DisposeAsync();
    }

    private const string Structured = "application/cloudevents+json";

    private static string Event(string id, string type) =>
        $$"""
            {"specversion":"1.0","id":"{{id}}","source":"/tests","type":"{{type}}",
             "subject":"Tür 1","data":{"n":"{{id}}"} }
            """;
}
