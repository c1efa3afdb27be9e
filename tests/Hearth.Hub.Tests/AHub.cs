using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Tests.Events;
using Hearth.Storage;
using Hearth.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hearth.Hub.Tests;

/// <summary>A whole hub on free ports: real Kestrel, real silo, real SQLite.</summary>
internal sealed class AHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SqliteEventLog _log;
    private readonly ILoggerFactory _output;
    private readonly string _folder;

    private AHub(WebApplication app, SqliteEventLog log, ILoggerFactory output, string folder)
    {
        _app = app;
        _log = log;
        _output = output;
        _folder = folder;
        Port = app.Services.GetRequiredService<Listeners>().HttpPort;
        MqttPort = app.Services.GetRequiredService<Listeners>().MqttPort;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
    }

    /// <summary>The log itself, whatever lies between it and the hub.</summary>
    public SqliteEventLog Log => _log;

    public int Port { get; }

    public int MqttPort { get; }

    public HttpClient Http { get; }

    /// <summary>The folder with its log.</summary>
    public string Data => _folder;

    public HomeClient Home =>
        _app.Services.GetRequiredService<HomeDirectory>().Open(HomeId.Default);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="settings">Beside free ports and a folder of its own.</param>
    /// <param name="around">Puts something between the hub and its log.</param>
    /// <param name="waits">False for a hub whose home may not open.</param>
    public static async Task<AHub> StartAsync(
        Dictionary<string, string?>? settings = null,
        Func<SqliteEventLog, IEventLog>? around = null,
        bool waits = true,
        TimeProvider? clock = null
    )
    {
        settings ??= [];
        var folder = settings.GetValueOrDefault("Hearth:Data");
        folder ??= Directory.CreateTempSubdirectory("hearth-hub-").FullName;
        settings["Hearth:Data"] = folder;
        var options = Options(settings);
        var output = HubOutput.Create(options.Logging, LogLevel.Error);
        var place = new SqliteLogOptions(folder);
        var log = await SqliteEventLog.OpenAsync(place, TimeProvider.System, output, Stop);
        var seen = around?.Invoke(log) ?? log;
        var app = Program.Build(
            options,
            clock ?? TimeProvider.System,
            output,
            seen,
            log,
            log.Subscriptions,
            seen as ILogSearch ?? log
        );
        await app.StartAsync(Stop);
        if (waits)
        {
            await HubProcess.ReadyAsync(app, Stop);
        }

        return new AHub(app, log, output, folder);
    }

    public static HearthOptions Options(Dictionary<string, string?> settings)
    {
        settings.TryAdd("Hearth:Http:Port", "0");
        settings.TryAdd("Hearth:Mqtt:Port", "0");
        var faults = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var options = HearthOptions.Read(configuration, faults);
        Assert.Empty(faults);
        return options!;
    }

    /// <summary>Completes when the hub is ready.</summary>
    public Task ReadyAsync() => HubProcess.ReadyAsync(_app, Stop);

    public async Task<Answered> GetAsync(string path) =>
        await SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public async Task<Answered> PostAsync(string path, string body, string contentType) =>
        await SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = Body(body, contentType) }
        );

    /// <summary>Publishes an event of the garden's; it is durable when this completes.</summary>
    public async Task PublishAsync(string id, string type = "measured", string? more = null)
    {
        var answer = await PostAsync(
            "/api/v1/events",
            PublishingEvents.Event(id, more, type),
            "application/cloudevents+json"
        );
        Assert.Equal(200, answer.Status);
    }

    /// <summary>Publishes n0, n1 and so on, one after the other.</summary>
    public async Task PublishManyAsync(int count)
    {
        for (var index = 0; index < count; index++)
        {
            await PublishAsync($"n{index}");
        }
    }

    public async Task<Answered> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Http.SendAsync(request, Stop);
            return new Answered(
                (int)response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                await response.Content.ReadAsStringAsync(Stop),
                response.Headers
            );
        }
    }

    public static ByteArrayContent Body(string body, string contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return content;
    }

    /// <summary>Stops the hub; its folder stays for the next one.</summary>
    public async Task StopAsync()
    {
        Http.Dispose();
        await _app.StopAsync(Stop);
        await _app.DisposeAsync();
        await _log.DisposeAsync();
        _output.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What came back.</summary>
internal sealed record Answered(
    int Status,
    string? MediaType,
    string Body,
    HttpResponseHeaders Headers
)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The problem's name and, in order, where its errors are.</summary>
    public string Problem
    {
        get
        {
            Assert.Equal("application/problem+json", MediaType);
            Assert.Equal(Status, Json.GetProperty("status").GetInt32());
            Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
            Assert.NotEmpty(Json.GetProperty("request_id").GetString()!);
            return Json.GetProperty("type").GetString()!["urn:hearth:problem:".Length..];
        }
    }

    public IEnumerable<string> Places =>
        Json.GetProperty("errors")
            .EnumerateArray()
            .Select(error =>
                error
                    .EnumerateObject()
                    .Where(member => member.Name is "pointer" or "header" or "parameter")
                    .Select(member => $"{member.Name} {member.Value.GetString()}")
                    .Single()
            );
}
