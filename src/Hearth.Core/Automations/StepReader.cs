using System.Text.Json;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads what a run does. A step's kind is said by one of its members, as in Home Assistant:
/// <c>delay</c>, <c>choose</c>, <c>action</c> …
/// </summary>
internal sealed class StepReader
{
    /// <summary>The most steps that an automation has, those inside others counted.</summary>
    public const int StepsMax = 1000;

    /// <summary>What every step may say.</summary>
    public static readonly string[] Common = ["alias", "enabled", "continue_on_error"];

    private readonly FieldReader _fields;
    private readonly TriggerReader _triggers;
    private readonly ConditionReader _conditions;
    private readonly DeviceReader _devices;
    private readonly CallReader _calls;
    private readonly BlockReader _blocks;
    private readonly IReadOnlyList<(string Word, Func<Node, string, Step?> Read)> _kinds;
    private int _steps;

    public StepReader(FieldReader fields)
    {
        _fields = fields;
        _devices = new DeviceReader(fields);
        _triggers = new TriggerReader(fields, _devices);
        _conditions = new ConditionReader(fields, _devices);
        _calls = new CallReader(fields);
        _blocks = new BlockReader(fields, this, _conditions);
        // In the order in which Home Assistant looks for them.
        _kinds =
        [
            ("delay", ReadDelay),
            ("wait_template", ReadWaitTemplate),
            ("wait_for_trigger", ReadWaitForTrigger),
            ("event", ReadEvent),
            ("variables", ReadVariables),
            ("stop", ReadStop),
            ("repeat", _blocks.ReadRepeat),
            ("choose", _blocks.ReadChoose),
            ("if", _blocks.ReadIf),
            ("parallel", _blocks.ReadParallel),
            ("sequence", _blocks.ReadSequence),
            ("action", _calls.Read),
            ("service", _calls.Read),
            ("service_template", _calls.Read),
            ("scene", _calls.ReadScene),
            ("set_conversation_response", RefuseResponse),
            ("device_id", _devices.ReadStep),
            ("condition", ReadCondition),
            ("and", ReadCondition),
            ("or", ReadCondition),
            ("not", ReadCondition),
        ];
    }

    public TriggerReader Triggers => _triggers;

    public ConditionReader Conditions => _conditions;

    /// <summary>Steps, one after the other; one that is not in a list counts as a list of one.
    /// </summary>
    /// <param name="path">Where the list stands: <c>action</c>.</param>
    public StepList ReadAll(Node list, string path)
    {
        var steps = new List<Step>();
        var index = 0;
        foreach (var item in list.Items())
        {
            if (Read(item, $"{path}/{index++}") is { } step)
            {
                steps.Add(step);
            }
        }

        return new StepList(path, steps);
    }

    private Step? Read(Node node, string path)
    {
        if (++_steps > StepsMax)
        {
            if (_steps == StepsMax + 1)
            {
                _fields.Fault(node, $"is one more than the {StepsMax} steps that there may be");
            }

            return null;
        }

        if (node.Kind == JsonValueKind.String && DataTemplate.IsTemplate(node.Json.GetString()!))
        {
            return ReadCondition(node, path);
        }

        if (!_fields.IsMapping(node, "write an action such as {\"action\": \"light.turn_on\", …}"))
        {
            return null;
        }

        foreach (var (word, read) in _kinds)
        {
            if (node.Has(word))
            {
                return WithCommon(read(node, path), node);
            }
        }

        RefuseKind(node);
        return null;
    }

    private Step? WithCommon(Step? step, Node node) =>
        step is null
            ? null
            : step with
            {
                Alias = _fields.Text(node, "alias"),
                Enabled = _fields.Enabled(node),
                ContinueOnError = _fields.Flag(node, "continue_on_error", usual: false),
            };

    private void RefuseKind(Node node)
    {
        var words = _kinds.Select(kind => kind.Word).ToArray();
        foreach (var member in node.Json.EnumerateObject())
        {
            if (Suggestion.For(member.Name, words) is not null && !Common.Contains(member.Name))
            {
                _fields.Unknown(
                    node.Member(member.Name),
                    member.Name,
                    "is no kind of action",
                    words
                );
                return;
            }
        }

        _fields.Fault(
            node,
            "does not say what to do; write one of "
                + string.Join(", ", words.Except(["service", "service_template", "and", "or"]))
        );
    }

    private DelayStep? ReadDelay(Node node, string path)
    {
        _fields.RefuseUnknown(node, Common, ["delay"]);
        if (node.Member("delay").IsMissing)
        {
            _fields.Fault(node.Member("delay"), "is missing; write how long, such as \"00:00:30\"");
        }

        return _fields.Time(node, "delay") is { } delay
            ? new DelayStep(delay) { Path = path }
            : null;
    }

    private WaitTemplateStep ReadWaitTemplate(Node node, string path)
    {
        _fields.RefuseUnknown(node, Common, ["wait_template", "timeout", "continue_on_timeout"]);
        return new WaitTemplateStep(
            _fields.RequiredTemplate(node, "wait_template") ?? DataTemplate.Of(""),
            _fields.Time(node, "timeout"),
            _fields.Flag(node, "continue_on_timeout", usual: true)
        )
        {
            Path = path,
        };
    }

    private WaitForTriggerStep ReadWaitForTrigger(Node node, string path)
    {
        _fields.RefuseUnknown(node, Common, ["wait_for_trigger", "timeout", "continue_on_timeout"]);
        var triggers = node.Member("wait_for_trigger");
        if (!triggers.Items().Any())
        {
            _fields.Fault(triggers, "is missing; write the trigger to wait for");
        }

        return new WaitForTriggerStep(
            _triggers.ReadAll(triggers),
            _fields.Time(node, "timeout"),
            _fields.Flag(node, "continue_on_timeout", usual: true)
        )
        {
            Path = path,
        };
    }

    private EventStep? ReadEvent(Node node, string path)
    {
        _fields.RefuseUnknown(node, Common, ["event", "event_data", "event_data_template"]);
        if (_fields.RequiredText(node, "event", "name the type of the event") is not { } type)
        {
            return null;
        }

        if (type.StartsWith("hearth.", StringComparison.Ordinal))
        {
            _fields.Fault(
                node.Member("event"),
                $"is '{type}'; what begins with hearth. only the hub says, write a name of your own"
            );
        }

        return new EventStep(
            DataTemplate.Read(node.Member("event").Json, node.Pointer + "/event", _fields.Fault),
            _calls.Merged(node, "event_data", "event_data_template", [])
        )
        {
            Path = path,
        };
    }

    private VariablesStep? ReadVariables(Node node, string path)
    {
        _fields.RefuseUnknown(node, Common, ["variables"]);
        return _fields.Mapping(node, "variables") is { } variables
            ? new VariablesStep(variables) { Path = path }
            : null;
    }

    private StopStep ReadStop(Node node, string path)
    {
        _fields.RefuseUnknown(node, Common, ["stop", "error", "response_variable"]);
        var message = node.Member("stop");
        return new StopStep(
            _fields.Text(message) is null
                ? null
                : DataTemplate.Read(message.Json, message.Pointer, _fields.Fault),
            _fields.Flag(node, "error", usual: false),
            _fields.Text(node, "response_variable")
        )
        {
            Path = path,
        };
    }

    private ConditionStep? ReadCondition(Node node, string path) =>
        _conditions.Read(node, path) is { } condition
            ? new ConditionStep(condition) { Path = path }
            : null;

    private Step? RefuseResponse(Node node, string path)
    {
        _fields.Fault(
            node.Member("set_conversation_response"),
            "is not known to Hearth, which has no voice assistant; take the step out"
        );
        return null;
    }
}
