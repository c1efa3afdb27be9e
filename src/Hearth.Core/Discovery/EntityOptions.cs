using System.Text;
using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Discovery;

/// <summary>
/// What an entity's options must be before they go into the log: of the types that the rest reads
/// them as, with topics that MQTT allows and templates that can be read.
/// </summary>
internal static class EntityOptions
{
    // The payload limit of a topic (MQTT 5 section 1.5.4) is far above what anyone needs.
    private const int TopicMax = 1024;

    private static readonly string[] NotOptions =
    [
        "device",
        "origin",
        "components",
        "~",
        "platform",
    ];

    public static bool IsKnown(string component, string? schema) =>
        component is "sensor" or "binary_sensor" or "switch"
        || (component == "light" && schema is null or "default" or "basic" or "json" or "template");

    /// <summary>The members without which a component means nothing.</summary>
    public static IReadOnlyList<string> RequiredOf(string component, string? schema) =>
        (component, schema) switch
        {
            ("light", "template") =>
            [
                "command_topic",
                "command_on_template",
                "command_off_template",
            ],
            ("light" or "switch", _) => ["command_topic"],
            _ => ["state_topic"],
        };

    public static void Normalise(Members options)
    {
        options.NormaliseAvailability();
        options.NormaliseFlag("enabled_by_default");
        options.NormaliseName();
        options.NormaliseTexts(
            "unique_id",
            "device_class",
            "default_entity_id",
            "object_id",
            "unit_of_measurement",
            "entity_category",
            "state_class",
            "icon",
            "schema",
            "availability_mode"
        );
        options.NormaliseLists("options", "effect_list", "supported_color_modes");
    }

    /// <summary>Adds everything that is wrong.</summary>
    public static void Check(
        string component,
        Members options,
        string pointer,
        ICollection<Fault> faults
    )
    {
        foreach (var name in RequiredOf(component, options.Text("schema")))
        {
            if (string.IsNullOrEmpty(options.Text(name)))
            {
                faults.Add(new Fault($"{pointer}/{name}", $"is missing; a {component} needs it"));
            }
        }

        // One that is not enabled costs nothing, not even a look at its templates.
        var isOff = IsOff(options);
        foreach (var name in options.Names)
        {
            if (isOff && IsTemplate(name))
            {
                continue;
            }

            if (options.Text(name) is { Length: > 0 } text && FaultOf(name, text) is { } detail)
            {
                faults.Add(new Fault($"{pointer}/{name}", detail));
            }
        }

        CheckAvailability(options, pointer, faults);
    }

    public static string Write(Members options) => options.ToJson(NotOptions);

    /// <summary>What is kept of a component that is no entity: how it says whether it can be
    /// reached, and of tags and device automations what they listen to. Nothing that it says wrong
    /// is a fault: it costs no more than itself.</summary>
    public static string WriteOther(string component, Members options)
    {
        Normalise(options);
        var json = new JsonWriter();
        json.BeginObject();
        if (component is "tag" or "device_automation" && !IsOff(options))
        {
            WriteOccasion(json, options);
        }

        if (!IsOff(options) && options.TryGet("availability", out var list))
        {
            json.Name("availability").BeginArray();
            foreach (var entry in list.EnumerateArray().Where(entry => FaultOf(entry) is null))
            {
                json.Raw(entry.GetRawText());
            }

            json.EndArray();
            if (options.Text("availability_mode") is { } mode && mode is ("all" or "any"))
            {
                json.Name("availability_mode").String(mode);
            }
        }

        json.EndObject();
        return Encoding.UTF8.GetString(json.Written);
    }

    private static void WriteOccasion(JsonWriter json, Members options)
    {
        if (options.Text("topic") is not { } topic || !IsTopic(topic, isFilter: true))
        {
            return;
        }

        foreach (var name in (string[])["topic", "type", "subtype", "payload", "value_template"])
        {
            if (options.Text(name) is { } text)
            {
                json.Name(name).String(text);
            }
        }
    }

    private static string? FaultOf(string name, string text)
    {
        if (name.EndsWith("command_topic", StringComparison.Ordinal))
        {
            return IsTopic(text, isFilter: false)
                ? null
                : $"is '{text}'; write a topic without + and #";
        }

        if (name.EndsWith("topic", StringComparison.Ordinal))
        {
            return IsTopic(text, isFilter: true) ? null : $"is '{text}', which is no MQTT topic";
        }

        if (IsTemplate(name))
        {
            return new ValueTemplate(text).Fault;
        }

        return name switch
        {
            "qos" when text is not ("0" or "1" or "2") => $"is {text}; write 0, 1 or 2",
            "availability_mode" when text is not ("all" or "any" or "latest") =>
                $"is '{text}'; write all, any or latest",
            _ => null,
        };
    }

    private static bool IsTemplate(string name) =>
        name.EndsWith("template", StringComparison.Ordinal);

    private static void CheckAvailability(
        Members options,
        string pointer,
        ICollection<Fault> faults
    )
    {
        if (!options.TryGet("availability", out var list))
        {
            return;
        }

        foreach (var entry in list.EnumerateArray())
        {
            if (FaultOf(entry) is { } fault)
            {
                faults.Add(new Fault(pointer + "/availability", fault));
            }
        }
    }

    private static string? FaultOf(JsonElement availability)
    {
        var entry = AvailabilityTopic.Read(availability);
        if (!IsTopic(entry.Topic, isFilter: true))
        {
            return $"'{entry.Topic}' is no MQTT topic";
        }

        return entry.Template.Fault is { } fault ? "has a template that " + fault : null;
    }

    private static bool IsOff(Members options) =>
        options.TryGet("enabled_by_default", out var on) && Loose.Flag(on) == false;

    private static bool IsTopic(string topic, bool isFilter) =>
        topic.Length <= TopicMax
        && TopicPattern.IsValid(topic)
        && (isFilter || !TopicPattern.HasWildcard(topic));
}
