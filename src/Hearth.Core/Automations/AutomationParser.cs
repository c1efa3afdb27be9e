using System.Text;
using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads an automation in Home Assistant's vocabulary, old and new spellings, and says everything
/// that is wrong with it at once. What Hearth does not know is an error, never silently ignored.
/// </summary>
internal static class AutomationParser
{
    /// <summary>The most that an automation may have.</summary>
    public const int BytesMax = 256 * 1024;

    public const int DepthMax = 64;

    private static readonly string[] Keys =
    [
        "id",
        "alias",
        "description",
        "triggers",
        "conditions",
        "actions",
        "mode",
        "max",
        "max_exceeded",
        "variables",
        "trigger_variables",
        "initial_state",
        "catch_up",
        "trace",
        "trigger",
        "condition",
        "action",
        "use_blueprint",
    ];

    private static readonly string[] Modes = ["single", "restart", "queued", "parallel"];

    private static readonly string[] Severities =
    [
        "silent",
        "notset",
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "critical",
        "fatal",
    ];

    /// <summary>The automation's meaning, or null and what is wrong.</summary>
    public static AutomationRules? Parse(string definition, out IReadOnlyList<Fault> faults)
    {
        var fields = new FieldReader();
        var rules = Read(definition, fields);
        faults = fields.Faults;
        return faults.Count == 0 ? rules : null;
    }

    /// <summary>Reads as far as it can; what is wrong is kept by the reader of fields.</summary>
    public static AutomationRules? Read(string definition, FieldReader fields)
    {
        if (Json(definition, fields) is not { } json)
        {
            return null;
        }

        if (json.Has("use_blueprint"))
        {
            fields.Fault(
                json.Member("use_blueprint"),
                "is not known to Hearth, which has no blueprints; open the automation in Home"
                    + " Assistant, choose \"Take control\", and paste what it then shows"
            );
            return null;
        }

        fields.RefuseUnknown(json, Keys);
        var constants = ReadTriggerVariables(json, fields);
        var steps = new StepReader(fields);
        var triggers = fields.OneOf(json, "triggers", "trigger");
        var conditions = fields.OneOf(json, "conditions", "condition");
        var actions = fields.OneOf(json, "actions", "action");
        var rules = new AutomationRules
        {
            Alias = fields.Text(json, "alias"),
            InitiallyEnabled = fields.Flag(json, "initial_state", usual: true),
            Mode = ReadMode(json, fields),
            Max = fields.Whole(json, "max", least: 1) ?? AutomationRules.UsualMax,
            MaxExceeded = ReadMaxExceeded(json, fields),
            Variables = fields.Mapping(json, "variables"),
            TriggerVariables = constants,
            CatchUp = ReadCatchUp(json, fields),
            Triggers = steps.Triggers.ReadAll(triggers),
            Condition = steps.Conditions.ReadAll(conditions, "condition"),
            Actions = steps.ReadAll(actions, "action"),
        };
        CheckRest(json, fields);
        if (actions.IsMissing)
        {
            fields.Fault(actions, "is missing: write what it does, or [] for nothing");
        }
        else if (!actions.Items().Any())
        {
            fields.Warn(actions, "It does nothing: there is no action in the list");
        }

        if (!triggers.Items().Any())
        {
            fields.Warn(triggers, "Nothing sets it off: without triggers it runs only by hand");
        }

        return rules;
    }

    private static Node? Json(string definition, FieldReader fields)
    {
        if (Encoding.UTF8.GetByteCount(definition) > BytesMax)
        {
            fields.Fault("", $"is larger than {BytesMax / 1024} KiB; make two automations of it");
            return null;
        }

        JsonElement json;
        try
        {
            json = JsonElement.Parse(
                definition,
                new JsonDocumentOptions { MaxDepth = DepthMax, AllowDuplicateProperties = false }
            );
        }
        catch (JsonException failure)
        {
            fields.Fault("", $"is not JSON: {failure.Message}");
            return null;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            fields.Fault("", "must be a mapping with triggers and actions");
            return null;
        }

        if (JsonText.Compact(definition) is null)
        {
            fields.Fault("", "has half of a surrogate pair in a text; write the whole character");
            return null;
        }

        return new Node(json, "");
    }

    // Rendered here, once: triggers are filled with them before there is a run.
    private static DataTemplate? ReadTriggerVariables(Node json, FieldReader fields)
    {
        if (fields.Mapping(json, "trigger_variables") is not { } mapping)
        {
            return null;
        }

        var variables = new Dictionary<string, TemplateValue>(StringComparer.Ordinal);
        foreach (var member in json.Member("trigger_variables").Json.EnumerateObject())
        {
            var place = json.Member("trigger_variables").Member(member.Name);
            var value = DataTemplate.Read(place.Json, place.Pointer, static (_, _) => { });
            try
            {
                variables[member.Name] = value.Render(fields.Constants);
            }
            catch (TemplateException failure)
            {
                fields.Fault(
                    place,
                    "is worked out when the automation is saved, from constants alone: "
                        + failure.Message
                );
            }

            fields.SetConstants(variables);
        }

        return mapping.IsConstant ? mapping : DataTemplate.Of(variables);
    }

    private static RunMode ReadMode(Node json, FieldReader fields)
    {
        var mode = fields.Text(json, "mode") ?? "single";
        var index = Array.IndexOf(Modes, mode);
        if (index < 0)
        {
            fields.Unknown(json.Member("mode"), mode, $"is '{mode}'", Modes);
        }

        return index < 0 ? RunMode.Single : (RunMode)index;
    }

    private static string ReadMaxExceeded(Node json, FieldReader fields)
    {
        var severity = fields.Text(json, "max_exceeded")?.ToLowerInvariant() ?? "warning";
        if (!Severities.Contains(severity))
        {
            fields.Unknown(json.Member("max_exceeded"), severity, $"is '{severity}'", Severities);
        }

        return severity;
    }

    private static CatchUp? ReadCatchUp(Node json, FieldReader fields)
    {
        var node = json.Member("catch_up");
        if (node.IsMissing || !fields.IsMapping(node, "write {\"within\": \"00:10:00\"}"))
        {
            return null;
        }

        fields.RefuseUnknown(node, ["within", "otherwise"]);
        var within = fields.Time(node, "within");
        if (within?.Fixed is null)
        {
            fields.Fault(node.Member("within"), "must be a length of time such as \"00:10:00\"");
        }

        var otherwise = fields.Text(node, "otherwise") ?? "skip";
        if (otherwise is not ("run" or "skip"))
        {
            fields.Unknown(
                node.Member("otherwise"),
                otherwise,
                $"is '{otherwise}'",
                ["run", "skip"]
            );
        }

        return new CatchUp(within?.Fixed ?? TimeSpan.Zero, otherwise == "run");
    }

    // What says nothing about what the automation does, and must be of the right form all the same.
    private static void CheckRest(Node json, FieldReader fields)
    {
        fields.Text(json, "id");
        fields.Text(json, "description");
        var trace = json.Member("trace");
        if (!trace.IsMissing && fields.IsMapping(trace, "write {\"stored_traces\": 20}"))
        {
            fields.RefuseUnknown(trace, ["stored_traces"]);
            fields.Whole(trace, "stored_traces", least: 0);
        }
    }
}
