using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Hearth.Sdk.Tests;

internal sealed record Published(string Client, string Topic, string Payload, bool Retain, int Qos)
{
    public string? ContentType { get; init; }
}

/// <summary>A real MQTT broker over TCP, which can be stopped and started again.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private MqttServer server;

    private Broker(int port)
    {
        Port = port;
        server = NewServer();
    }

    public int Port { get; }

    public HearthConnection Connection => new() { Host = "127.0.0.1", Port = Port };

    public Seen<Published> Published { get; } = new();

    public Seen<string> Subscribed { get; } = new();

    public Seen<string> Disconnected { get; } = new();

    /// <summary>Decides about each publish; null accepts everything.</summary>
    public Func<Published, MqttPubAckReasonCode>? Judge { get; set; }

    /// <summary>The user name and password that it wants; null for none.</summary>
    public (string Username, string Password)? Credential { get; set; }

    public static async Task<Broker> StartAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            var broker = new Broker(FreePort());
            try
            {
                await broker.server.StartAsync();
                return broker;
            }
            catch (SocketException) when (attempt < 10)
            {
                // Somebody else took the port in between; there are others.
                broker.server.Dispose();
            }
        }
    }

    public async Task StopAsync()
    {
        await server.StopAsync();
        server.Dispose();
    }

    /// <summary>The same port, but nothing is remembered.</summary>
    public async Task StartAgainAsync()
    {
        server = NewServer();
        await server.StartAsync();
    }

    public Task PublishAsync(string topic, string payload, bool retain = false) =>
        server.InjectApplicationMessage(
            topic,
            payload,
            MqttQualityOfServiceLevel.AtLeastOnce,
            retain
        );

    public async Task<string?> RetainedAsync(string topic)
    {
        var message = await server.GetRetainedMessageAsync(topic);
        return message is null ? null : Encoding.UTF8.GetString(message.Payload.ToArray());
    }

    public Task<Published> WaitForAsync(string topic, string? payload = null) =>
        Published.WaitForAsync(p => p.Topic == topic && (payload is null || p.Payload == payload));

    public async ValueTask DisposeAsync()
    {
        if (server.IsStarted)
        {
            await server.StopAsync();
        }

        server.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private MqttServer NewServer()
    {
        var options = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(Port)
            .WithDefaultEndpointReuseAddress()
            .WithPersistentSessions()
            .Build();
        var fresh = new MqttServerFactory().CreateMqttServer(options);
        fresh.ValidatingConnectionAsync += OnConnectingAsync;
        fresh.InterceptingPublishAsync += OnPublishAsync;
        fresh.ClientSubscribedTopicAsync += subscribed =>
        {
            Subscribed.Add(subscribed.TopicFilter.Topic);
            return Task.CompletedTask;
        };
        fresh.ClientDisconnectedAsync += gone =>
        {
            Disconnected.Add(gone.ClientId);
            return Task.CompletedTask;
        };
        return fresh;
    }

    private Task OnConnectingAsync(ValidatingConnectionEventArgs connecting)
    {
        if (Credential is { } wanted && wanted != (connecting.UserName, connecting.Password))
        {
            connecting.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
        }

        return Task.CompletedTask;
    }

    private Task OnPublishAsync(InterceptingPublishEventArgs arrived)
    {
        var message = arrived.ApplicationMessage;
        var published = new Published(
            arrived.ClientId,
            message.Topic,
            Encoding.UTF8.GetString(message.Payload.ToArray()),
            message.Retain,
            (int)message.QualityOfServiceLevel
        )
        {
            ContentType = message.ContentType,
        };
        var verdict = Judge?.Invoke(published) ?? MqttPubAckReasonCode.Success;
        if (verdict == MqttPubAckReasonCode.Success)
        {
            Published.Add(published);
        }
        else
        {
            arrived.ProcessPublish = false;
            arrived.Response.ReasonCode = verdict;
        }

        return Task.CompletedTask;
    }
}
