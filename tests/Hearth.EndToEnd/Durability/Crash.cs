using System.Globalization;
using System.Text.Json;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Durability;

/// <summary>
/// A hub under load that is killed at random moments, again and again: what it has acknowledged is
/// in its log, once, and what was under way ends once. <c>tests/Hearth.EndToEnd/crash 200 42</c>
/// runs 200 rounds with seed 42.
/// </summary>
public sealed class Crash(ITestOutputHelper output)
{
    private const int RoundsOfTheSuite = 8;
    private const int AcknowledgedARoundMax = 2_000;

    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WorkWithin = TimeSpan.FromSeconds(20);

    private readonly Gate _gate = new();
    private readonly Ledger _ledger = new();

    [Fact]
    public async Task Leaves_everything_acknowledged_in_the_log_once()
    {
        var rounds = Setting("HEARTH_CRASH_ROUNDS") ?? RoundsOfTheSuite;
        var seed = Setting("HEARTH_CRASH_SEED") ?? Environment.TickCount;
        // Said at once, so that a run that hangs can be repeated, too.
        var settings = $"{rounds} rounds, HEARTH_CRASH_SEED={seed}";
        TestContext.Current.SendDiagnosticMessage(settings);
        output.WriteLine(settings);
        var random = new Random(seed);

        await using var hub = await RunningHub.StartAsync();
        var meters = Meters(hub.MqttPort).ToArray();
        await AnnounceAsync(hub, meters);
        var underWay = new UnderWay(rounds, random);
        await underWay.AnnounceAsync(hub);
        using var finish = new CancellationTokenSource();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        var publishers = Start(hub, meters, random, finish.Token, giveUp.Token);
        _gate.Open();
        for (var round = 1; round <= rounds; round++)
        {
            var before = _ledger.Acknowledged;
            // What began early has lived through some work when it is cut off, or is over.
            var isEarly = random.Next(3) == 0;
            if (isEarly)
            {
                await underWay.BeginAsync(hub, round);
            }

            await WorkAsync(hub, random, publishers);
            if (!isEarly)
            {
                await underWay.BeginAsync(hub, round);
            }

            await KillAsync(hub);
            output.WriteLine($"round {round}: {_ledger.Acknowledged - before} acknowledged");
            await ComeBackAsync(hub, random, meters);
            await underWay.ComeBackAsync(hub, round);
        }

        await finish.CancelAsync();
        await FinishAsync(hub, publishers, giveUp);
        output.WriteLine($"ended within {await underWay.EndAsync(hub)}");
        await CheckAsync(hub, seed);
        var faults = await underWay.FaultsAsync(hub);
        Assert.True(faults.Count == 0, $"Seed {seed}:\n{string.Join('\n', faults)}");
    }

    /// <summary>Lets them work until so much more is acknowledged.</summary>
    private async Task WorkAsync(RunningHub hub, Random random, Task publishers)
    {
        var enough = _ledger.Acknowledged + random.Next(1, AcknowledgedARoundMax);
        await Eventually.Holds(
            $"{enough} acknowledged in all",
            WorkWithin,
            async () =>
            {
                if (publishers.IsCompleted)
                {
                    await publishers;
                }

                return (
                    _ledger.Acknowledged >= enough,
                    $"{_ledger.Acknowledged} acknowledged; the hub printed:\n{hub.Program.Output}"
                );
            }
        );
    }

    private async Task KillAsync(RunningHub hub)
    {
        Assert.False(hub.Program.HasExited, $"The hub ended by itself:\n{hub.Program.Output}");
        _gate.Close();
        await hub.KillAsync();
    }

    /// <summary>Starts it again, sometimes killing it once more while it starts, and looks at what
    /// the devices are said to be before anybody has published.</summary>
    private async Task ComeBackAsync(RunningHub hub, Random random, MqttPublisher[] meters)
    {
        while (random.Next(6) == 0)
        {
            await hub.BeginAsync();
            // The moment of the kill is what is tested: anywhere in the first second of a start.
            await Task.Delay(
                TimeSpan.FromMilliseconds(random.Next(1_000)),
                TimeProvider.System,
                TestContext.Current.CancellationToken
            );
            await hub.KillAsync();
        }

        await hub.StartAgainAsync();
        var entities = await Twin.EntitiesAsync(hub.Api);
        foreach (var meter in meters)
        {
            var state = entities.Single(entity => entity.UniqueId == meter.Name).State;
            var isNumber = int.TryParse(state, CultureInfo.InvariantCulture, out var shown);
            Assert.True(
                meter.LastAcknowledged == 0 || (isNumber && shown >= meter.LastAcknowledged),
                $"{meter.Name} shows {state} although {meter.LastAcknowledged} was acknowledged"
            );
        }

        _gate.Open();
    }

    private static async Task FinishAsync(
        RunningHub hub,
        Task publishers,
        CancellationTokenSource giveUp
    )
    {
        try
        {
            await publishers.WaitAsync(FinishWithin, TimeProvider.System, giveUp.Token);
        }
        catch (TimeoutException)
        {
            await giveUp.CancelAsync();
            Assert.Fail(
                $"Something was not acknowledged within {FinishWithin.TotalSeconds} s after the"
                    + $" last start. The hub printed:\n{hub.Program.Output}"
            );
        }
    }

    private async Task CheckAsync(RunningHub hub, int seed)
    {
        var found = new Dictionary<string, List<long>>();
        var expected = 1L;
        await foreach (var item in hub.Api.EventsAsync())
        {
            Assert.True(
                item.Sequence == expected,
                $"Seed {seed}: {item} where sequence {expected} belongs"
            );
            expected++;
            if (KeyOf(item) is { } key)
            {
                found.TryAdd(key, []);
                found[key].Add(item.Sequence);
            }
        }

        output.WriteLine(
            $"{_ledger.Published} published, {_ledger.Acknowledged} acknowledged, {found.Count} in"
                + $" the log of {expected - 1} events"
        );
        var faults = _ledger.Faults(found);
        Assert.True(
            faults.Count == 0,
            $"Seed {seed}, {faults.Count} wrong:\n{string.Join('\n', faults.Take(20))}"
        );
        Assert.True(_ledger.Acknowledged > 0 && found.Count >= _ledger.Acknowledged);
    }

    private static string? KeyOf(LoggedEvent item) =>
        item.Type switch
        {
            "hearth.message.received" => item.Data.TryGetProperty("payload", out var payload)
            && payload.ValueKind == JsonValueKind.Object
            && payload.TryGetProperty("k", out var key)
                ? key.GetString()
                : null,
            HttpPublisher.Type or EventOverMqtt => item.Id,
            _ => null,
        };

    private const string EventOverMqtt = "com.example.crash.published";

    /// <summary>Those whose messages are the states of a sensor: each number is sent once, so a
    /// state never falls behind what was acknowledged.</summary>
    private IEnumerable<MqttPublisher> Meters(int port) =>
        Enumerable
            .Range(1, 2)
            .Select(number => $"meter-{number}")
            .Select(name => new MqttPublisher(
                name,
                port,
                new MqttHabit(
                    Qos: 1,
                    SendsAgain: false,
                    InFlightMax: 50,
                    $"crash/{name}",
                    Promise.OnceIfAcknowledged,
                    Message
                ),
                _ledger,
                _gate
            ));

    private Task Start(
        RunningHub hub,
        MqttPublisher[] meters,
        Random random,
        CancellationToken finish,
        CancellationToken giveUp
    )
    {
        MqttHabit again = new(
            1,
            true,
            40,
            "crash/again",
            Promise.AtLeastOnceIfAcknowledged,
            Message
        );
        MqttHabit twice = new(
            2,
            true,
            20,
            "crash/twice",
            Promise.ExactlyOnceIfAcknowledged,
            Message
        );
        MqttHabit events = new(
            1,
            true,
            20,
            $"hearth/events/{EventOverMqtt}",
            Promise.ExactlyOnceIfAcknowledged,
            CloudEvent
        );
        MqttPublisher Mqtt(string name, MqttHabit habit) =>
            new(name, hub.MqttPort, habit, _ledger, _gate);
        HttpPublisher Http(string name) =>
            new(name, hub.Api, _ledger, _gate, new Random(random.Next()));

        MqttPublisher[] overMqtt =
        [
            .. meters,
            Mqtt("again-1", again),
            Mqtt("again-2", again),
            Mqtt("twice-1", twice),
            Mqtt("twice-2", twice),
            Mqtt("events-1", events),
        ];
        HttpPublisher[] overHttp = [Http("posts-1"), Http("posts-2"), Http("posts-3")];
        return FirstFailureAsync([
            .. overMqtt.Select(item => Task.Run(() => item.RunAsync(finish, giveUp), giveUp)),
            .. overHttp.Select(item => Task.Run(() => item.RunAsync(finish, giveUp), giveUp)),
        ]);
    }

    /// <summary>Fails as soon as one does, whatever the others still do.</summary>
    private static async Task FirstFailureAsync(List<Task> tasks)
    {
        while (tasks.Count > 0)
        {
            var ended = await Task.WhenAny(tasks);
            await ended;
            tasks.Remove(ended);
        }
    }

    private static async Task AnnounceAsync(RunningHub hub, MqttPublisher[] meters)
    {
        await using var installer = await Peer.ConnectAsync(hub, "installer");
        foreach (var meter in meters)
        {
            var config = new
            {
                name = "Count",
                unique_id = meter.Name,
                state_topic = $"crash/{meter.Name}",
                value_template = "{{ value_json.n }}",
                device = new { identifiers = new[] { meter.Name }, name = meter.Name },
            };
            await installer.PublishAsync(
                $"homeassistant/sensor/{meter.Name}/config",
                JsonSerializer.Serialize(config),
                retain: true
            );
        }
    }

    private static string Message(string key, int number) => $$"""{"k":"{{key}}","n":{{number}}}""";

    private static string CloudEvent(string key, int number) =>
        $$$"""
            {"specversion":"1.0","id":"{{{key}}}","source":"/crash/mqtt","type":"{{{EventOverMqtt}}}",
            "data":{"n":{{{number}}}}}
            """;

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : null;
}
