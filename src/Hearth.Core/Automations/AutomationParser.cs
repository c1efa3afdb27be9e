using System.Globalization;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads an automation in Home Assistant's vocabulary, old and new spellings, and says everything
/// that is wrong with it at once. What Hearth does not know is an error, never silently ignored.
/// </summary>
internal sealed class AutomationParser
{
    private static readonly string[] Keys =
    [
        "id",
        "alias",
        "description",
        "mode",
        "max",
        "max_exceeded",
        "initial_state",
        "triggers",
        "trigger",
        "conditions",
        "condition",
        "actions",
        "action",
    ];

    private readonly FieldReader _fields = new();

    /// <summary>The automation's meaning, or null and what is wrong.</summary>
    public static AutomationRules? Parse(string definition, out IReadOnlyList<Fault> faults)
    {
        var parser = new AutomationParser();
        var rules = parser.Read(definition);
        faults = parser._fields.Faults;
        return parser._fields.Faults.Count == 0 ? rules : null;
    }

    private AutomationRules? Read(string definition)
    {
        JsonElement json;
        try
        {
            json = JsonElement.Parse(definition, new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException failure)
        {
            _fields.Fault("", $"is not JSON: {failure.Message}");
            return null;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            _fields.Fault("", "must be an object with triggers and actions");
            return null;
        }

        _fields.RefuseUnknown(json, "", Keys);
        var triggers = Items(json, "triggers", "trigger").Select(ReadTrigger).ToArray();
        var conditions = Items(json, "conditions", "condition").ToArray();
        foreach (var (_, pointer) in conditions)
        {
            _fields.Fault(pointer, "conditions are not supported yet; take it out");
        }

        var actions = Items(json, "actions", "action").Select(ReadAction).ToArray();
        if (actions.Length == 0)
        {
            _fields.Fault("/actions", "is missing: an automation needs at least one action");
        }

        CheckMode(json);
        return new AutomationRules
        {
            Alias = _fields.OptionalText(json, "", "alias"),
            InitiallyEnabled =
                !json.TryGetProperty("initial_state", out var initial)
                || initial.ValueKind != JsonValueKind.False,
            Triggers = [.. triggers.OfType<Trigger>()],
            Condition = new AndCondition([]) { Path = "condition" },
            Actions = new StepList("action", [.. actions.OfType<Step>()]),
        };
    }

    private void CheckMode(JsonElement json)
    {
        var mode = _fields.OptionalText(json, "", "mode");
        if (mode is not (null or "single" or "restart" or "queued" or "parallel"))
        {
            _fields.Fault("/mode", $"is '{mode}'; write single, restart, queued or parallel");
        }
    }

    private Trigger? ReadTrigger((JsonElement Json, string Pointer) item, int index)
    {
        var (json, pointer) = item;
        if (json.ValueKind != JsonValueKind.Object)
        {
            _fields.Fault(pointer, "must be an object");
            return null;
        }

        var kind =
            _fields.OptionalText(json, pointer, "trigger")
            ?? _fields.OptionalText(json, pointer, "platform");
        var id =
            _fields.OptionalText(json, pointer, "id")
            ?? index.ToString(CultureInfo.InvariantCulture);
        switch (kind)
        {
            case "numeric_state":
                return ReadNumericState(json, pointer, id);
            case "state":
                return ReadState(json, pointer, id);
            case "event":
                return ReadEvent(json, pointer, id);
            case null:
                _fields.Fault(
                    pointer + "/trigger",
                    "is missing; write numeric_state, state or event"
                );
                return null;
            default:
                _fields.Fault(
                    pointer + "/trigger",
                    $"is '{kind}', which Hearth does not know; write numeric_state, state or event"
                );
                return null;
        }
    }

    private NumericStateTrigger ReadNumericState(JsonElement json, string pointer, string id)
    {
        _fields.RefuseUnknown(
            json,
            pointer,
            ["trigger", "platform", "id", "alias", "entity_id", "attribute", "above", "below"],
            ["for", "hysteresis"]
        );
        var above = _fields.Number(json, pointer, "above");
        var below = _fields.Number(json, pointer, "below");
        if (above is null && below is null)
        {
            _fields.Fault(pointer, "needs above, below or both");
        }

        var hysteresis = _fields.Number(json, pointer, "hysteresis") ?? 0;
        if (hysteresis < 0)
        {
            _fields.Fault(pointer + "/hysteresis", "must not be negative");
        }

        return new NumericStateTrigger
        {
            Id = id,
            Watched = _fields.Entities(json, pointer, required: true),
            For = _fields.For(json, pointer),
            Test = new NumberTest(
                _fields.OptionalText(json, pointer, "attribute"),
                null,
                above is null ? null : new Bound(above, null),
                below is null ? null : new Bound(below, null)
            ),
            Hysteresis = hysteresis,
        };
    }

    private StateTrigger ReadState(JsonElement json, string pointer, string id)
    {
        _fields.RefuseUnknown(
            json,
            pointer,
            ["trigger", "platform", "id", "alias", "entity_id", "attribute", "from", "to"],
            ["not_from", "not_to", "for"]
        );
        var stateOnly = json.EnumerateObject()
            .Any(member => member.Name is "from" or "to" or "not_from" or "not_to");
        return new StateTrigger(
            _fields.Entities(json, pointer, required: true),
            _fields.OptionalText(json, pointer, "attribute"),
            _fields.Values(json, pointer, "from"),
            _fields.Values(json, pointer, "to"),
            _fields.Values(json, pointer, "not_from") ?? [],
            _fields.Values(json, pointer, "not_to") ?? [],
            stateOnly
        )
        {
            Id = id,
            For = _fields.For(json, pointer),
        };
    }

    private EventTrigger? ReadEvent(JsonElement json, string pointer, string id)
    {
        _fields.RefuseUnknown(
            json,
            pointer,
            ["trigger", "platform", "id", "alias", "event_type", "event_data"]
        );
        var type = _fields.OptionalText(json, pointer, "event_type");
        if (string.IsNullOrEmpty(type))
        {
            _fields.Fault(pointer + "/event_type", "is missing; name the type of the event");
            return null;
        }

        if (type.StartsWith("hearth.message.", StringComparison.Ordinal))
        {
            _fields.Fault(
                pointer + "/event_type",
                "raw messages set nothing off; use states or events"
            );
        }

        if (!json.TryGetProperty("event_data", out var data))
        {
            return new EventTrigger([type], []) { Id = id };
        }

        if (data.ValueKind != JsonValueKind.Object)
        {
            _fields.Fault(pointer + "/event_data", "must be an object");
            return null;
        }

        return new EventTrigger(
            [type],
            [
                .. data.EnumerateObject()
                    .Select(member => KeyValuePair.Create(member.Name, member.Value)),
            ]
        )
        {
            Id = id,
        };
    }

    private CallStep? ReadAction((JsonElement Json, string Pointer) item, int index)
    {
        var (json, pointer) = item;
        if (json.ValueKind != JsonValueKind.Object)
        {
            _fields.Fault(pointer, "must be an object");
            return null;
        }

        _fields.RefuseUnknown(
            json,
            pointer,
            ["action", "service", "alias", "target", "data", "entity_id", "metadata"]
        );
        var action =
            _fields.OptionalText(json, pointer, "action")
            ?? _fields.OptionalText(json, pointer, "service");
        if (action is null || action.Split('.') is not [{ Length: > 0 }, { Length: > 0 }])
        {
            _fields.Fault(
                pointer + "/action",
                "must be a domain and a verb, such as light.turn_off"
            );
            return null;
        }

        var data = json.TryGetProperty("data", out var found) ? found : default;
        if (data.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
        {
            _fields.Fault(pointer + "/data", "must be an object");
        }

        var targets = new TargetReader(_fields).Read(json, pointer, data);
        return new CallStep(
            DataTemplate.Of(action),
            targets,
            data.ValueKind == JsonValueKind.Object
                ? DataTemplate.Read(
                    JsonElement.Parse(TargetReader.WithoutTargets(data)),
                    pointer + "/data",
                    _fields.Fault
                )
                : null,
            null
        )
        {
            Path = $"action/{index}",
        };
    }

    private static IEnumerable<(JsonElement Json, string Pointer)> Items(
        JsonElement json,
        string plural,
        string singular
    )
    {
        foreach (var name in new[] { plural, singular })
        {
            if (!json.TryGetProperty(name, out var value))
            {
                continue;
            }

            if (value.ValueKind != JsonValueKind.Array)
            {
                yield return (value, "/" + name);
                continue;
            }

            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                yield return (item, $"/{name}/{index++}");
            }
        }
    }
}
