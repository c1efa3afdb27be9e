using System.Diagnostics;
using System.Text.Json;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;
using MQTTnet.Protocol;

namespace Hearth.EndToEnd.Corpus;

/// <summary>
/// Replays cases through a hub: one connection publishes, another one sees what goes out, the API
/// tells what came of it.
/// </summary>
internal sealed class Replay : IAsyncDisposable
{
    private const string Discovery = "homeassistant/";
    private const string Control = "replay-control";
    private const string ControlEntity = "sensor.replay_control";
    private const string Marker = "replay-marker";

    private static readonly TimeSpan HoldsWithin = TimeSpan.FromSeconds(2);

    /// <summary>What is wrong mostly stays wrong: only so much time in all is spent on finding out.
    /// </summary>
    private static readonly TimeSpan WaitedMax = TimeSpan.FromSeconds(20);

    private readonly Stopwatch _waited = new();
    private readonly RunningHub _hub;
    private readonly Peer _devices;
    private readonly Peer _observer;
    private readonly HashSet<string> _left = [ControlEntity];
    private int _marks;

    private Replay(RunningHub hub, Peer devices, Peer observer)
    {
        _hub = hub;
        _devices = devices;
        _observer = observer;
    }

    public static async Task<Replay> StartAsync()
    {
        var hub = await RunningHub.StartAsync();
        var devices = await Peer.ConnectAsync(hub, "corpus");
        var observer = await Peer.ConnectAsync(hub, "observer");
        await observer.SubscribeAsync("#", MqttQualityOfServiceLevel.ExactlyOnce);
        var config = new
        {
            unique_id = Control,
            state_topic = Control,
            default_entity_id = ControlEntity,
            device = new { identifiers = new[] { Control } },
        };
        await devices.PublishAsync(
            $"{Discovery}sensor/{Control}/config",
            JsonSerializer.Serialize(config)
        );
        return new Replay(hub, devices, observer);
    }

    /// <summary>Replays all cases of a source, one after another.</summary>
    public async Task<Score> SourceAsync(string source)
    {
        var score = new Score();
        foreach (var item in CorpusFolder.Cases(source))
        {
            await CaseAsync(item, score);
        }

        Assert.False(_hub.Program.HasExited, $"The hub ended:\n{_hub.Program.Output}");
        await _devices.PublishAsync(Control, source);
        await Twin.EntityAsync(_hub.Api, Control, entity => entity.State == source);
        return score;
    }

    public async ValueTask DisposeAsync()
    {
        await _observer.DisposeAsync();
        await _devices.DisposeAsync();
        await _hub.DisposeAsync();
    }

    private async Task CaseAsync(JsonElement item, Score score)
    {
        var id = item.GetProperty("id").GetString()!;
        var steps = item.GetProperty("steps");
        var judgesDevice = steps
            .EnumerateArray()
            .Any(step =>
                step.TryGetProperty("expect_entities", out var entities)
                && entities.EnumerateArray().Any(Judge.IsJudged)
            );
        var leaves = new HashSet<string>();
        foreach (var (number, step) in steps.EnumerateArray().Index())
        {
            await StepAsync($"{id} step {number}:", step, judgesDevice, leaves, score);
        }

        foreach (var topic in leaves.OrderBy(topic => !IsDiscovery(topic)))
        {
            await _devices.PublishAsync(topic, "", retain: true);
        }

        await CountAsync(
            score,
            async () =>
            {
                var all = await Twin.EntitiesAsync(_hub.Api);
                var left = all.Where(entity => !_left.Contains(entity.Id)).ToList();
                var fault = left.Count == 0 ? null : $"{string.Join(", ", left)} is still there";
                return [new Verdict($"{id} afterwards:", fault)];
            }
        );
        // What is still there is this case's fault, not the next one's.
        _left.UnionWith((await Twin.EntitiesAsync(_hub.Api)).Select(entity => entity.Id));
    }

    private async Task StepAsync(
        string where,
        JsonElement step,
        bool judgesDevice,
        HashSet<string> leaves,
        Score score
    )
    {
        if (step.TryGetProperty("publish", out var messages))
        {
            await PublishAsync(messages, leaves);
        }
        else if (step.TryGetProperty("expect_entities", out var entities))
        {
            var judged = Judged(entities, score);
            await CountAsync(
                score,
                async () => Faults(where, judged, await Twin.EntitiesAsync(_hub.Api))
            );
        }
        else if (step.TryGetProperty("expect_devices", out var devices) && judgesDevice)
        {
            await CountAsync(
                score,
                async () => DeviceFaults(where, devices, await Twin.DevicesAsync(_hub.Api))
            );
        }
        else if (step.TryGetProperty("expect_gone", out var gone))
        {
            var judged = Judged(gone, score);
            await CountAsync(
                score,
                async () => StillThere(where, judged, await Twin.EntitiesAsync(_hub.Api))
            );
        }
        else if (step.TryGetProperty("action", out var action) && Judge.IsJudged(action))
        {
            score.Count(await ActAsync(where, action, step));
        }
        else
        {
            score.Ignored++;
        }
    }

    private async Task PublishAsync(JsonElement messages, HashSet<string> leaves)
    {
        foreach (var message in messages.EnumerateArray())
        {
            var topic = message.GetProperty("topic").GetString()!;
            var payload = message.GetProperty("payload");
            var retain = message.TryGetProperty("retain", out var flag) && flag.GetBoolean();
            // A program that does not retain its announcements has to take them back all the same.
            if (retain || IsDiscovery(topic))
            {
                leaves.Add(topic);
            }

            var text =
                payload.ValueKind == JsonValueKind.String
                    ? payload.GetString()!
                    : payload.GetRawText();
            await _devices.PublishAsync(topic, text, retain);
        }
    }

    /// <summary>Asks for the action and holds what goes out against what should.</summary>
    private async Task<Verdict> ActAsync(string where, JsonElement action, JsonElement step)
    {
        var name = action.GetProperty("name").GetString()!;
        var data = action.TryGetProperty("data", out var found) ? found : JsonElement.Parse("{}");
        var what = $"{where} {name} {Name(action)} {data}";
        if (Find(action, await Twin.EntitiesAsync(_hub.Api)) is not { } entity)
        {
            return new Verdict(what, "has no entity");
        }

        await SeenAsync(_observer.InboxCount);
        var skip = _observer.InboxCount;
        var target = new { entity_id = new[] { entity.Id } };
        var refusal = await _hub.Api.TryPostAsync($"/api/v1/actions/{name}", new { target, data });
        if (refusal is not null)
        {
            return new Verdict(what, $"was refused: {refusal}");
        }

        var sent = await SentAsync(skip);
        var alternatives = step.TryGetProperty("expect_any", out var any)
            ? any.EnumerateArray().ToList()
            : [step.GetProperty("expect_publish")];
        var isRight = alternatives.Exists(wanted => Judge.Matches(wanted, sent));
        var expected = string.Join(" or ", alternatives);
        var fault = isRight ? null : $"expected {expected}, sent {string.Join(", ", sent)}";
        return new Verdict(what, fault);
    }

    /// <summary>What went out before a marker that is published now: what comes later in the log
    /// is delivered later, so the marker proves that nothing else went out.</summary>
    private async Task<IReadOnlyList<Received>> SentAsync(int skip)
    {
        var mark = await SeenAsync(skip);
        return
        [
            .. _observer
                .InboxAfter(skip)
                .TakeWhile(item => item != mark)
                .Where(item => !item.Topic.StartsWith("hearth/", StringComparison.Ordinal)),
        ];
    }

    /// <summary>Waits until the observer has seen everything that was published so far.</summary>
    private async Task<Received> SeenAsync(int skip)
    {
        var mark = $"{++_marks}";
        await _devices.PublishAsync(Marker, mark);
        return await _observer.GetsAsync(
            "the marker",
            item => item.Topic == Marker && item.Payload == mark,
            skip: skip
        );
    }

    /// <summary>Judges at once, and again only while something is wrong and there is time.
    /// </summary>
    private async Task CountAsync(Score score, Func<Task<IEnumerable<Verdict>>> judge)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var verdicts = (await judge()).ToList();
            var isRight = verdicts.TrueForAll(verdict => verdict.Fault is null);
            if (isRight || watch.Elapsed > HoldsWithin || _waited.Elapsed > WaitedMax)
            {
                _waited.Stop();
                verdicts.ForEach(score.Count);
                return;
            }

            _waited.Start();
        }
    }

    private static List<JsonElement> Judged(JsonElement expected, Score score)
    {
        var judged = expected.EnumerateArray().Where(Judge.IsJudged).ToList();
        score.Ignored += expected.GetArrayLength() - judged.Count;
        return judged;
    }

    private static IEnumerable<Verdict> Faults(
        string where,
        IEnumerable<JsonElement> expected,
        IReadOnlyList<ShownEntity> all
    ) =>
        expected.Select(item => new Verdict(
            $"{where} {Name(item)}",
            Judge.FaultOf(item, Find(item, all))
        ));

    private static IEnumerable<Verdict> DeviceFaults(
        string where,
        JsonElement expected,
        IReadOnlyList<ShownDevice> all
    ) =>
        expected
            .EnumerateArray()
            .Select(item => new Verdict($"{where} device {item}", Judge.FaultOf(item, all)));

    private static IEnumerable<Verdict> StillThere(
        string where,
        IEnumerable<JsonElement> expected,
        IReadOnlyList<ShownEntity> all
    ) =>
        expected.Select(item => new Verdict(
            $"{where} {Name(item)}",
            Find(item, all) is null ? null : "is still there"
        ));

    private static ShownEntity? Find(JsonElement expected, IEnumerable<ShownEntity> entities)
    {
        var component = expected.GetProperty("component").GetString();
        var uniqueId = expected.GetProperty("unique_id").GetString();
        return entities.FirstOrDefault(entity =>
            entity.UniqueId == uniqueId && entity.Component == component
        );
    }

    private static string Name(JsonElement expected) =>
        $"{expected.GetProperty("component")} {expected.GetProperty("unique_id")}";

    private static bool IsDiscovery(string topic) =>
        topic.StartsWith(Discovery, StringComparison.Ordinal);
}
