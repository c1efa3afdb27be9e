using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Hearth.Mqtt.Tests.Sessions;

/// <summary>Clients that hold something back, or send too much.</summary>
public sealed class Abuse
{
    // MQTT 3.1.1, clean, a keep-alive of 60 s, client identifier "a".
    private static readonly byte[] Connect = Convert.FromHexString(
        "100D00044D5154540402003C000161"
    );

    private readonly FakeTimeProvider _clock = new(
        new DateTimeOffset(2026, 11, 28, 8, 0, 0, default)
    );

    [Fact]
    public async Task A_socket_that_says_nothing_is_gone_after_10_seconds()
    {
        await using var hub = await StartAsync();
        await using var silent = await hub.ClientAsync();
        await ConnectionsAsync(hub, 1);

        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(1, hub.Get<Mqtt.Sessions.Connections>().Count);
        _clock.Advance(TimeSpan.FromSeconds(0.2));

        await silent.ClosedAsync();
    }

    [Fact]
    public async Task A_CONNECT_that_trickles_in_is_gone_after_10_seconds_in_all()
    {
        await using var hub = await StartAsync();
        await using var slow = await hub.ClientAsync();
        await ConnectionsAsync(hub, 1);

        // A byte a second: each of them in time, the whole of them not.
        foreach (var one in Connect.Take(11))
        {
            await slow.SendAsync([one]);
            _clock.Advance(TimeSpan.FromSeconds(0.95));
        }

        await slow.ClosedAsync();
        await ConnectionsAsync(hub, 0);
    }

    [Fact]
    public async Task A_CONNECT_in_single_bytes_is_taken_when_it_is_there_in_time()
    {
        await using var hub = await StartAsync();
        await using var slow = await hub.ClientAsync(4);
        foreach (var one in Connect)
        {
            await slow.SendAsync([one]);
        }

        Assert.Equal(
            MqttConnectReturnCode.ConnectionAccepted,
            (await slow.ReceiveAsync<MqttConnAckPacket>()).ReturnCode
        );
        // The time for CONNECT was that for CONNECT.
        _clock.Advance(TimeSpan.FromSeconds(30));
        await slow.SendAsync(new MqttPingReqPacket());
        await slow.ReceiveAsync<MqttPingRespPacket>();
    }

    [Theory]
    // The header alone says how long the rest is; it never comes.
    [InlineData("30FFFFFF7F")]
    [InlineData("82FFFFFF7F")]
    [InlineData("E0FFFFFF7F")]
    public async Task An_announced_giant_is_refused_by_its_header_MQTT_3_2_2_15(string header)
    {
        await using var hub = await StartAsync();
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("giant");

        await client.SendAsync(Convert.FromHexString(header));

        var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();
        Assert.Equal(MqttDisconnectReasonCode.PacketTooLarge, goodbye.ReasonCode);
        await GoneAsync(hub);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_packet_whose_rest_does_not_come_within_10_seconds_ends_it(byte version)
    {
        await using var hub = await StartAsync();
        await using var client = await hub.ClientAsync(version);
        // Without a keep-alive, which would end it sooner or later.
        await client.ConnectAsync("half", with: connect => connect.KeepAlivePeriod = 0);
        // 200 KiB announced.
        await client.SendAsync([0x30, 0x80, 0xC0, 0x0C]);
        for (var second = 0; second < 12; second++)
        {
            // A byte now and then does not help.
            await client.SendAsync([0]);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await GoneAsync(hub);
        if (version == 5)
        {
            var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();
            Assert.Equal("The rest of a packet did not come in time.", goodbye.ReasonString);
        }

        await client.ClosedAsync();
    }

    [Fact]
    public async Task What_came_before_a_broken_packet_counts()
    {
        await using var hub = await StartAsync();
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("before");

        await client.SendAsync([
            .. Convert.FromHexString("300A00066265666F72650078"),
            .. Convert.FromHexString("360600016100010000"),
        ]);

        await client.ReceiveAsync<MqttDisconnectPacket>();
        await Wait.ForAsync(
            async () => (await hub.ReceivedAsync("before")).SequenceEqual(["x"]),
            "the message is in the log"
        );
    }

    [Fact]
    public async Task Who_sends_more_than_the_receive_maximum_is_ended_MQTT_3_3_4_7()
    {
        await using var hub = await StartAsync(new BrokerOptions { ReceiveMaximum = 2 });
        await using var client = await hub.ClientAsync();
        var connAck = await client.ConnectAsync("maximum", expiry: 60);
        Assert.Equal(2, connAck.ReceiveMaximum);

        // Nothing is released, so the third is one too many, as the answers to all have come.
        await SendExactlyOnceAsync(client, 1);
        await SendExactlyOnceAsync(client, 2);
        // Again, and still the same one.
        await SendExactlyOnceAsync(client, 2);
        await client.SendAsync(TestClient.Message("maximum", "3", 2, 3));

        var goodbye = await client.ReceiveAsync<MqttDisconnectPacket>();
        Assert.Equal(MqttDisconnectReasonCode.ReceiveMaximumExceeded, goodbye.ReasonCode);
        await GoneAsync(hub);
        Assert.Equal(["1", "2"], await hub.ReceivedAsync("maximum"));
    }

    [Fact]
    public async Task An_answer_makes_room_for_one_more_MQTT_4_9_0_2()
    {
        await using var hub = await StartAsync(new BrokerOptions { ReceiveMaximum = 2 });
        await using var client = await hub.ClientAsync();
        await client.ConnectAsync("room");

        await SendExactlyOnceAsync(client, 1);
        for (var id = 2; id < 20; id += 3)
        {
            // PUBACK, PUBREC with an error, and PUBCOMP each give one back.
            await client.SendAsync(TestClient.Message("room", $"{id}", 1, id));
            await client.ReceiveAsync<MqttPubAckPacket>();
            await client.SendAsync(TestClient.Message("hearth/no", $"{id}", 2, id + 1));
            Assert.Equal(0x87, (int)(await client.ReceiveAsync<MqttPubRecPacket>()).ReasonCode);
            await SendExactlyOnceAsync(client, id + 2);
            await client.SendAsync(new MqttPubRelPacket { PacketIdentifier = (ushort)(id + 2) });
            await client.ReceiveAsync<MqttPubCompPacket>();
        }
    }

    [Fact]
    public async Task Each_connection_begins_with_the_whole_receive_maximum_MQTT_4_9_0_1()
    {
        await using var hub = await StartAsync(new BrokerOptions { ReceiveMaximum = 1 });
        var client = await hub.ClientAsync();
        await client.ConnectAsync("anew", expiry: 60);
        await SendExactlyOnceAsync(client, 7);
        await client.DisposeAsync();

        await using var again = await hub.ClientAsync();
        Assert.True((await again.ConnectAsync("anew", false, 60)).IsSessionPresent);
        await again.SendAsync(TestClient.Message("maximum", "another", 1, 8));
        await again.ReceiveAsync<MqttPubAckPacket>();
        await again.SendAsync(new MqttPubRelPacket { PacketIdentifier = 7 });
        Assert.Equal(
            MqttPubCompReasonCode.Success,
            (await again.ReceiveAsync<MqttPubCompPacket>()).ReasonCode
        );
    }

    [Fact]
    public async Task An_older_client_knows_no_receive_maximum()
    {
        await using var hub = await StartAsync(new BrokerOptions { ReceiveMaximum = 1 });
        await using var client = await hub.ClientAsync(4);
        await client.ConnectAsync("older");

        for (var id = 1; id <= 5; id++)
        {
            await SendExactlyOnceAsync(client, id);
        }
    }

    private async Task<AHub> StartAsync(BrokerOptions? options = null)
    {
        var hub = new AHub(options, _clock);
        await hub.StartAsync();
        return hub;
    }

    private static Task ConnectionsAsync(AHub hub, int count) =>
        Wait.ForAsync(
            () => hub.Get<Mqtt.Sessions.Connections>().Count == count,
            $"{count} connections"
        );

    // Its end gets a moment for the last bytes, by the same clock.
    private Task GoneAsync(AHub hub) =>
        Wait.ForAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(100));
                return hub.Get<Mqtt.Sessions.Connections>().Count == 0;
            },
            "the client is gone"
        );

    private static async Task SendExactlyOnceAsync(TestClient client, int id)
    {
        await client.SendAsync(TestClient.Message("maximum", $"{id}", 2, id));
        var answer = await client.ReceiveAsync<MqttPubRecPacket>();
        Assert.Equal(MqttPubRecReasonCode.Success, answer.ReasonCode);
    }
}
