using System.Text;
using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// Opens the broker when its home is open, keeps it going, and says so to devices: they answer
/// <c>online</c> with their states. On the way down clients go first, while the home still is.
/// </summary>
internal sealed partial class BrokerHost : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan GoodbyeTimeMax = TimeSpan.FromSeconds(3);
    private static readonly string[] BirthTopics = ["homeassistant/status", "hearth/status"];

    private readonly Broker _broker;
    private readonly Connections _connections;
    private readonly ILogger _logger;
    private readonly Upkeep _upkeep;
    private readonly Lock _closeLock = new();
    private Task? _closing;

    public BrokerHost(
        Broker broker,
        Connections connections,
        IHostApplicationLifetime lifetime,
        ILogger<BrokerHost> logger
    )
    {
        _broker = broker;
        _connections = connections;
        _logger = logger;
        _upkeep = new Upkeep(broker, connections, logger);
        // Before Kestrel stops: it would wait for connections that nobody ends.
        _ = lifetime.ApplicationStopping.Register(() => _ = CloseOnceAsync());
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await CloseOnceAsync();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The hub starts meanwhile; who connects before the home is open is told so.
        await Task.Yield();
        await OpenAsync(stoppingToken);
        var dispatching = new Dispatcher(_broker, _logger).RunAsync(stoppingToken);
        _broker.IsOpen = true;
        await SayAsync("online");
        var keeping = _upkeep.RunAsync(stoppingToken);
        await await Task.WhenAny(dispatching, keeping);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                var home = _broker.Home;
                var head = await home.Feed.HeadAsync(cancellationToken);
                var retained = await home.Truths.RetainedAsync(home.Id, cancellationToken);
                var sessions = await _broker.Store.AllAsync(cancellationToken);
                await _broker.Wills.RestoreAsync(cancellationToken);
                _broker.Restore(
                    head,
                    retained.Select(OutgoingMessage.Of),
                    sessions.Select(record => Restore(record, head))
                );
                return;
            }
            catch (Exception fault) when (fault is HomeClosedException or LogUnavailableException)
            {
                if (isFirst)
                {
                    Log.NotOpen(_logger, _broker.Home.Id, fault.Message);
                }

                await Task.Delay(RetryAfter, _broker.Clock, cancellationToken);
            }
        }
    }

    private Session Restore(SessionRecord record, Sequence head)
    {
        var session = new Session(record.Client, _broker.Clock, _broker.Journal)
        {
            Epoch = record.Epoch,
            ExpirySeconds = record.ExpirySeconds,
            // A hub that crashed could not write it down; the session's time runs from now.
            DisconnectedAt = record.DisconnectedAt ?? _broker.Clock.GetUtcNow(),
            IsStored = true,
            IsUnsaved = record.DisconnectedAt is null,
        };
        foreach (var subscription in SubscriptionFormat.Read(record.Subscriptions, session))
        {
            session.Subscriptions[subscription.Filter] = subscription;
        }

        session.Received.Restore(record.Received);
        session.RestoreHandshakes(record.Sent);
        session.StartAt(record.Cursor < head ? record.Cursor : head);
        return session;
    }

    private Task CloseOnceAsync()
    {
        lock (_closeLock)
        {
            return _closing ??= CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        var wasOpen = _broker.IsOpen;
        _broker.IsOpen = false;
        if (wasOpen)
        {
            await SayAsync("offline");
        }

        await _connections.CloseAsync();
        _broker.CloseGroups();
        await _broker.Journal.SettledAsync();
        if (wasOpen)
        {
            await _upkeep.KeepSessionsAsync(CancellationToken.None);
        }
    }

    /// <summary>Retained, so that who connects later knows it too.</summary>
    private async Task SayAsync(string status)
    {
        var payload = new Payload(Encoding.UTF8.GetBytes(status));
        var inputs = BirthTopics
            .Select(topic => new Submission(
                new ReceiveMessage(topic, payload, 0, Retain: true, "hearth")
                {
                    Principal = Principal.Hub,
                }
            ))
            .ToList();
        try
        {
            var answers = await _broker
                .Home.SubmitAsync(inputs, CancellationToken.None)
                .WaitAsync(GoodbyeTimeMax, _broker.Clock);
            await _broker
                .DispatchedAsync(answers[^1].Row!.Last)
                .WaitAsync(GoodbyeTimeMax, _broker.Clock);
        }
        catch (Exception fault) when (fault is HomeClosedException or TimeoutException)
        {
            Log.NotSaid(_logger, status, fault.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "MQTT waits for home {Home} to open: {Reason}")]
        public static partial void NotOpen(ILogger logger, HomeId home, string reason);

        [LoggerMessage(LogLevel.Warning, "Devices were not told '{Status}': {Reason}")]
        public static partial void NotSaid(ILogger logger, string status, string reason);
    }
}
