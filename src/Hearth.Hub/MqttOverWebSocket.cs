using Hearth.Hub.Problems;
using Hearth.Mqtt;

namespace Hearth.Hub;

/// <summary>MQTT for who can reach the HTTP port only, browsers among them.</summary>
internal static class MqttOverWebSocket
{
    public static void MapMqtt(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/mqtt", OpenAsync).ExcludeFromDescription();

    internal static Task OpenAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return Refuse("This address speaks MQTT over WebSocket only.").ExecuteAsync(context);
        }

        return context.WebSockets.WebSocketRequestedProtocols.Contains(
            MqttHosting.WebSocketProtocol,
            StringComparer.OrdinalIgnoreCase
        )
            ? context.SpeakMqttAsync()
            : Refuse("The WebSocket has to ask for the protocol \"mqtt\".").ExecuteAsync(context);
    }

    private static Problem Refuse(string detail) => new(ProblemKinds.BadRequest, detail);
}
