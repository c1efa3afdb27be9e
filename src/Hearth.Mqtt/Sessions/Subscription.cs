using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Mqtt.Packets;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// One filter of one session. It sees events after its own beginning only. Two are the same when
/// they are one object.
/// </summary>
internal sealed class Subscription(
    Session session,
    SubscriptionRequest request,
    uint id,
    Sequence since
)
{
    public Session Session { get; } = session;

    public SubscriptionRequest Request { get; } = request;

    /// <summary>What the client calls it; 0 when it has no name for it.</summary>
    public uint Id { get; } = id;

    public Sequence Since { get; } = since;

    public string Filter => Request.Filter;

    /// <summary>The group that it belongs to, when it is shared: set when it begins to work.
    /// </summary>
    public ShareGroup? Share { get; set; }

    /// <summary>Where the group stood when the session's row was written.</summary>
    public ShareState? StoredShare { get; init; }

    /// <summary>When it was restored, not all of its retained messages had been acknowledged.
    /// </summary>
    public bool IsOwedRetained { get; init; }

    public bool Takes(OutgoingMessage message) => message.Sequence > Since && !IsOwn(message);

    /// <summary>The client's own message, which it does not want back. [MQTT-3.8.3-3]</summary>
    public bool IsOwn(OutgoingMessage message) =>
        Request.NoLocal && message.Client == Session.ClientId;

    public Subscription StartingAt(Sequence position) => new(Session, Request, Id, position);
}

/// <summary>The subscriptions of a session as its row keeps them.</summary>
internal static class SubscriptionFormat
{
    /// <param name="handedOver">How far the dispatcher has come.</param>
    public static string Write(
        IEnumerable<Subscription> subscriptions,
        Sequence handedOver,
        IReadOnlySet<string> owed
    )
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var item in subscriptions)
            {
                json.WriteStartObject();
                json.WriteString("filter", item.Filter);
                json.WriteNumber("qos", (int)item.Request.MaximumQos);
                json.WriteNumber("since", item.Since.Value);
                json.WriteNumber("id", item.Id);
                json.WriteBoolean("no_local", item.Request.NoLocal);
                json.WriteBoolean("retain_as_published", item.Request.RetainAsPublished);
                if (owed.Contains(item.Filter))
                {
                    json.WriteBoolean("owed_retained", true);
                }

                if (item.Share is { } group)
                {
                    Write(json, group.StateAt(handedOver));
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static IEnumerable<Subscription> Read(string text, Session session)
    {
        using var document = JsonDocument.Parse(text);
        foreach (var json in document.RootElement.EnumerateArray())
        {
            var request = new SubscriptionRequest(
                json.GetProperty("filter").GetString()!,
                (Qos)json.GetProperty("qos").GetInt32()
            )
            {
                NoLocal = json.GetProperty("no_local").GetBoolean(),
                RetainAsPublished = json.GetProperty("retain_as_published").GetBoolean(),
            };
            var since = new Sequence(json.GetProperty("since").GetInt64());
            yield return new Subscription(
                session,
                request,
                json.GetProperty("id").GetUInt32(),
                since
            )
            {
                StoredShare = ReadShare(json),
                IsOwedRetained = json.TryGetProperty("owed_retained", out _),
            };
        }
    }

    private static void Write(Utf8JsonWriter json, ShareState state)
    {
        json.WriteNumber("position", state.Position.Value);
        json.WriteStartArray("unacknowledged");
        foreach (var sequence in state.Unacknowledged)
        {
            json.WriteNumberValue(sequence.Value);
        }

        json.WriteEndArray();
    }

    private static ShareState? ReadShare(JsonElement json) =>
        json.TryGetProperty("position", out var position)
            ? new ShareState(
                new Sequence(position.GetInt64()),
                [
                    .. json.GetProperty("unacknowledged")
                        .EnumerateArray()
                        .Select(item => new Sequence(item.GetInt64())),
                ]
            )
            : null;
}
