using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>Where Kestrel hands over a connection, and waits until it has ended.</summary>
internal sealed partial class MqttConnectionHandler(
    Broker broker,
    Connections connections,
    ILogger<MqttConnectionHandler> logger
) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        using var client = new Connection(connection, broker, logger);
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!connections.TryAdd(client, address))
        {
            Log.TooMany(logger, address);
            connection.Abort();
            return;
        }

        try
        {
            await client.RunAsync();
        }
        finally
        {
            connections.Remove(client);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No more MQTT connections from {Address} are taken.")]
        public static partial void TooMany(ILogger logger, IPAddress address);
    }
}
