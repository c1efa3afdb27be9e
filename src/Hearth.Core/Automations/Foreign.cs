namespace Hearth.Core.Automations;

/// <summary>
/// What Home Assistant knows and Hearth does not: refused by name, with what to write instead.
/// </summary>
internal static class Foreign
{
    private static readonly Dictionary<string, string> Triggers = new(StringComparer.Ordinal)
    {
        ["calendar"] =
            "Hearth has no calendars; let a program publish an event, and wait for it"
            + " with trigger: event",
        ["conversation"] =
            "Hearth hears no sentences; let the voice assistant call a webhook, and"
            + " wait for it with trigger: webhook",
        ["geo_location"] =
            "Hearth knows no places; let a program publish an event, and wait for it"
            + " with trigger: event",
        ["persistent_notification"] =
            "Hearth does not wait for notifications; wait for what made" + " one instead",
        ["zone"] =
            "Hearth knows no zones; wait for the state of a device_tracker or a person, with"
            + " trigger: state and to: home",
        ["assist_satellite"] = "Hearth has no voice assistant",
        ["intent"] = "Hearth has no voice assistant",
        ["litejet"] = "Hearth does not speak LiteJet; let it publish to MQTT",
        ["zwave_js.event"] =
            "Hearth does not speak to Z-Wave JS itself; let it publish to MQTT, and"
            + " wait with trigger: mqtt",
        ["zwave_js.value_updated"] =
            "Hearth does not speak to Z-Wave JS itself; let it publish to"
            + " MQTT, and wait for the entity's state",
        ["webostv.turn_on"] =
            "Hearth does not speak to LG televisions; wait for the state of an" + " entity",
        ["samsungtv.turn_on"] =
            "Hearth does not speak to Samsung televisions; wait for the state of" + " an entity",
    };

    private static readonly Dictionary<string, string> EventTypes = new(StringComparer.Ordinal)
    {
        ["state_changed"] = "hearth.state.changed, or write trigger: state",
        ["call_service"] = "hearth.command.requested",
        ["automation_triggered"] = "hearth.automation.triggered",
        ["homeassistant_start"] = "hearth.hub.started, or write trigger: homeassistant",
        ["homeassistant_started"] = "hearth.hub.started, or write trigger: homeassistant",
        ["homeassistant_stop"] = "hearth.hub.stopped, or write trigger: homeassistant",
        ["automation_reloaded"] = "hearth.automation.updated",
        ["device_registry_updated"] = "hearth.device.updated",
        ["entity_registry_updated"] = "hearth.device.updated",
        ["tag_scanned"] = "nothing; write trigger: tag",
        ["user_added"] = "hearth.access.user_created",
    };

    public static string? WhyNoTrigger(string kind)
    {
        if (Triggers.TryGetValue(kind, out var why))
        {
            return why;
        }

        return Dot(kind) ? Purpose("trigger", kind) : null;
    }

    public static string? WhyNoCondition(string kind)
    {
        if (kind == "zone")
        {
            return "Hearth knows no zones; ask for the state of a device_tracker or a person, with"
                + " condition: state and state: home";
        }

        return Dot(kind) ? Purpose("condition", kind) : null;
    }

    /// <summary>What Hearth's bus says instead of an event of Home Assistant's own; null where it
    /// is none of them.</summary>
    public static string? EventType(string type) => EventTypes.GetValueOrDefault(type);

    private static bool Dot(string kind) => kind.Contains('.', StringComparison.Ordinal);

    // Home Assistant's newer kinds say a purpose, `light.turned_on`: in the classic words they are
    // a state or a number.
    private static string Purpose(string what, string kind)
    {
        var verb = kind[(kind.LastIndexOf('.') + 1)..];
        var member = what == "trigger" ? "to" : "state";
        var instead = verb switch
        {
            "turned_on" or "is_on" or "detected" or "is_detected" => $"state and {member}: \"on\"",
            "turned_off" or "is_off" or "cleared" or "is_cleared" or "is_not_detected" =>
                $"state and {member}: \"off\"",
            "opened" or "is_open" => $"state and {member}: open (\"on\" for a binary_sensor)",
            "closed" or "is_closed" => $"state and {member}: closed (\"off\" for a binary_sensor)",
            "locked" or "is_locked" => $"state and {member}: locked",
            "unlocked" or "is_unlocked" => $"state and {member}: unlocked",
            "crossed_threshold" or "is_value" or "is_level" => "numeric_state with above or below",
            _ => "state or numeric_state",
        };
        return $"Hearth does not know the newer, purposeful kinds yet; write {what}: {instead}";
    }
}
