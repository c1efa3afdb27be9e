using System.Net;
using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Mqtt.Sessions;
using Hearth.Storage;
using Hearth.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>All but HTTP: a silo, a log on disk, the broker behind Kestrel.</summary>
public sealed class AHub : IAsyncLifetime
{
    private readonly BrokerOptions _options;
    private readonly TimeProvider _clock;
    private WebApplication? _app;
    private SqliteEventLog? _log;

    public AHub()
        : this(null, TimeProvider.System) { }

    internal AHub(BrokerOptions? options, TimeProvider? clock = null)
    {
        _options = options ?? new BrokerOptions();
        _clock = clock ?? TimeProvider.System;
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("hearth-mqtt-").FullName;

    public int Port { get; private set; }

    internal FailingLog Log { get; private set; } = null!;

    internal HomeClient Home =>
        _app!.Services.GetRequiredService<HomeDirectory>().Open(_options.Home);

    internal T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public async Task StartAsync()
    {
        var token = TestContext.Current.CancellationToken;
        _log = await SqliteEventLog.OpenAsync(new SqliteLogOptions(Folder), _clock, null, token);
        Log = new FailingLog(_log);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_clock);
        builder.Services.AddSingleton<IEventLog>(Log);
        builder.Services.AddSingleton<ICurrentTruths>(Log);
        builder.AddHearthHomes(new HomesOptions());
        builder.Services.AddHearthMqtt(_options);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenMqttOnLoopback(0));
        _app = builder.Build();
        await _app.StartAsync(token);
        var addresses = Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Port = new Uri(addresses.Single()).Port;
        await Wait.ForAsync(() => Get<Broker>().IsOpen, "the broker is open");
    }

    public async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(TestContext.Current.CancellationToken);
            await _app.DisposeAsync();
            await _log!.DisposeAsync();
            _app = null;
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>A hub on the files as they are now, as after a crash of this one.</summary>
    internal async Task<AHub> CrashedAsync()
    {
        var other = new AHub(_options, _clock);
        foreach (var file in Directory.GetFiles(Folder))
        {
            var name = Path.GetFileName(file);
            if (!name.EndsWith("lock", StringComparison.Ordinal))
            {
                File.Copy(file, Path.Combine(other.Folder, name));
            }
        }

        await other.StartAsync();
        return other;
    }

    internal async Task<IReadOnlyList<Event>> EventsAsync()
    {
        var rows = await _log!.ReadAsync(
            _options.Home,
            Sequence.None,
            1_000_000,
            int.MaxValue,
            TestContext.Current.CancellationToken
        );
        return [.. rows.SelectMany(row => row.Events)];
    }

    internal async Task<IReadOnlyList<string>> ReceivedAsync(string topic) =>
        [
            .. (await EventsAsync())
                .Select(item => item.Data)
                .OfType<MessageReceived>()
                .Where(message => message.Topic == topic)
                .Select(message => message.Payload.Text!),
        ];

    /// <summary>The session of a client is over.</summary>
    internal Task IsGoneAsync(string clientId) =>
        Wait.ForAsync(
            () => Get<Broker>().AllSessions().All(session => session.ClientId != clientId),
            $"the session of {clientId} is over"
        );

    /// <summary>The sessions' rows say what is so now.</summary>
    internal Task IsWrittenAsync() =>
        new Upkeep(
            Get<Broker>(),
            Get<Connections>(),
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance
        ).KeepSessionsAsync(TestContext.Current.CancellationToken);

    internal Task<TestClient> ClientAsync(byte version = 5) => TestClient.OpenAsync(Port, version);
}

internal static class Wait
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Task ForAsync(Func<bool> condition, string what) =>
        ForAsync(() => Task.FromResult(condition()), what);

    public static async Task ForAsync(Func<Task<bool>> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Deadline)
            {
                throw new TimeoutException($"Not within {Deadline}: {what}.");
            }

            await looks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
