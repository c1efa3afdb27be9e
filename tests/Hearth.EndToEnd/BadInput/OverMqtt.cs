using Hearth.EndToEnd.Devices;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.BadInput;

/// <summary>A hub of its own for bad input, with a device and a client that must not notice.
/// </summary>
public sealed class ACalmHub : IAsyncLifetime
{
    private RunningHub? _hub;
    private Peer? _bystander;

    internal RunningHub Hub => _hub!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync();
        _bystander = await Peer.ConnectAsync(_hub, "bystander");
        await _bystander.SubscribeAsync("plug/power");
        await ATestDevice.AnnounceSensorAsync(_bystander, "plug");
        await ATestDevice.ReportPowerAsync(_bystander, "plug", 1);
    }

    /// <summary>The whole log as text.</summary>
    internal async Task<string> LogAsync()
    {
        var lines = new List<string>();
        await foreach (var item in Hub.Api.EventsAsync())
        {
            lines.Add(item.ToString());
        }

        return string.Join('\n', lines);
    }

    /// <summary>The hub runs, and who has done nothing wrong goes on publishing and getting.
    /// </summary>
    internal async Task IsCalmAsync()
    {
        Assert.False(Hub.Program.HasExited, $"The hub ended:\n{Hub.Program.Output}");
        var count = _bystander!.InboxCount;
        await ATestDevice.ReportPowerAsync(_bystander, "plug", count);
        await _bystander.GetsAsync("its own message", _ => true, skip: count);
    }

    public async ValueTask DisposeAsync()
    {
        if (_bystander is not null)
        {
            await _bystander.DisposeAsync();
        }

        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }
    }
}

/// <summary>Bytes that are no MQTT, or none that may be sent.</summary>
public sealed class OverMqtt(ACalmHub calm) : IClassFixture<ACalmHub>
{
    private const byte Malformed = 0x81;
    private const byte ProtocolError = 0x82;
    private const byte TopicInvalid = 0x90;
    private const byte TooLarge = 0x95;

    /// <summary>What is sent on a connection that was taken, and the reasons it may be ended for.
    /// </summary>
    public static TheoryData<string, byte[], byte[]> Packets =>
        new()
        {
            { "a topic with broken UTF-8", Publish([0x61, 0xff, 0x62]), [Malformed, TopicInvalid] },
            {
                "a topic with half a surrogate",
                Publish([0xed, 0xa0, 0x80]),
                [Malformed, TopicInvalid]
            },
            { "a topic with U+0000", Publish([0x61, 0x00]), [Malformed, TopicInvalid] },
            { "a topic with a wildcard", Publish([.. "a/#"u8]), [TopicInvalid, Malformed] },
            { "an empty topic", Publish([]), [TopicInvalid, ProtocolError, Malformed] },
            { "QoS 3", [0x36, 0x06, 0, 1, 0x61, 0, 1, 0], [Malformed] },
            { "packet id 0", [0x32, 0x06, 0, 1, 0x61, 0, 0, 0], [ProtocolError, Malformed] },
            { "a length of five bytes", [0x30, 0xff, 0xff, 0xff, 0xff, 0x7f], [Malformed] },
            { "a reserved packet type", [0x00, 0x00], [Malformed, ProtocolError] },
            { "a second CONNECT", RawLine.Connect("again"), [ProtocolError] },
            { "an empty SUBSCRIBE", [0x82, 0x03, 0, 1, 0], [ProtocolError, Malformed] },
            { "a topic longer than its packet", [0x30, 0x03, 0xff, 0xff, 0x61], [Malformed] },
            {
                "1 MiB",
                [0x32, .. Length(1024 * 1024), 0, 1, 0x61, 0, 1, 0, .. new byte[1024 * 1024 - 6]],
                [TooLarge]
            },
        };

    [Theory]
    [MemberData(nameof(Packets))]
    public async Task Ends_the_connection_with_its_reason_and_changes_nothing(
        string what,
        byte[] packet,
        byte[] reasons
    )
    {
        var before = await calm.LogAsync();
        using var line = await RawLine.ConnectAsync(calm.Hub, "bad");

        await line.SendAsync(packet);

        var rest = await line.RestAsync();
        Assert.True(
            rest.Length >= 3 && rest[0] == 0xe0 && reasons.Contains(rest[2]),
            $"{what}: expected a DISCONNECT with {Convert.ToHexString(reasons)}, got"
                + $" {Convert.ToHexString(rest)}"
        );
        Assert.Equal(before, await calm.LogAsync());
        await calm.IsCalmAsync();
    }

    public static TheoryData<string, byte[]> Beginnings =>
        new()
        {
            { "HTTP", [.. "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8] },
            { "TLS", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03] },
            { "PUBLISH first", Publish([.. "a"u8]) },
            { "a protocol of another name", [0x10, 0x0c, 0, 4, .. "MQTX"u8, 5, 2, 0, 60, 0, 0] },
            { "noise", Noise(seed: 7) },
        };

    [Theory]
    [MemberData(nameof(Beginnings))]
    public async Task Closes_what_does_not_begin_with_a_connect(string what, byte[] bytes)
    {
        var before = await calm.LogAsync();
        using var line = await RawLine.OpenAsync(calm.Hub);

        await line.SendAsync(bytes);
        var rest = await line.RestAsync();

        // A CONNACK may say why; nothing else may come back.
        Assert.True(rest.Length == 0 || rest[0] == 0x20, $"{what}: {Convert.ToHexString(rest)}");
        Assert.Equal(before, await calm.LogAsync());
        await calm.IsCalmAsync();
    }

    [Fact]
    public async Task A_packet_that_breaks_off_leaves_no_trace()
    {
        var before = await calm.LogAsync();
        var whole = Publish([.. "broken/off"u8]);
        for (var length = 1; length < whole.Length; length++)
        {
            using var line = await RawLine.ConnectAsync(calm.Hub, "broken-off");
            await line.SendAsync(whole[..length]);
        }

        await calm.IsCalmAsync();
        var log = await calm.LogAsync();
        Assert.DoesNotContain("broken/off", log);
        Assert.StartsWith(before, log);
    }

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("[]")]
    [InlineData("{\"name\":\"No topic\",\"unique_id\":\"bad\"}")]
    [InlineData("{\"state_topic\":{},\"unique_id\":\"bad\"}")]
    [InlineData("{\"state_topic\":\"a/#/b\",\"unique_id\":\"bad\",\"value_template\":\"{{ \"}")]
    public async Task A_bad_announcement_registers_nothing(string payload)
    {
        var before = await calm.Hub.Api.GetAsync("/api/v1/devices");
        await using var peer = await Peer.ConnectAsync(calm.Hub, "announcer");

        await peer.PublishAsync("homeassistant/sensor/bad/config", payload);

        var after = await calm.Hub.Api.GetAsync("/api/v1/devices");
        Assert.Equal(before.GetArrayLength(), after.GetArrayLength());
        await calm.IsCalmAsync();
    }

    [Fact]
    public async Task A_report_that_is_no_text_leaves_the_state_as_it_was()
    {
        await using var peer = await Peer.ConnectAsync(calm.Hub, "liar");
        var before = (await Twin.EntityAsync(calm.Hub.Api, "plug")).State;

        await peer.PublishAsync("plug/power", [0xff, 0xfe, 0x00], retain: false, qos: 1);
        await peer.PublishAsync("plug/power", "no number at all");

        Assert.Equal(before, (await Twin.EntityAsync(calm.Hub.Api, "plug")).State);
        await calm.IsCalmAsync();
    }

    /// <summary>A PUBLISH with QoS 1, MQTT 5, without properties and payload.</summary>
    private static byte[] Publish(byte[] topic) =>
        [0x32, (byte)(topic.Length + 5), 0, (byte)topic.Length, .. topic, 0, 1, 0];

    private static byte[] Length(int length)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)(length % 128 | (length >= 128 ? 128 : 0)));
            length /= 128;
        } while (length > 0);
        return [.. bytes];
    }

    private static byte[] Noise(int seed)
    {
        var bytes = new byte[4_096];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
