using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hearth.Hub.Events;
using Hearth.Mqtt;
using Hearth.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hearth.Hub;

/// <summary>What the rooms of this process need around them.</summary>
internal static class HubServices
{
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);

    public static void AddProcess(
        this WebApplicationBuilder builder,
        HearthOptions options,
        TimeProvider clock,
        ILoggerFactory output,
        IEventLog log,
        ICurrentTruths truths,
        ILogSearch search
    )
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(clock);
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = StopMax;
        });
        builder.Services.Configure<ConsoleLifetimeOptions>(console =>
            console.SuppressStatusMessages = true
        );
        builder.Services.AddSingleton(output);
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton(truths);
        builder.Services.AddSingleton(search);
    }

    /// <summary>Listens on loopback only: until people can sign in, nobody else may come in.
    /// </summary>
    public static void AddListeners(this WebApplicationBuilder builder, HearthOptions options)
    {
        builder.Services.AddSingleton<Listeners>();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 10_000;
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MaxRequestLineSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxRequestBodySize = Problems.JsonBody.BytesMax;
            kestrel.ListenLoopback(options.Http.Port);
            kestrel.ListenMqttOnLoopback(options.Mqtt.Port);
        });
    }

    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.MaxDepth = Problems.AnswerJson.DepthMax;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, HubJson.Default);
        });
        builder.Services.AddSingleton<EventStream>();
        builder.Services.AddSingleton<EventSocket>();
        builder.Services.AddHearthOpenApi();
    }

    private static void ListenLoopback(this KestrelServerOptions kestrel, int port)
    {
        if (port == 0)
        {
            // Two addresses cannot take the same free port by chance.
            kestrel.Listen(IPAddress.Loopback, port);
        }
        else
        {
            kestrel.ListenLocalhost(port);
        }
    }
}

/// <summary>Where the hub listens, known once it does.</summary>
internal sealed class Listeners(IServer server)
{
    public int HttpPort => PortOf(0);

    public int MqttPort => PortOf(1);

    /// <summary>Addresses stand in the order in which they were asked for.</summary>
    private int PortOf(int index)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()!.Addresses;
        return new Uri(addresses.ElementAt(index)).Port;
    }
}
