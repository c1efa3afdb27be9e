using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hearth.Hub.Tests.Subscriptions;

/// <summary>A real web server that is notified: any path of it is a sink, and agrees to be one
/// unless a test says otherwise.</summary>
internal sealed class ASink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = [];

    private ASink(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <summary>What it answers to a delivery; 204 by default.</summary>
    public Func<HttpContext, Task> Answers { get; set; } = Taken;

    /// <summary>What it answers when it is asked.</summary>
    public Func<HttpContext, Task> Agrees { get; set; } = Agreed("*");

    /// <summary>Everything that came, asking included, in order.</summary>
    public IReadOnlyList<Received> All => [.. _received];

    public IReadOnlyList<Received> Deliveries =>
        [.. _received.Where(request => request.Method == "POST")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ASink> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var sink = new ASink(app);
        app.Run(sink.HandleAsync);
        await app.StartAsync(Stop);
        var addresses = app.Services.GetRequiredService<IServer>().Features;
        sink.Address = addresses.Get<IServerAddressesFeature>()!.Addresses.Single();
        return sink;
    }

    public static Task Taken(HttpContext context) => Status(204)(context);

    public static Func<HttpContext, Task> Status(int status, string? retryAfter = null) =>
        context =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null)
            {
                context.Response.Headers.RetryAfter = retryAfter;
            }

            return Task.CompletedTask;
        };

    public static Func<HttpContext, Task> Agreed(string rate) =>
        context =>
        {
            context.Response.Headers["WebHook-Allowed-Origin"] = context.Request.Headers[
                "WebHook-Request-Origin"
            ];
            context.Response.Headers["WebHook-Allowed-Rate"] = rate;
            return Task.CompletedTask;
        };

    /// <summary>Holds a delivery until its sender goes away.</summary>
    public static Task Hangs(HttpContext context) =>
        new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);

    public IReadOnlyList<Received> At(string path) =>
        [.. Deliveries.Where(request => request.Path == path)];

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        _received.Enqueue(
            new Received(
                request.Method,
                request.Path,
                request.Headers.ToDictionary(
                    header => header.Key.ToLowerInvariant(),
                    header => header.Value.ToString()
                ),
                Encoding.UTF8.GetString(body.ToArray()),
                TimeProvider.System.GetTimestamp()
            )
        );
        try
        {
            await (request.Method == "POST" ? Answers : Agrees)(context);
        }
        catch (OperationCanceledException)
        {
            // The hub has gone on.
        }
    }
}

/// <summary>One request that a sink got.</summary>
internal sealed record Received(
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    string Body,
    long At
)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string EventId => Json.GetProperty("id").GetString()!;
}
