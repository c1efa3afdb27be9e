using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hearth.Hub.Events;
using Hearth.Mqtt;
using Hearth.Storage;
using Hearth.Storage.Sqlite;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;

namespace Hearth.Hub;

/// <summary>What the rooms of this process need around them.</summary>
internal static class HubServices
{
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);

    public static void AddProcess(
        this WebApplicationBuilder builder,
        HearthOptions options,
        TimeProvider clock
    )
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(clock);
        builder.Services.Configure<HostOptions>(host =>
        {
            // The silo, the listeners and the log take their time beside each other.
            host.ServicesStartConcurrently = true;
            host.ShutdownTimeout = StopMax;
        });
        builder.Services.Configure<ConsoleLifetimeOptions>(console =>
            console.SuppressStatusMessages = true
        );
        // The console's output is for people; what operators read goes to the error stream.
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        );
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Hearth", LogLevel.Information);
        // A silo says at every start how it would like to be hosted; that is decided here.
        builder.Logging.AddFilter("Orleans", LogLevel.Error);
        // What goes wrong at a start is told to the person as a sentence; see CommandLine.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        builder.Logging.AddConfiguration(options.Logging);
    }

    /// <summary>The log; it begins to open when it is first asked for.</summary>
    public static void AddLog(this WebApplicationBuilder builder, HearthOptions options)
    {
        builder.Services.AddSingleton(services => new OpeningLog(
            SqliteEventLog.OpenAsync(
                new SqliteLogOptions(options.Data),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILoggerFactory>(),
                CancellationToken.None
            )
        ));
        builder.Services.AddSingleton<IEventLog>(services =>
            services.GetRequiredService<OpeningLog>()
        );
        builder.Services.AddSingleton<ICurrentTruths>(services =>
            services.GetRequiredService<OpeningLog>()
        );
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
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, HubJson.Default);
        });
        builder.Services.AddSingleton<EventStream>();
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
