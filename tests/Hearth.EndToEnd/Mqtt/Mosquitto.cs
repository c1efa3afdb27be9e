using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Mqtt;

/// <summary>The hub with <c>mosquitto_pub</c> and <c>mosquitto_sub</c>.</summary>
public sealed class Mosquitto : IAsyncLifetime
{
    private const string Started = "started";

    private RunningHub _hub = null!;

    public static TheoryData<string> Versions { get; } = ["mqttv311", "mqttv5"];

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync();
        await PublishAsync("mqttv5", Started, Started, "-q", "1", "-r");
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Every_QoS_both_ways(string version)
    {
        for (var qos = 0; qos <= 2; qos++)
        {
            var topic = $"{version}/qos/{qos}";
            await using var reader = await SubscribedAsync(
                version,
                topic,
                ["-q", $"{qos}", "-C", "3", "-F", "%t %q %r %p"]
            );
            await PublishAsync(version, topic, "first", "-q", $"{qos}");
            await PublishAsync(version, topic, "second", "-q", "2");

            var got = (await reader.OutputAsync()).Skip(1);
            Assert.Equal([$"{topic} {qos} 0 first", $"{topic} {qos} 0 second"], got);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_retained_message_comes_to_who_subscribes_later(string version)
    {
        await PublishAsync(version, "kept", "yes", "-q", "1", "-r");

        await using var reader = Subscribe(version, "kept", "-q", "1", "-C", "1", "-F", "%r %p");

        Assert.Equal(["1 yes"], await reader.OutputAsync());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_will_comes_when_its_client_is_killed(string version)
    {
        await using var watcher = await SubscribedAsync(version, "will", ["-C", "2", "-q", "1"]);
        string[] will = ["--will-topic", "will", "--will-payload", "gone", "--will-qos", "1"];
        await (await SubscribedAsync(version, "nothing", will)).DisposeAsync();

        Assert.Equal([Started, "gone"], await watcher.OutputAsync());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_session_keeps_what_came_while_its_client_was_away(string version)
    {
        string[] session = ["-c", "-i", "stays", "-q", "2"];
        session = version == "mqttv5" ? [.. session, "-x", "60"] : session;
        // -E ends it as soon as it has subscribed.
        await using var before = Subscribe(version, "news", [.. session, "-E"]);
        await before.OutputAsync();
        await PublishAsync(version, "news", "1", "-q", "1");
        await PublishAsync(version, "news", "2", "-q", "2");
        await _hub.KillAndStartAgainAsync();

        await using var after = Subscribe(version, "news", [.. session, "-C", "2"]);

        Assert.Equal(["1", "2"], await after.OutputAsync());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_shared_subscription_spreads_what_comes(string version)
    {
        string[] options = ["-q", "1", "-C", "6"];
        await using var one = await SubscribedAsync(version, "$share/g/jobs", options);
        await using var two = await SubscribedAsync(version, "$share/g/jobs", options);
        for (var number = 0; number < 10; number++)
        {
            await PublishAsync(version, "jobs", $"{number}", "-q", "1");
        }

        var got = (await one.OutputAsync()).Skip(1).Concat((await two.OutputAsync()).Skip(1));
        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"{number}"), got.Order());
    }

    [Fact]
    public async Task The_properties_of_MQTT_5_arrive_as_they_were_sent()
    {
        await using var reader = await SubscribedAsync(
            "mqttv5",
            "asks",
            ["-C", "2", "-F", "%C %D %R %P %p"]
        );
        await PublishAsync(
            "mqttv5",
            "asks",
            "?",
            [
                .. "-D publish content-type text/plain -D publish correlation-data 42".Split(' '),
                .. "-D publish response-topic answers/me".Split(' '),
                .. "-D publish user-property colour red".Split(' '),
            ]
        );

        Assert.Equal("text/plain 42 answers/me colour:red ?", (await reader.OutputAsync())[1]);
    }

    private async Task PublishAsync(
        string version,
        string topic,
        string payload,
        params string[] options
    ) =>
        await Tool.RunAsync(
            "mosquitto_pub",
            null,
            ["-p", $"{_hub.MqttPort}", "-V", version, "-t", topic, "-m", payload, .. options]
        );

    private Tool Subscribe(string version, string filter, params string[] options) =>
        Tool.Start(
            "mosquitto_sub",
            null,
            ["-p", $"{_hub.MqttPort}", "-V", version, "-t", filter, .. options]
        );

    /// <summary>It has subscribed: in the same packet to a retained message, its first line.
    /// </summary>
    private async Task<Tool> SubscribedAsync(string version, string filter, string[] options)
    {
        var tool = Subscribe(version, filter, ["-t", Started, .. options]);
        await Eventually.Holds(
            $"mosquitto_sub has subscribed to {filter}",
            TimeSpan.FromSeconds(20),
            () => tool.Lines.Count > 0,
            () => string.Join('\n', tool.Lines)
        );
        return tool;
    }
}
