using System.Text.Json;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Discovery;

/// <summary>
/// Replays what real devices publish into a home and judges what it makes of it: the lights,
/// switches, sensors and binary sensors of every case, their states, attributes and messages.
/// </summary>
public sealed class RealDevices
{
    private static readonly string[] Judged = ["light", "switch", "sensor", "binary_sensor"];

    [Fact]
    public void Every_expectation_of_every_recorded_device_holds()
    {
        var replay = new Replay();
        foreach (var item in Corpus.Cases().Where(IsDiscovered))
        {
            replay.Run(item);
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{replay.Held} of {replay.Held + replay.Broken.Count} expectations hold."
        );
        Assert.True(replay.Held > 0);
        Assert.True(
            replay.Broken.Count == 0,
            $"{replay.Broken.Count} expectations do not hold, {replay.Held} do:\n"
                + string.Join('\n', replay.Broken.Take(40))
        );
    }

    // Tasmota and Shelly announce themselves in words of their own.
    private static bool IsDiscovered(JsonElement item) =>
        item.GetProperty("source").GetString() is not ("tasmota" or "shelly");

    /// <summary>One home per case, and the score over all of them.</summary>
    private sealed class Replay
    {
        private AHome _home = new();
        private string _case = "";

        public int Held { get; private set; }

        public List<string> Broken { get; } = [];

        public void Run(JsonElement item)
        {
            _home = new AHome();
            _case = item.GetProperty("id").GetString()!;
            foreach (var step in item.GetProperty("steps").EnumerateArray())
            {
                Do(step);
            }

            CleanUp();
        }

        private void Do(JsonElement step)
        {
            if (step.TryGetProperty("publish", out var messages))
            {
                foreach (var message in messages.EnumerateArray())
                {
                    Publish(message);
                }
            }

            if (step.TryGetProperty("expect_entities", out var entities))
            {
                foreach (var wanted in entities.EnumerateArray().Where(IsJudged))
                {
                    Judge(Difference(wanted), wanted);
                }
            }

            if (step.TryGetProperty("expect_devices", out var devices))
            {
                foreach (var wanted in devices.EnumerateArray())
                {
                    JudgeDevice(wanted);
                }
            }

            if (step.TryGetProperty("expect_gone", out var gone))
            {
                foreach (var wanted in gone.EnumerateArray().Where(IsJudged))
                {
                    Judge(Find(wanted) is null ? null : "is still there", wanted);
                }
            }

            if (step.TryGetProperty("action", out var action) && IsJudged(action))
            {
                Act(action, step);
            }
        }

        private void Publish(JsonElement message)
        {
            var retain = message.TryGetProperty("retain", out var flag) && flag.GetBoolean();
            _home.Receive(
                message.GetProperty("topic").GetString()!,
                Corpus.PayloadText(message.GetProperty("payload")),
                retain
            );
        }

        // A device of which no entity is of a known component is not registered, and one that is
        // only described beside an unknown one has no name: there is nothing to judge.
        private void JudgeDevice(JsonElement wanted)
        {
            var names = Members.Of(wanted, Abbreviations.OfDevice);
            var description = new DeviceDescription
            {
                Identifiers = names.Texts("identifiers"),
                Connections = names.Pairs("connections"),
            };
            if (_home.FindDevice(description)?.Description is not { Name: not null } known)
            {
                return;
            }

            var json = new JsonWriter();
            known.Write(json);
            var actual = JsonElement.Parse(json.Written);
            var unlike = wanted
                .EnumerateObject()
                .Where(member =>
                    member.Value.ValueKind != JsonValueKind.Null
                    && !(
                        actual.TryGetProperty(member.Name, out var value)
                        && (
                            JsonElement.DeepEquals(value, member.Value)
                            || (Loose.Text(value) is { } text && text == Loose.Text(member.Value))
                        )
                    )
                )
                .Select(member => member.Name)
                .ToArray();
            Judge(unlike.Length == 0 ? null : string.Join(',', unlike) + " differ", wanted);
        }

        // Taking every retained message back leaves a home without devices.
        private void CleanUp()
        {
            var retained = _home
                .Of<MessageReceived>()
                .Where(message =>
                    message.Retain || message.Topic.EndsWith("/config", StringComparison.Ordinal)
                )
                .Select(message => message.Topic)
                .Distinct()
                .OrderBy(topic => !topic.StartsWith("homeassistant/", StringComparison.Ordinal))
                .ToArray();
            foreach (var topic in retained)
            {
                _home.Receive(topic, "", retain: true);
            }

            Judge(
                _home.Devices.Count == 0 ? null : "devices are left after their configs are gone",
                JsonElement.Parse("\"the end\"")
            );
        }

        private void Act(JsonElement action, JsonElement step)
        {
            if (Find(action) is not { } entity)
            {
                Judge("is not there", action);
                return;
            }

            var before = _home.Home.Last;
            var data = action.TryGetProperty("data", out var given) ? given.GetRawText() : "{}";
            var refusal = _home.Call(action.GetProperty("name").GetString()!, entity.Id, data);
            var sent = _home
                .Events.Where(item => item.Sequence > before)
                .Select(item => item.Data)
                .OfType<MessagePublished>()
                .ToArray();
            _home.Deliver();
            var wanted = step.TryGetProperty("expect_publish", out var only)
                ? [only]
                : step.GetProperty("expect_any").EnumerateArray().ToArray();
            var fits = refusal is null && wanted.Any(list => Corpus.Equal(list, sent));
            var shown = refusal?.Detail ?? string.Join(", ", sent.Select(m => m.Payload.Text));
            Judge(fits ? null : $"sends {shown}, not {wanted[0]}", action);
        }

        private void Judge(string? difference, JsonElement about)
        {
            if (difference is null)
            {
                Held++;
            }
            else
            {
                Broken.Add($"{_case}: {about}: {difference}");
            }
        }

        private string? Difference(JsonElement wanted)
        {
            if (Find(wanted) is not { } entity)
            {
                return "is not there";
            }

            foreach (var member in wanted.EnumerateObject())
            {
                if (entity.Difference(member.Name, member.Value, wanted) is { } difference)
                {
                    return difference;
                }
            }

            return null;
        }

        private SeenEntity? Find(JsonElement named) =>
            SeenEntity.Find(
                _home,
                named.GetProperty("component").GetString()!,
                named.GetProperty("unique_id").GetString()!
            );

        private static bool IsJudged(JsonElement named) =>
            Judged.Contains(named.GetProperty("component").GetString());
    }
}
