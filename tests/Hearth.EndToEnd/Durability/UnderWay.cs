using System.Diagnostics;
using Hearth.EndToEnd.Devices;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Durability;

/// <summary>
/// What has begun and not ended when the hub is killed: in each round a rule's <c>for:</c> that
/// runs, and a command that its lamp has not answered. However often the hub is killed, each time
/// ends in one firing and each command in one end.
/// </summary>
internal sealed class UnderWay(int rounds, Random random)
{
    private const string Triggered = "hearth.automation.triggered";
    private const string Requested = "hearth.command.requested";
    private const string RulesLamp = "lamp-0";
    private const uint AnHour = 3_600;

    private static readonly string[] Ends =
    [
        "hearth.command.acknowledged",
        "hearth.command.failed",
        "hearth.command.expired",
    ];

    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(3);

    /// <summary>A command lives for half a minute; one that nobody answers ends then.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(45);

    private readonly HashSet<int> _begun = [];
    private readonly HashSet<int> _silent = [];
    private Dictionary<string, string> _lights = [];
    private Peer? _lamps;

    /// <summary>Registers a meter with a rule and a lamp for every round.</summary>
    public async Task AnnounceAsync(RunningHub hub)
    {
        _lamps = await ConnectAsync(hub);
        await _lamps.SubscribeAsync("+/light/set");
        for (var round = 0; round <= rounds; round++)
        {
            await ATestDevice.AnnounceLightAsync(_lamps, Lamp(round));
            await ATestDevice.ReportLightAsync(_lamps, Lamp(round), isOn: true);
            await ATestDevice.AnnounceSensorAsync(_lamps, Meter(round));
            await ATestDevice.ReportPowerAsync(_lamps, Meter(round), 1);
        }

        var entities = await Twin.EntitiesAsync(hub.Api);
        _lights = entities.ToDictionary(entity => entity.UniqueId, entity => entity.Id);
        for (var round = 1; round <= rounds; round++)
        {
            await ATestDevice.SaveRuleAsync(
                hub,
                Rule(round),
                _lights[Meter(round)],
                above: 50,
                HeldFor,
                _lights[RulesLamp]
            );
        }
    }

    /// <summary>A meter goes above, and a lamp is told something that it does not answer.</summary>
    public async Task BeginAsync(RunningHub hub, int round)
    {
        await ATestDevice.ReportPowerAsync(_lamps!, Meter(round), 60);
        await TurnOffAsync(hub, round);
        _begun.Add(round);
        // Those that are never answered come first, so that nobody waits for their end.
        if (round <= rounds / 4 && random.Next(2) == 0)
        {
            _silent.Add(round);
        }
    }

    /// <summary>The hub is there again: meters report what they reported before, and lamps that
    /// answer do, some of them to another command.</summary>
    public async Task ComeBackAsync(RunningHub hub, int round)
    {
        await LeaveAsync();
        _lamps = await ConnectAsync(hub);
        Assert.True(_lamps.SessionPresent, "The lamps came back and their session was gone.");
        await ATestDevice.ReportPowerAsync(_lamps, Meter(round), 61);
        if (_silent.Contains(round))
        {
            return;
        }

        if (random.Next(4) == 0)
        {
            await TurnOffAsync(hub, round);
        }

        await AnswerAsync(Lamp(round));
    }

    /// <summary>Waits until nothing is under way any more; how long that took.</summary>
    public async Task<TimeSpan> EndAsync(RunningHub hub)
    {
        var watch = Stopwatch.StartNew();
        await Eventually.Holds(
            "every time has fired and every command has ended",
            EndWithin,
            async () =>
            {
                foreach (var round in _begun.Except(_silent))
                {
                    await ATestDevice.ReportPowerAsync(_lamps!, Meter(round), 62);
                    await AnswerAsync(Lamp(round));
                }

                await AnswerAsync(RulesLamp);
                var seen = await LookAsync(hub.Api);
                return (seen.IsOver(_begun.Count), seen.ToString());
            }
        );
        await LeaveAsync();
        return watch.Elapsed;
    }

    /// <summary>Everything in which the log is wrong.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(RunningHub hub)
    {
        var seen = await LookAsync(hub.Api);
        var faults = new List<string>();
        foreach (var round in _begun)
        {
            var fired = seen.Fired.GetValueOrDefault($"automation.{Rule(round)}");
            if (fired != 1)
            {
                faults.Add($"{Rule(round)} fired {fired} times");
            }
        }

        foreach (var (command, ends) in seen.Ended.Where(item => item.Value.Count != 1))
        {
            faults.Add($"command {command} ended {ends.Count} times: {string.Join(", ", ends)}");
        }

        if (!seen.Ended.Values.Any(ends => ends.Contains(Ends[0])))
        {
            faults.Add("no command was answered");
        }

        // Each round's own and each rule's; another one may have come in a first one's place.
        if (seen.Ended.Count < 2 * _begun.Count)
        {
            faults.Add($"{seen.Ended.Count} commands are in the log of {2 * _begun.Count}");
        }

        return faults;
    }

    public Task LeaveAsync() => _lamps?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    private Task TurnOffAsync(RunningHub hub, int round) =>
        hub.Api.PostAsync(
            "/api/v1/actions/light.turn_off",
            new { target = new { entity_id = new[] { _lights[Lamp(round)] } } }
        );

    private async Task AnswerAsync(string lamp)
    {
        await _lamps!.PublishAsync($"{lamp}/status", "online", retain: true);
        await ATestDevice.ReportLightAsync(_lamps, lamp, isOn: false);
    }

    private static Task<Peer> ConnectAsync(RunningHub hub) =>
        Peer.ConnectAsync(hub, "lamps", cleanStart: false, AnHour);

    private static string Lamp(int round) => $"lamp-{round}";

    private static string Meter(int round) => $"held-{round}";

    private static string Rule(int round) => $"rule-{round}";

    private static async Task<Seen> LookAsync(Api api)
    {
        var fired = new Dictionary<string, int>();
        await foreach (var item in api.EventsAsync($"after=0&limit=1000&type={Triggered}"))
        {
            fired[item.Subject!] = fired.GetValueOrDefault(item.Subject!) + 1;
        }

        var ended = new Dictionary<string, List<string>>();
        await foreach (var item in api.EventsAsync($"after=0&limit=1000&type={Requested}"))
        {
            ended.Add(item.Sequence.ToString(), []);
        }

        foreach (var type in Ends)
        {
            await foreach (var item in api.EventsAsync($"after=0&limit=1000&type={type}"))
            {
                ended[item.Data.GetProperty("command").ToString()].Add(type);
            }
        }

        return new Seen(fired, ended);
    }

    /// <param name="Fired">How often each rule fired.</param>
    /// <param name="Ended">The ends of each command.</param>
    private sealed record Seen(
        Dictionary<string, int> Fired,
        Dictionary<string, List<string>> Ended
    )
    {
        public bool IsOver(int rules) =>
            Fired.Count >= rules && Ended.Values.All(ends => ends.Count > 0);

        public override string ToString()
        {
            var open = Ended.Where(item => item.Value.Count == 0).Select(item => item.Key);
            return $"fired: {string.Join(", ", Fired)}; not ended: {string.Join(", ", open)}";
        }
    }
}
