using System.Text;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>Carries out the action calls of runs: what devices can do, and what the hub itself
/// can.</summary>
/// <param name="made">Entities of which there is nothing but a state, in a rehearsal: whatever is
/// asked of them is requested as it is.</param>
internal sealed class Calls(HomeState state, Actions actions, IReadOnlySet<EntityId>? made = null)
{
    // Home Assistant's words for what other parts of a home do; later issues bring them.
    private static readonly string[] NotYet =
    [
        "counter",
        "group",
        "input_boolean",
        "input_button",
        "input_datetime",
        "input_number",
        "input_select",
        "input_text",
        "scene",
        "schedule",
        "script",
        "timer",
    ];

    /// <summary>Set by <see cref="Rules"/>: how one automation sets off another.</summary>
    public required Action<Turn, Automation, Occurrence, bool> Trigger { private get; init; }

    /// <summary>Ends the runs of an automation.</summary>
    public required Action<Turn, string> Cancel { private get; init; }

    /// <summary>Does what a step asks.</summary>
    /// <returns>The result for the trace, a JSON text; and what went wrong, or null.</returns>
    public (string? Result, string? Fault) Call(
        RunWork work,
        CallStep step,
        TemplateContext context
    )
    {
        var action = step.Action.RenderText(context).Trim().ToLowerInvariant();
        var given = step.Data?.Render(context);
        if (given is { Kind: not TemplateKind.Dict })
        {
            return (null, $"The data of {action} is no mapping.");
        }

        var data = given?.AsDict ?? new TemplateDict(0);
        var target = Target.Of(step.Target, data, context);
        var result = IsPlain(step) ? null : Result(action, data, target);
        var dot = action.IndexOf('.', StringComparison.Ordinal);
        var (domain, verb) = dot < 0 ? (action, "") : (action[..dot], action[(dot + 1)..]);
        return (result, Do(work, new Asked(step.Path, action, domain, verb, data, target)));
    }

    private readonly record struct Asked(
        string Path,
        string Action,
        string Domain,
        string Verb,
        TemplateDict Data,
        Target Target
    );

    private string? Do(RunWork work, Asked asked) =>
        asked switch
        {
            { Domain: "automation" } => Automate(work, asked),
            { Action: "mqtt.publish" } => Publish(work, asked),
            { Domain: "notify" } or { Domain: "persistent_notification" } => Notify(work, asked),
            { Domain: "logbook" or "system_log" } => Log(work, asked),
            { Action: "homeassistant.update_entity" } => null,
            { Domain: "homeassistant", Verb: not ("turn_on" or "turn_off" or "toggle") } =>
                $"Hearth has no {asked.Action}.",
            _ when NotYet.Contains(asked.Domain) =>
                $"Hearth has no {asked.Domain} yet, so {asked.Action} cannot be done.",
            _ => Command(work, asked),
        };

    private string? Command(RunWork work, Asked asked)
    {
        var entities = new List<EntityId>();
        var missing = new List<string>();
        foreach (var name in asked.Target.Entities)
        {
            var id = new EntityId(name);
            if (asked.Domain == "homeassistant" && state.Automations.FindByEntity(id) is { } found)
            {
                Switch(work, found, asked.Verb);
            }
            else if (name is "all")
            {
                entities.AddRange(All(asked.Domain));
            }
            else if (state.Devices.Entities.ContainsKey(id))
            {
                entities.Add(id);
            }
            else
            {
                missing.Add(name);
            }
        }

        entities.AddRange(In(asked.Target, asked.Domain));
        var devices = asked.Target.Devices.Select(name => new DeviceId(name)).ToArray();
        if (entities.Count + devices.Length == 0)
        {
            return missing.Count > 0 ? $"There is no entity {string.Join(", ", missing)}."
                : asked.Target.IsEmpty ? $"{asked.Action} has no target."
                : null;
        }

        var arguments = WithoutTargets(asked.Data);
        RequestOfMade(work, asked, entities, arguments);
        var refusal = actions.Call(
            work.Turn,
            asked.Action,
            entities,
            devices,
            arguments,
            work.Run.Cause,
            work.By
        );
        if (missing.Count > 0)
        {
            // Home Assistant goes on with those that are there; so do we, but we say so.
            var told = new JsonWriter().BeginObject().Name("missing").BeginArray();
            missing.ForEach(name => told.String(name));
            told.EndArray().EndObject();
            work.Trace.Add(asked.Path, work.Turn.Time, Encoding.UTF8.GetString(told.Written));
        }

        return refusal?.Detail;
    }

    private void RequestOfMade(RunWork work, Asked asked, List<EntityId> entities, string arguments)
    {
        foreach (var id in entities.Where(id => made?.Contains(id) == true).ToArray())
        {
            entities.Remove(id);
            var exact = asked.Domain == "homeassistant" ? id.Domain : asked.Domain;
            work.Turn.Emit(
                new CommandRequested(id, $"{exact}.{asked.Verb}", arguments, Desired: null),
                work.Run.Cause,
                work.By,
                work.Turn.Time + Actions.Life
            );
        }
    }

    private static string WithoutTargets(TemplateDict data)
    {
        if (!data.TryGet("entity_id", out _))
        {
            return data.Count == 0 ? "{}" : TemplateValue.From(data).ToJson();
        }

        var kept = new TemplateDict(data.Count);
        foreach (var (name, value) in data)
        {
            if (!name.Equals(TemplateValue.From("entity_id")))
            {
                kept.Set(name, value);
            }
        }

        return TemplateValue.From(kept).ToJson();
    }

    private IEnumerable<EntityId> All(string domain) =>
        state
            .Devices.Entities.Keys.Where(id => id.Domain == domain)
            .OrderBy(id => id.Value, StringComparer.Ordinal);

    private IEnumerable<EntityId> In(Target target, string domain)
    {
        if (target.Areas.Count + target.Floors.Count + target.Labels.Count == 0)
        {
            return [];
        }

        var areas = target.AreasOf(state.View.Map);
        return state
            .Devices.Devices.Values.Where(device =>
                device.Area is { } area && areas.Contains(AreaMap.IdOf(area))
                || device.Says.Labels.Any(label => target.Labels.Contains(AreaMap.IdOf(label)))
            )
            .OrderBy(device => device.Id.Value, StringComparer.Ordinal)
            .SelectMany(device => device.Entities)
            .Where(id =>
                domain == "homeassistant" ? id.Domain is "light" or "switch" : id.Domain == domain
            );
    }

    private string? Automate(RunWork work, Asked asked)
    {
        if (asked.Verb == "reload")
        {
            return null;
        }

        foreach (var name in asked.Target.Entities)
        {
            if (state.Automations.FindByEntity(new EntityId(name)) is not { } automation)
            {
                return $"There is no automation {name}.";
            }

            if (asked.Verb == "trigger")
            {
                asked.Data.TryGet("skip_condition", out var skip);
                var anyway = skip.IsUndefined || skip.Holds;
                Trigger(
                    work.Turn,
                    automation,
                    new Occurrence(null, work.Run.Cause) { By = work.By },
                    anyway
                );
            }
            else if (Switch(work, automation, asked.Verb) is { } fault)
            {
                return fault;
            }
        }

        return asked.Target.Entities.Count == 0 ? $"{asked.Action} has no target." : null;
    }

    private string? Switch(RunWork work, Automation automation, string verb)
    {
        bool? wanted = verb switch
        {
            "turn_on" => true,
            "turn_off" => false,
            "toggle" => !automation.Enabled,
            _ => null,
        };
        if (wanted is not { } enabled)
        {
            return $"Hearth has no automation.{verb}.";
        }

        if (enabled == automation.Enabled)
        {
            return null;
        }

        if (!enabled)
        {
            Cancel(work.Turn, automation.Id);
        }

        work.Turn.Emit(
            enabled ? new AutomationEnabled(automation.Id) : new AutomationDisabled(automation.Id),
            work.Run.Cause,
            work.By
        );
        return null;
    }

    private static string? Publish(RunWork work, Asked asked)
    {
        var topic = TextOf(asked.Data, "topic");
        if (topic is null || TopicPattern.HasWildcard(topic) || !TopicPattern.IsValid(topic))
        {
            return $"'{topic}' is no topic to publish on.";
        }

        if (topic.StartsWith('$') || topic.StartsWith("hearth/", StringComparison.Ordinal))
        {
            return $"{topic} is the hub's own.";
        }

        asked.Data.TryGet("qos", out var qos);
        asked.Data.TryGet("retain", out var retain);
        work.Turn.Emit(
            new MessagePublished(
                topic,
                Payload.FromText(TextOf(asked.Data, "payload") ?? ""),
                qos.IsNumber ? (int)Math.Clamp(qos.AsFloat, 0, 2) : 0,
                retain.Holds,
                null
            ),
            work.Run.Cause,
            work.By
        );
        return null;
    }

    private static string? Notify(RunWork work, Asked asked)
    {
        if (asked.Verb is "dismiss" or "dismiss_all" or "mark_read")
        {
            return null;
        }

        work.Turn.Emit(
            new NotificationSent(
                asked.Action,
                TextOf(asked.Data, "title"),
                TextOf(asked.Data, "message") ?? "",
                TemplateValue.From(asked.Data).ToJson()
            ),
            work.Run.Cause,
            work.By
        );
        return null;
    }

    // What a person wants to read later: the run's trace keeps it.
    private static string? Log(RunWork work, Asked asked)
    {
        work.Trace.Add(
            "log",
            work.Turn.Time,
            JsonWriter.Quote(TextOf(asked.Data, "message") ?? "")
        );
        return null;
    }

    private static string? TextOf(TemplateDict data, string name) =>
        !data.TryGet(name, out var value) || value.IsNone ? null
        : value.Kind is TemplateKind.Dict or TemplateKind.List ? value.ToJson()
        : value.ToString();

    // A call without templates can be read where it stands; its trace need not repeat it.
    private static bool IsPlain(CallStep step) =>
        step.Action.IsConstant
        && step.Data is null or { IsConstant: true }
        && (step.Target.Entities?.IsConstant ?? true)
        && (step.Target.Devices?.IsConstant ?? true)
        && (step.Target.Areas?.IsConstant ?? true);

    private static string Result(string action, TemplateDict data, Target target)
    {
        var json = new JsonWriter();
        json.BeginObject()
            .Name("params")
            .BeginObject()
            .Name("action")
            .String(action)
            .Name("data")
            .Raw(TemplateValue.From(data).ToJson())
            .Name("target");
        target.Write(json);
        return Encoding.UTF8.GetString(json.EndObject().EndObject().Written);
    }
}
