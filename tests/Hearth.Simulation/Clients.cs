using Hearth.Core;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Simulation;

/// <summary>What every client does: send until it is acknowledged.</summary>
internal abstract class Client(World world, HomeClient home)
{
    protected World World => world;

    protected HomeClient Home => home;

    /// <summary>Sends inputs, and again for as long as the home does not take them.</summary>
    protected async Task<IReadOnlyList<Answer>> SendAsync(params Submission[] submissions)
    {
        while (true)
        {
            try
            {
                return await OnceAsync(submissions);
            }
            catch (HomeClosedException)
            {
                await world.WaitAsync(2);
            }
        }
    }

    protected async Task<IReadOnlyList<Answer>> OnceAsync(params Submission[] submissions)
    {
        var answers = await home.SubmitAsync(submissions, CancellationToken.None);
        for (var index = 0; index < submissions.Length; index++)
        {
            world.Invariants.Acknowledged(home.Id, submissions[index], answers[index]);
        }

        return answers;
    }
}

/// <summary>
/// A program that publishes events: in batches, with repeats in a batch, again after an answer that
/// never came, and sometimes again although the first one is still under way.
/// </summary>
internal sealed class ProgramClient(World world, HomeClient home, string name) : Client(world, home)
{
    private readonly List<NewEvent> _sent = [];

    public async Task LiveAsync()
    {
        for (var round = 0; round < 25; round++)
        {
            await World.WaitAsync(8);
            var batch = Batch();
            _sent.AddRange(batch.Events);
            if (World.Random.Next(4) == 0)
            {
                var first = SendAsync(new Submission(batch));
                await World.WaitAsync(0.03);
                await Task.WhenAll(first, SendAsync(new Submission(batch)));
            }
            else
            {
                await SendAsync(new Submission(batch));
            }
        }
    }

    private PublishEvents Batch()
    {
        var events = new List<NewEvent>();
        for (var count = 1 + World.Random.Next(4); count > 0; count--)
        {
            var again = _sent.Count > 0 && World.Random.Next(5) == 0;
            events.Add(again ? _sent[World.Random.Next(_sent.Count)] : New(_sent.Count + count));
        }

        if (World.Random.Next(5) == 0)
        {
            events.Add(events[0]);
        }

        return new PublishEvents(events) { Principal = new Principal("token:" + name) };
    }

    private NewEvent New(int number) =>
        new(
            $"{name}-{number}",
            "/programs/" + name,
            null,
            new ProgramEvent(
                World.Random.Next(3) == 0 ? "energy.threshold_exceeded" : "test.happened",
                null,
                "application/json",
                null,
                ContentKind.Json,
                $$"""{"number":{{number}}}""",
                []
            )
        );
}

/// <summary>
/// A lamp and an energy tracker that speak MQTT: they pipeline, repeat what was not acknowledged,
/// lie, flap, and do what they are told, most of the time.
/// </summary>
internal sealed class LampAndTracker(World world, HomeClient home) : Client(world, home)
{
    private const string Device =
        """ "device":{"identifiers":["desk"],"name":"Desk"},"availability_topic":"desk/online" """;

    private readonly Queue<string> _told = new();
    private bool _isOn;
    private bool _isConnected = true;
    private int _number;

    /// <summary>The lamp: announces itself, reports, obeys, comes and goes.</summary>
    public async Task LiveAsync()
    {
        await SayAsync(
            "homeassistant/light/desk/config",
            $$"""
            {"name":"Lamp","unique_id":"desk_lamp","default_entity_id":"light.desk",
            "state_topic":"desk/state","command_topic":"desk/set",{{Device}}}
            """
        );
        await SayAsync("desk/online", "online");
        for (var round = 0; round < 40; round++)
        {
            await World.WaitAsync(5);
            switch (World.Random.Next(10))
            {
                case 0:
                    _isConnected = !_isConnected;
                    await SayAsync("desk/online", _isConnected ? "online" : "offline");
                    break;
                case 1:
                    await SayAsync("desk/state", "purple");
                    break;
                case 2:
                    await SayAsync("homeassistant/light/desk/config", "{\"state_topic\":");
                    break;
                default:
                    await ObeyAsync();
                    break;
            }
        }

        _isConnected = true;
        await SayAsync("desk/online", "online");
        while (_told.Count > 0)
        {
            await ObeyAsync();
        }
    }

    /// <summary>The tracker: measures, many messages under way at once.</summary>
    public async Task TrackAsync()
    {
        await SayAsync(
            "homeassistant/sensor/desk_power/config",
            $$$"""
            {"name":"Power","unique_id":"desk_power","default_entity_id":"sensor.desk_power",
            "state_topic":"desk/power","device_class":"power","unit_of_measurement":"W",
            "value_template":"{{ value_json.power }}",{{{Device}}}}
            """
        );
        for (var round = 0; round < 40; round++)
        {
            await World.WaitAsync(5);
            var under = new List<Task>();
            for (var count = 1 + World.Random.Next(8); count > 0; count--)
            {
                var watts = _isOn ? 55 + World.Random.Next(10) : World.Random.Next(3);
                under.Add(SayAsync("desk/power", $$"""{"power":{{watts}},"n":{{++_number}}}"""));
            }

            await Task.WhenAll(under);
        }
    }

    /// <summary>The dispatcher saw rows: commands go to the lamp while it is connected, and what
    /// became of them is reported, without waiting.</summary>
    public void Deliver(IReadOnlyList<Row> rows)
    {
        var deliveries = new List<Delivery>();
        foreach (var item in rows.SelectMany(row => row.Events))
        {
            if (item.Data is MessagePublished { Command: { } command } message)
            {
                deliveries.Add(new Delivery(command, _isConnected ? 1 : 0));
                if (_isConnected)
                {
                    _told.Enqueue(message.Payload.Text!);
                }
            }
        }

        if (deliveries.Count > 0)
        {
            var report = new ReportDelivery(deliveries) { Principal = Principal.Hub };
            _ = ReportAsync(report);
        }
    }

    private async Task ReportAsync(ReportDelivery report)
    {
        try
        {
            await OnceAsync(new Submission(report));
        }
        catch (HomeClosedException)
        {
            // A report that is lost costs nothing but time: the command goes out again or expires.
        }
    }

    private async Task ObeyAsync()
    {
        if (_told.TryDequeue(out var told) && World.Random.Next(8) != 0)
        {
            _isOn = told.Contains("ON", StringComparison.OrdinalIgnoreCase);
        }

        await SayAsync("desk/state", _isOn ? "ON" : "OFF");
    }

    private async Task SayAsync(string topic, string payload)
    {
        var number = ++_number;
        var input = new ReceiveMessage(topic, Payload.FromText(payload), 1, false, "desk")
        {
            Principal = new Principal("device:desk"),
        };
        var packet = number % 7 == 0 ? new ReceivedPacket("desk", (ushort)number) : default;
        await SendAsync(new Submission(input, number % 7 == 0 ? packet : null));
    }
}

/// <summary>Somebody with the API: makes automations, switches, asks for nonsense.</summary>
internal sealed class Person(World world, HomeClient home) : Client(world, home)
{
    private const string TooMuch = """
        {"alias":"Lights out","triggers":[{"trigger":"numeric_state",
        "entity_id":"sensor.desk_power","above":50,"for":{"seconds":10}},
        {"trigger":"event","event_type":"energy.threshold_exceeded"}],
        "actions":[{"action":"light.turn_off","target":{"entity_id":"light.desk"}}]}
        """;

    public async Task LiveAsync()
    {
        await SendAsync(new Submission(new SaveAutomation("lights_out", TooMuch)));
        for (var round = 0; round < 40; round++)
        {
            await World.WaitAsync(6);
            await SendAsync(new Submission(Wish() with { Principal = new Principal("user:ana") }));
        }
    }

    private Input Wish() =>
        World.Random.Next(12) switch
        {
            0 => new SaveAutomation($"a{World.Random.Next(3)}", TooMuch, MustBeNew: true),
            1 => new RemoveAutomation($"a{World.Random.Next(3)}"),
            2 => new EnableAutomation("lights_out", World.Random.Next(3) != 0),
            3 => new TriggerAutomation("lights_out"),
            4 => new SaveAutomation(null, "{"),
            5 => new EnableDevice(new DeviceId("desk"), World.Random.Next(3) != 0),
            6 => new RemoveDevice(new DeviceId("nothing")),
            7 => Call("light.toggle"),
            8 => Call("light.turn_off"),
            _ => Call("light.turn_on"),
        };

    private static CallAction Call(string action) =>
        new(action, [new EntityId("light.desk")], [], "{}");
}
