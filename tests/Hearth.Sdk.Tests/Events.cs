using System.Text;
using System.Text.Json.Nodes;
using MQTTnet.Protocol;

namespace Hearth.Sdk.Tests;

public sealed class Events
{
    private const string Overload = """
        {"specversion":"1.0","id":"7","source":"/components/meter","subject":"desk-lamp",
         "type":"energy.threshold_exceeded","time":"2025-03-01T12:00:00Z",
         "sequence":"00000000000000000042","datacontenttype":"application/json",
         "data":{"watts":61.5}}
        """;

    [Fact]
    public async Task An_event_goes_out_as_structured_CloudEvents_JSON()
    {
        await using var broker = await Broker.StartAsync();
        await using var meter = new RunningDevice("meter");
        await meter.ConnectAsync(broker.Connection);

        var told = await meter.Device.PublishEventAsync(
            "energy.threshold_exceeded",
            new { Watts = 61.5 },
            "desk-lamp",
            TestContext.Current.CancellationToken
        );

        var sent = await broker.WaitForAsync("hearth/events/energy.threshold_exceeded");
        Assert.Equal("application/cloudevents+json", sent.ContentType);
        Assert.Equal(1, sent.Qos);
        Assert.False(sent.Retain);
        var expected = JsonNode.Parse(
            $$$"""
            {"specversion":"1.0","id":"{{{told.Id}}}","source":"/components/meter",
             "type":"energy.threshold_exceeded","subject":"desk-lamp",
             "time":"2025-03-01T12:00:00.0000000Z","datacontenttype":"application/json",
             "data":{"watts":61.5}}
            """
        );
        Assert.Equal(expected!.ToJsonString(), JsonNode.Parse(sent.Payload)!.ToJsonString());
    }

    [Fact]
    public async Task An_event_of_the_bus_reaches_its_handler_whole()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var heard = new Seen<HearthEvent>();
        lamp.Device.OnEvent("energy.threshold_exceeded", Remember(heard));
        await lamp.ConnectAsync(broker.Connection);

        await broker.PublishAsync("hearth/events/energy.threshold_exceeded", Overload);

        var happened = await heard.WaitForAsync(_ => true);
        Assert.Equal("7", happened.Id);
        Assert.Equal("/components/meter", happened.Source);
        Assert.Equal("desk-lamp", happened.Subject);
        Assert.Equal(new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero), happened.Time);
        Assert.Equal(61.5, happened.Data!["watts"]!.GetValue<double>());
        Assert.Equal("00000000000000000042", happened.Extensions["sequence"]);
    }

    [Fact]
    public async Task Wildcards_hear_what_they_stand_for_and_each_handler_once()
    {
        await using var broker = await Broker.StartAsync();
        await using var lamp = new RunningDevice();
        var all = new Seen<HearthEvent>();
        var energy = new Seen<HearthEvent>();
        var exact = new Seen<HearthEvent>();
        lamp.Device.OnEvent("*", Remember(all));
        lamp.Device.OnEvent("energy.*", Remember(energy));
        lamp.Device.OnEvent("energy.threshold_exceeded", Remember(exact));
        await lamp.ConnectAsync(broker.Connection);

        await broker.PublishAsync("hearth/events/energy.threshold_exceeded", Overload);
        await broker.PublishAsync(
            "hearth/events/door.opened",
            """{"specversion":"1.0","id":"8","source":"/d","type":"door.opened"}"""
        );

        await all.WaitForAsync(e => e.Type == "door.opened");
        Assert.Equal(2, all.All.Count);
        Assert.Equal("7", Assert.Single(energy.All).Id);
        Assert.Equal("7", Assert.Single(exact.All).Id);
    }

    [Fact]
    public async Task An_event_published_while_away_is_sent_with_the_connection()
    {
        await using var broker = await Broker.StartAsync();
        await using var meter = new RunningDevice("meter");
        var publishing = meter.Device.PublishEventAsync(
            "energy.threshold_exceeded",
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.False(publishing.IsCompleted);

        await meter.ConnectAsync(broker.Connection);

        var told = await publishing;
        var sent = await broker.WaitForAsync("hearth/events/energy.threshold_exceeded");
        Assert.Equal(told.Id, JsonNode.Parse(sent.Payload)!["id"]!.ToString());
    }

    [Fact]
    public async Task An_event_that_was_not_acknowledged_is_sent_again_under_its_id()
    {
        await using var broker = await Broker.StartAsync();
        await using var meter = new RunningDevice("meter");
        await meter.ConnectAsync(broker.Connection);
        var arrived = new Seen<string>();
        using var stuck = new ManualResetEventSlim();
        broker.Judge = published =>
        {
            // The broker has it, but goes away before it can say so.
            arrived.Add(published.Payload);
            stuck.Wait(TestContext.Current.CancellationToken);
            return MqttPubAckReasonCode.UnspecifiedError;
        };

        var publishing = meter.Device.PublishEventAsync(
            "door.opened",
            cancellationToken: TestContext.Current.CancellationToken
        );
        var first = await arrived.WaitForAsync(_ => true);
        var stopping = broker.StopAsync();
        await meter.Notices.WaitForAsync(n => n.Kind == HearthNoticeKind.Disconnected);
        stuck.Set();
        await stopping;
        broker.Judge = null;
        await broker.StartAgainAsync();
        await meter.ConnectedAsync();
        await publishing;

        var second = await broker.WaitForAsync("hearth/events/door.opened");
        Assert.Equal(first, second.Payload);
    }

    [Fact]
    public async Task A_handler_that_waits_for_the_connection_does_not_keep_it_away()
    {
        await using var broker = await Broker.StartAsync();
        await using var meter = new RunningDevice("meter");
        var isWaiting = new Seen<bool>();
        meter.Device.OnMessage(
            "start",
            async (_, token) =>
            {
                await broker.StopAsync();
                await meter.Notices.WaitForAsync(n => n.Kind == HearthNoticeKind.Disconnected);
                isWaiting.Add(true);
                await meter.Device.PublishEventAsync("meter.back", cancellationToken: token);
            }
        );
        await meter.ConnectAsync(broker.Connection);
        await broker.PublishAsync("start", "");
        await isWaiting.WaitForAsync(_ => true);

        await broker.StartAgainAsync();
        await meter.ConnectedAsync();

        await broker.WaitForAsync("hearth/events/meter.back");
    }

    [Fact]
    public async Task An_event_that_the_hub_refuses_fails()
    {
        await using var broker = await Broker.StartAsync();
        await using var meter = new RunningDevice("meter");
        await meter.ConnectAsync(broker.Connection);
        broker.Judge = _ => MqttPubAckReasonCode.NotAuthorized;

        await Assert.ThrowsAsync<HearthException>(() =>
            meter.Device.PublishEventAsync(
                "hearth.fake",
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
    }

    [Fact]
    public async Task A_type_that_cannot_be_a_topic_is_refused()
    {
        await using var meter = new HearthDevice("meter");

        Assert.Throws<ArgumentException>(() =>
            meter.OnEvent("a.*.b", (_, _) => Task.CompletedTask)
        );
        await Assert.ThrowsAsync<ArgumentException>(() =>
            meter.PublishEventAsync("a/#", cancellationToken: TestContext.Current.CancellationToken)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"/s","type":"t"}""")]
    [InlineData("""{"specversion":"1.0","source":"/s","type":"t"}""")]
    [InlineData("""{"specversion":"1.0","id":"","source":"/s","type":"t"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"t"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s"}""")]
    [InlineData("""{"specversion":"1.0","id":"1","id":"2","source":"/s","type":"t"}""")]
    public void What_is_no_event_is_not_read_as_one(string json) =>
        Assert.Throws<FormatException>(() => HearthEvent.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void An_event_survives_being_written_and_read()
    {
        var happened = HearthEvent.Parse(Encoding.UTF8.GetBytes(Overload));

        var again = HearthEvent.Parse(happened.ToJson());

        Assert.Equal(happened.ToJson(), again.ToJson());
        Assert.Equal("00000000000000000042", again.Extensions["sequence"]);
    }

    private static Func<HearthEvent, CancellationToken, Task> Remember(Seen<HearthEvent> seen) =>
        (happened, _) =>
        {
            seen.Add(happened);
            return Task.CompletedTask;
        };
}
