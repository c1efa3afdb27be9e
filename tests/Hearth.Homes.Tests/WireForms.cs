using Hearth.Core;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;
using Hearth.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Hearth.Homes.Tests;

public sealed class WireForms
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly NewEvent Happened = new(
        "1",
        "/programs/test",
        Noon,
        new ProgramEvent(
            "test.happened",
            "it",
            "application/json",
            null,
            ContentKind.Json,
            """{"a":1.50}""",
            [KeyValuePair.Create("extra", "\"x\"")]
        )
    );

    private static readonly Input[] Inputs =
    [
        new ReceiveMessage(
            "desk/state",
            new Payload(new byte[] { 0xFF, 0, 1 }),
            2,
            true,
            "lamp",
            new MessageProperties("text/plain", "answer/here", "AAE=", 30, true, [new("k", "v")])
        )
        {
            Principal = new Principal("device:lamp"),
            Address = "127.0.0.1:50112",
            RequestId = "7",
        },
        new PublishEvents([Happened]),
        new RegisterDevice(
            new Announcement(
                "lamp",
                true,
                new DeviceDescription
                {
                    Identifiers = ["lamp"],
                    Connections = [new("mac", "02:00:00:aa:bb:cc")],
                    Name = "Lamp",
                },
                [new EntityConfig("light", "lamp", """{"command_topic":"lamp/set"}""")],
                [new DiscoveryKey("switch", "old")]
            )
        ),
        new RemoveDevice(new DeviceId("lamp")),
        new EnableDevice(new DeviceId("lamp"), false),
        new ArrangeDevice(new DeviceId("lamp"), """{"name":"My lamp"}"""),
        new SaveArea("office", """{"name":"Office"}"""),
        new CallAction("light.turn_on", [new EntityId("light.desk")], [new DeviceId("x")], "{}"),
        new ReportDelivery([new Delivery(new Sequence(7), 2)]),
        new SaveAutomation("a", "{}", true, "# Mine", RestoredFrom: 3),
        new RemoveAutomation("a"),
        new EnableAutomation("a", true),
        new TriggerAutomation("a"),
        new CreateSubscription("s", "{}", new SecretRefs("one", "two", null)),
        new ReplaceSubscription("s", "{}", true, "three", "ACCESSTOKEN"),
        new RotateSubscriptionSecret("s", "four"),
        new RemoveSubscription("s"),
        new PauseSubscription("s", "gone"),
        new ResumeSubscription("s"),
        new ReportDeadLetters("s", new Sequence(1), new Sequence(2), "410"),
        new Wake(),
        new CallWebhook("secret", "POST", true, "[1]", "{}", """{"a":"b"}"""),
        new StartHub(
            "0.1.0",
            new LocationChanged(new("Europe/Berlin", "2026b", "60"), 52.5, 13.4, 34)
        ),
        new StopHub(),
        new Resume(Noon),
        new ChangeClock(TimeSpan.FromHours(-1)),
    ];

    public static TheoryData<string> InputNames =>
        [.. Inputs.Select(input => input.GetType().Name)];

    [Fact]
    public void Every_input_has_a_sample() =>
        Assert.Equal(
            typeof(Input)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(Input)) && !type.IsAbstract)
                .Select(type => type.Name)
                .Order(),
            Inputs.Select(input => input.GetType().Name).Order()
        );

    [Theory]
    [MemberData(nameof(InputNames))]
    public void An_input_crosses_processes_unchanged(string name)
    {
        var input = Inputs.Single(one => one.GetType().Name == name);
        var batch = new SubmissionBatch([new Submission(input, new ReceivedPacket("lamp", 9))]);

        var arrived = Cross(batch).Items[0];

        Assert.Equal(new ReceivedPacket("lamp", 9), arrived.Received);
        Assert.IsType(input.GetType(), arrived.Input);
        // Records compare lists by reference, so the text that people would see is compared.
        Assert.Equal(Wire.Encode(input), Wire.Encode(arrived.Input));
        Assert.Equal(Decided(input), Decided(arrived.Input));
    }

    [Fact]
    public void Answers_cross_processes_unchanged()
    {
        var row = Row.Of(HomeId.Default, Home().Decide(Inputs[0], Noon).Events);
        var refusal = new Refusal(RefusalKind.Invalid, "No.", [new Fault("/a", "is missing")]);
        var batch = AnswerBatch.Of([
            new Answer(null, row, [new PublishedEvent("1", new Sequence(4), true)]),
            new Answer(refusal, null, []),
        ]);

        var arrived = Cross(batch).Items;

        Assert.Equal(row.Body.ToArray(), arrived[0].Row!.Body.ToArray());
        Assert.Equal(row.Events[0].Type, arrived[0].Row!.Events[0].Type);
        Assert.Equal(row.Class, arrived[0].Row!.Class);
        Assert.Equal(batch.Items[0].Published, arrived[0].Published);
        Assert.Equal(refusal.Faults, arrived[1].Refusal!.Faults);
        Assert.Equal(refusal.Detail, arrived[1].Refusal!.Detail);
        Assert.Null(arrived[1].Row);
        Assert.Equal("Busy.", Cross(AnswerBatch.HomeClosed("Busy.")).Closed);
    }

    [Fact]
    public void Reads_cross_processes_unchanged()
    {
        var request = new ReadRequest(new Sequence(3), 10, 1_000, TimeSpan.FromSeconds(2));
        var row = Row.Of(HomeId.Default, Home().Decide(Inputs[0], Noon).Events);
        var rows = new RowBatch([row], new Sequence(8), new Sequence(2), "Closed.");

        var arrived = Cross(rows);

        var state = Cross(new StateBytes(new byte[] { 1, 2 }, "Closed."));

        Assert.Equal([1, 2], state.Bytes.ToArray());
        Assert.Equal("Closed.", state.Closed);
        Assert.Equal(request, Cross(request));
        Assert.Equal(row.Body.ToArray(), arrived.Rows[0].Body.ToArray());
        Assert.Equal(
            (rows.Head, rows.Oldest, rows.Closed),
            (arrived.Head, arrived.Oldest, arrived.Closed)
        );
    }

    private static T Cross<T>(T value)
        where T : class
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }

    private static Home Home() => Core.Home.Restore(HomeId.Default, null, []);

    private static byte[] Decided(Input input)
    {
        var home = Home();
        var outcome = home.Decide(input, Noon);
        return outcome.Events.Count == 0
            ? [.. System.Text.Encoding.UTF8.GetBytes(outcome.Refusal?.Detail ?? "")]
            : Row.Of(home.Id, outcome.Events).Body.ToArray();
    }
}
