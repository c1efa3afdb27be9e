using System.Net;
using Hearth.Homes;
using Hearth.Mqtt.Sessions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt;

/// <summary>Puts the broker into a host.</summary>
public static class MqttHosting
{
    /// <summary>
    /// Adds the broker of one home. To be called after <c>AddHearthHomes</c>, so that it stops
    /// before the homes do; the host must also have a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddHearthMqtt(
        this IServiceCollection services,
        BrokerOptions options
    )
    {
        services.AddSingleton(options);
        services.AddSingleton(provider => new Broker(
            provider.GetRequiredService<HomeDirectory>().Open(options.Home),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Broker>>()
        ));
        services.AddSingleton<Sessions.Connections>();
        services.AddHostedService<BrokerHost>();
        return services;
    }

    /// <summary>Whether clients are let in: the home is open, and its sessions are restored.
    /// </summary>
    public static bool IsMqttOpen(this IServiceProvider services) =>
        services.GetRequiredService<Broker>().IsOpen;

    /// <summary>Completes when clients are taken: the home is open, and what the broker keeps has
    /// been read.</summary>
    public static Task WhenMqttIsOpenAsync(
        this IServiceProvider services,
        CancellationToken cancellationToken
    ) => services.GetRequiredService<Broker>().Opened.WaitAsync(cancellationToken);

    /// <summary>
    /// Listens for MQTT on this machine only, on IPv4 and, with a port that is not 0, IPv6; port 0
    /// takes a free one. Whoever may connect may do everything as long as there is no access
    /// control, so nobody else may.
    /// </summary>
    public static void ListenMqttOnLoopback(this KestrelServerOptions kestrel, int port)
    {
        if (port == 0)
        {
            kestrel.Listen(IPAddress.Loopback, 0, UseMqtt);
        }
        else
        {
            kestrel.ListenLocalhost(port, UseMqtt);
        }
    }

    /// <summary>The name of MQTT among the protocols of a WebSocket. [MQTT-6.0.0-3]</summary>
    public const string WebSocketProtocol = "mqtt";

    /// <summary>
    /// Speaks MQTT over the WebSocket that a request asks for, until it is closed; the request has
    /// to be one, and to name <see cref="WebSocketProtocol"/>.
    /// </summary>
    public static async Task SpeakMqttAsync(this HttpContext context)
    {
        var services = context.RequestServices;
        var handler = ActivatorUtilities.CreateInstance<MqttConnectionHandler>(services);
        var clock = services.GetRequiredService<TimeProvider>();
        // [MQTT-6.0.0-4]
        using var socket = await context.WebSockets.AcceptWebSocketAsync(WebSocketProtocol);
        var client = context.Connection;
        var remote = client.RemoteIpAddress is { } address
            ? new IPEndPoint(address, client.RemotePort)
            : null;
        await new WebSocketLine(socket, clock).RunAsync(remote, handler.OnConnectedAsync);
    }

    private static void UseMqtt(ListenOptions listen) =>
        listen.UseConnectionHandler<MqttConnectionHandler>();
}
