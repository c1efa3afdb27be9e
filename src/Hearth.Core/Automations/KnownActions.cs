namespace Hearth.Core.Automations;

/// <summary>
/// The actions that an automation may call: those that a home carries out, and Home Assistant's
/// others, of which validating says that nothing happens yet.
/// </summary>
internal static class KnownActions
{
    // A domain and its verbs.
    private static readonly string[] Done =
    [
        "homeassistant turn_on turn_off toggle update_entity",
        "light turn_on turn_off toggle",
        "switch turn_on turn_off toggle",
        "automation turn_on turn_off toggle trigger reload",
        "mqtt publish",
        "notify notify send_message persistent_notification",
        "persistent_notification create dismiss",
        "logbook log",
        "system_log write",
    ];

    private static readonly string[] NotYet =
    [
        "homeassistant reload_all reload_config_entry restart stop check_config",
        "cover open_cover close_cover stop_cover toggle set_cover_position open_cover_tilt"
            + " close_cover_tilt stop_cover_tilt set_cover_tilt_position toggle_cover_tilt",
        "valve open_valve close_valve stop_valve toggle set_valve_position",
        "lock lock unlock open",
        "fan turn_on turn_off toggle set_percentage increase_speed decrease_speed oscillate"
            + " set_direction set_preset_mode set_speed",
        "climate turn_on turn_off toggle set_temperature set_hvac_mode set_fan_mode"
            + " set_preset_mode set_swing_mode set_humidity",
        "water_heater turn_on turn_off set_temperature set_operation_mode set_away_mode",
        "humidifier turn_on turn_off toggle set_humidity set_mode",
        "siren turn_on turn_off toggle",
        "remote turn_on turn_off toggle send_command",
        "number set_value",
        "select select_option select_first select_last select_next select_previous",
        "text set_value",
        "button press",
        "vacuum start pause stop return_to_base clean_spot locate set_fan_speed send_command",
        "lawn_mower start_mowing pause dock",
        "alarm_control_panel alarm_disarm alarm_arm_home alarm_arm_away alarm_arm_night"
            + " alarm_arm_vacation alarm_arm_custom_bypass alarm_trigger",
        "media_player turn_on turn_off toggle play_media media_play media_pause media_stop"
            + " media_play_pause media_next_track media_previous_track volume_set volume_up"
            + " volume_down volume_mute select_source select_sound_mode shuffle_set repeat_set",
        "update install skip",
        "camera snapshot record turn_on turn_off",
    ];

    // Domains of things that Hearth does not have yet, whatever the verb.
    private static readonly HashSet<string> ForeignDomains =
    [
        "script",
        "scene",
        "timer",
        "counter",
        "schedule",
        "input_boolean",
        "input_button",
        "input_datetime",
        "input_number",
        "input_select",
        "input_text",
        "group",
    ];

    private static readonly HashSet<string> DoneNames = [.. Names(Done)];
    private static readonly HashSet<string> NotYetNames = [.. Names(NotYet)];

    /// <summary>The actions that a home carries out, in a fixed order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names(Done), .. Names(NotYet)];

    /// <summary>Why an action would fail in every home as it is now; null where it need not.
    /// </summary>
    public static string? WhyNot(string action)
    {
        if (DoneNames.Contains(action))
        {
            return null;
        }

        if (NotYetNames.Contains(action))
        {
            return $"Hearth cannot carry out {action} yet; the step fails until it can";
        }

        var domain = action[..Math.Max(0, action.IndexOf('.', StringComparison.Ordinal))];
        if (domain == "notify")
        {
            return $"Nobody is known as {action}; what it says is told on the bus"
                + " (hearth.notification.sent) to whoever listens";
        }

        return ForeignDomains.Contains(domain)
            ? $"Hearth has no {domain} yet; the step fails until it has"
            : $"There is no action {action}; the step fails";
    }

    /// <summary>True where the action is what was meant, whether it can be carried out or not.
    /// </summary>
    public static bool IsKnownWord(string action) =>
        NotYetNames.Contains(action)
        || ForeignDomains.Contains(
            action[..Math.Max(0, action.IndexOf('.', StringComparison.Ordinal))]
        );

    private static IEnumerable<string> Names(string[] table) =>
        from line in table
        let words = line.Split(' ')
        from verb in words.Skip(1)
        select $"{words[0]}.{verb}";
}
