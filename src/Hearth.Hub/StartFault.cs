using System.Net;
using System.Net.Sockets;
using Hearth.Storage.Sqlite;
using Microsoft.AspNetCore.Connections;

namespace Hearth.Hub;

/// <summary>
/// What keeps a hub from starting and a person can change, as a sentence. Anything else is a bug,
/// and keeps its stack trace.
/// </summary>
internal static class StartFault
{
    /// <summary>What is wrong with the ports, found before anything is started.</summary>
    public static string? WithPorts(HearthOptions options)
    {
        if (IsInUse(options.Http.Port))
        {
            return InUse("HTTP", options.Http.Port, Settings.HttpPort);
        }

        return IsInUse(options.Mqtt.Port)
            ? InUse("MQTT", options.Mqtt.Port, Settings.MqttPort)
            : null;
    }

    public static string? Sentence(Exception fault, HearthOptions options) =>
        fault switch
        {
            DataDirectoryException => fault.Message,
            IOException { InnerException: AddressInUseException } => InUse(fault.Message, options),
            IOException { InnerException: AggregateException } => Unusable(fault.Message, options),
            SocketException => $"The hub cannot listen: {fault.Message}.",
            AggregateException several => several
                .InnerExceptions.Select(inner => Sentence(inner, options))
                .FirstOrDefault(sentence => sentence is not null),
            _ => null,
        };

    private static bool IsInUse(int port)
    {
        if (port == 0)
        {
            return false;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }

    private static string InUse(string message, HearthOptions options)
    {
        var (what, port, setting) = Meant(message, options);
        return InUse(what, port, setting);
    }

    private static string InUse(string what, int port, Setting setting) =>
        $"{what} port {port} is in use by another program. Stop that one, or choose another port:"
        + $" {setting.Switch} {port + 1}.";

    private static string Unusable(string message, HearthOptions options)
    {
        var (what, port, setting) = Meant(message, options);
        return $"The hub may not listen on {what} port {port}: {message} Choose another port with"
            + $" {setting.Switch}.";
    }

    /// <summary>Kestrel names the address; the port says whose it is.</summary>
    private static (string What, int Port, Setting Setting) Meant(
        string message,
        HearthOptions options
    ) =>
        message.Contains($":{options.Mqtt.Port}", StringComparison.Ordinal)
            ? ("MQTT", options.Mqtt.Port, Settings.MqttPort)
            : ("HTTP", options.Http.Port, Settings.HttpPort);
}
