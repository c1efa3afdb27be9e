using System.Text;
using Hearth.Core.Events;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>Events as the MQTT binding of CloudEvents carries them.</summary>
public sealed class EventBindings(AHub hub) : IClassFixture<AHub>
{
    private const string Json = """
        {"specversion":"1.0","id":"ID","source":"/binding","type":"energy.low","data":{"a":1.0}}
        """;

    [Fact]
    public async Task A_binary_event_has_its_attributes_in_user_properties()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("binary-pub");
        var packet = Binary("b1", "{\"watts\": 6.30}");
        packet.ContentType = "application/json";
        packet.UserProperties.Add(User("subject", "desk"));
        packet.UserProperties.Add(User("room", "kitchen"));

        Assert.Equal(MqttPubAckReasonCode.Success, (await SendAsync(client, packet)).ReasonCode);

        var item = await PublishedAsync("b1");
        var data = Assert.IsType<ProgramEvent>(item.Data);
        Assert.Equal(("energy.low", "desk"), (data.Type, data.Subject));
        Assert.Equal("application/json", data.DataContentType);
        Assert.Equal("{\"watts\":6.30}", data.Content);
        Assert.Equal(KeyValuePair.Create("room", "\"kitchen\""), Assert.Single(data.Extensions));
    }

    [Fact]
    public async Task A_payload_of_another_type_stays_what_it_is()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("binary-text");
        var packet = Binary("b2", "hot");
        packet.ContentType = "text/plain";

        Assert.Equal(MqttPubAckReasonCode.Success, (await SendAsync(client, packet)).ReasonCode);

        var data = Assert.IsType<ProgramEvent>((await PublishedAsync("b2")).Data);
        Assert.Equal((ContentKind.Text, "hot"), (data.Kind, data.Content));
    }

    [Theory]
    [InlineData("application/cloudevents+json")]
    [InlineData("Application/CloudEvents+JSON; charset=utf-8")]
    public async Task The_content_type_of_structured_mode_wins_over_user_properties(string type)
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("structured-pub");
        var id = "s" + type.Length;
        var packet = Binary("other", Json.Replace("ID", id));
        packet.ContentType = type;

        Assert.Equal(MqttPubAckReasonCode.Success, (await SendAsync(client, packet)).ReasonCode);

        Assert.Equal("energy.low", (await PublishedAsync(id)).Type);
    }

    [Fact]
    public async Task Another_format_of_CloudEvents_is_refused()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("xml-pub");
        var packet = Binary("x", "<event/>");
        packet.ContentType = "application/cloudevents+xml";

        var ack = await SendAsync(client, packet);

        Assert.Equal(MqttPubAckReasonCode.PayloadFormatInvalid, ack.ReasonCode);
        Assert.Contains("application/cloudevents+json", ack.ReasonString);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_binary_event_is_said_at_once()
    {
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("wrong-pub");
        var packet = TestClient.Message("hearth/events/energy.low", "{", 1, 1);
        packet.ContentType = "application/json";
        packet.UserProperties =
        [
            User("specversion", "0.3"),
            User("type", "energy.low"),
            User("authid", "user:ana"),
        ];

        var ack = await SendAsync(client, packet);

        Assert.Equal(MqttPubAckReasonCode.PayloadFormatInvalid, ack.ReasonCode);
        Assert.All(
            ["/specversion", "/id", "/source", "/authid", "/data"],
            place => Assert.Contains(place, ack.ReasonString)
        );
    }

    private static MqttPublishPacket Binary(string id, string payload)
    {
        var packet = TestClient.Message("hearth/events/energy.low", payload, 1, 1);
        packet.UserProperties =
        [
            User("specversion", "1.0"),
            User("id", id),
            User("source", "/binding"),
            User("type", "energy.low"),
        ];
        return packet;
    }

    private static MqttUserProperty User(string name, string value) =>
        new(name, Encoding.UTF8.GetBytes(value));

    private static async Task<MqttPubAckPacket> SendAsync(
        TestClient client,
        MqttPublishPacket packet
    )
    {
        await client.SendAsync(packet);
        return await client.ReceiveAsync<MqttPubAckPacket>();
    }

    private async Task<Event> PublishedAsync(string id) =>
        (await hub.EventsAsync()).Single(item => item.Source == "/binding" && item.Id == id);
}
