namespace Hearth.Core.Automations;

/// <summary>What a device automation's type means for its entity.</summary>
/// <param name="States">The states it waits for; empty = any, or what <paramref name="ToKey"/>
/// says; null where it compares numbers.</param>
/// <param name="Attribute">The attribute that is meant; null = the state.</param>
/// <param name="ToKey">The member that names the value.</param>
/// <param name="HasFrom">True where <c>from</c> may be written too.</param>
internal sealed record DeviceWord(
    IReadOnlyList<string>? States,
    string? Attribute = null,
    string? ToKey = null,
    bool HasFrom = false
);

/// <summary>The action that a device action means, and its data: from which member, to which, and
/// what is sent where it is not written (JSON; null = nothing).</summary>
internal sealed record DeviceAction(
    string Action,
    params (string From, string To, string? Value)[] Data
);

/// <summary>
/// The words of Home Assistant's device automations for the entities of the common domains.
/// </summary>
internal static class DeviceWords
{
    private static readonly HashSet<string> Toggled =
    [
        "light",
        "switch",
        "fan",
        "siren",
        "humidifier",
        "remote",
        "update",
        "media_player",
    ];

    // What a binary sensor says when it is on, and when it is off.
    private static readonly (string On, string Off)[] Pairs =
    [
        ("bat_low", "not_bat_low"),
        ("charging", "not_charging"),
        ("co", "no_co"),
        ("cold", "not_cold"),
        ("connected", "not_connected"),
        ("gas", "no_gas"),
        ("hot", "not_hot"),
        ("light", "no_light"),
        ("not_locked", "locked"),
        ("moist", "not_moist"),
        ("motion", "no_motion"),
        ("moving", "not_moving"),
        ("occupied", "not_occupied"),
        ("opened", "not_opened"),
        ("open", "not_open"),
        ("plugged_in", "not_plugged_in"),
        ("powered", "not_powered"),
        ("power", "no_power"),
        ("present", "not_present"),
        ("problem", "no_problem"),
        ("running", "not_running"),
        ("smoke", "no_smoke"),
        ("sound", "no_sound"),
        ("tampered", "not_tampered"),
        ("unsafe", "not_unsafe"),
        ("update", "no_update"),
        ("vibration", "no_vibration"),
        ("turned_on", "turned_off"),
        ("on", "off"),
    ];

    // Types whose word is not the state itself.
    private static readonly Dictionary<string, Dictionary<string, string>> States = new(
        StringComparer.Ordinal
    )
    {
        ["cover"] = Of("opened=open open closed opening closing"),
        ["lock"] = Of("locked unlocked locking unlocking jammed open opening"),
        ["media_player"] = Of("idle paused playing buffering on off"),
        ["alarm_control_panel"] = Of(
            "triggered disarmed arming armed_home armed_away armed_night armed_vacation"
                + " armed_custom_bypass"
        ),
        ["vacuum"] = Of("cleaning docked returning"),
        ["lawn_mower"] = Of("mowing docked paused"),
        ["valve"] = Of("opened=open open closed opening closing"),
    };

    private static readonly Dictionary<string, DeviceAction> Actions = new(StringComparer.Ordinal)
    {
        ["light.brightness_increase"] = new(
            "light.turn_on",
            ("brightness_step_pct", "brightness_step_pct", "10")
        ),
        ["light.brightness_decrease"] = new(
            "light.turn_on",
            ("brightness_step_pct", "brightness_step_pct", "-10")
        ),
        ["light.flash"] = new("light.turn_on", ("flash", "flash", "\"short\"")),
        ["cover.open"] = new("cover.open_cover"),
        ["cover.close"] = new("cover.close_cover"),
        ["cover.stop"] = new("cover.stop_cover"),
        ["cover.open_tilt"] = new("cover.open_cover_tilt"),
        ["cover.close_tilt"] = new("cover.close_cover_tilt"),
        ["cover.set_position"] = new("cover.set_cover_position", ("position", "position", null)),
        ["cover.set_tilt_position"] = new(
            "cover.set_cover_tilt_position",
            ("position", "tilt_position", null)
        ),
        ["lock.lock"] = new("lock.lock"),
        ["lock.unlock"] = new("lock.unlock"),
        ["lock.open"] = new("lock.open"),
        ["button.press"] = new("button.press"),
        ["number.set_value"] = new("number.set_value", ("value", "value", null)),
        ["text.set_value"] = new("text.set_value", ("value", "value", null)),
        ["select.select_option"] = new("select.select_option", ("option", "option", null)),
        ["select.select_first"] = new("select.select_first"),
        ["select.select_last"] = new("select.select_last"),
        ["select.select_next"] = new("select.select_next", ("cycle", "cycle", null)),
        ["select.select_previous"] = new("select.select_previous", ("cycle", "cycle", null)),
        ["climate.set_hvac_mode"] = new("climate.set_hvac_mode", ("hvac_mode", "hvac_mode", null)),
        ["climate.set_preset_mode"] = new(
            "climate.set_preset_mode",
            ("preset_mode", "preset_mode", null)
        ),
        ["humidifier.set_humidity"] = new(
            "humidifier.set_humidity",
            ("humidity", "humidity", null)
        ),
        ["humidifier.set_mode"] = new("humidifier.set_mode", ("mode", "mode", null)),
        ["vacuum.clean"] = new("vacuum.start"),
        ["vacuum.dock"] = new("vacuum.return_to_base"),
        ["lawn_mower.start_mowing"] = new("lawn_mower.start_mowing"),
        ["lawn_mower.pause"] = new("lawn_mower.pause"),
        ["lawn_mower.dock"] = new("lawn_mower.dock"),
        ["water_heater.turn_on"] = new("water_heater.turn_on"),
        ["water_heater.turn_off"] = new("water_heater.turn_off"),
        ["alarm_control_panel.arm_away"] = Alarm("arm_away"),
        ["alarm_control_panel.arm_home"] = Alarm("arm_home"),
        ["alarm_control_panel.arm_night"] = Alarm("arm_night"),
        ["alarm_control_panel.arm_vacation"] = Alarm("arm_vacation"),
        ["alarm_control_panel.disarm"] = Alarm("disarm"),
        ["alarm_control_panel.trigger"] = Alarm("trigger"),
    };

    /// <summary>The domains of which some words are known.</summary>
    public static IReadOnlySet<string> Domains { get; } =
        new HashSet<string>(
            [
                .. Toggled,
                .. States.Keys,
                .. Actions.Keys.Select(key => key[..key.IndexOf('.', StringComparison.Ordinal)]),
                "binary_sensor",
                "sensor",
                "climate",
                "select",
            ],
            StringComparer.Ordinal
        );

    public static DeviceWord? Trigger(string domain, string type) =>
        (domain, type) switch
        {
            ("sensor", _) => new DeviceWord(null),
            ("binary_sensor", _) => Paired(type),
            ("cover" or "valve", "position") => new DeviceWord(null, "current_position"),
            ("cover", "tilt_position") => new DeviceWord(null, "current_tilt_position"),
            ("climate", "current_temperature_changed") => new DeviceWord(
                null,
                "current_temperature"
            ),
            ("climate", "current_humidity_changed") => new DeviceWord(null, "current_humidity"),
            ("climate", "hvac_mode_changed") => new DeviceWord([], null, "to", HasFrom: true),
            ("humidifier", "target_humidity_changed") => new DeviceWord(null, "humidity"),
            ("humidifier", "current_humidity_changed") => new DeviceWord(null, "current_humidity"),
            ("select", "current_option_changed") => new DeviceWord([], null, "to", HasFrom: true),
            ("button", "pressed") => new DeviceWord([]),
            (_, "changed_states") when Toggled.Contains(domain) => new DeviceWord([]),
            (_, "turned_on") when Toggled.Contains(domain) => new DeviceWord(["on"]),
            (_, "turned_off") when Toggled.Contains(domain) => new DeviceWord(["off"]),
            _ => State(domain, type),
        };

    public static DeviceWord? Condition(string domain, string type)
    {
        var state = type.StartsWith("is_", StringComparison.Ordinal) ? type[3..] : type;
        return (domain, type) switch
        {
            ("sensor", _) => new DeviceWord(null),
            ("binary_sensor", _) => Paired(state),
            ("cover" or "valve", "is_position") => new DeviceWord(null, "current_position"),
            ("cover", "is_tilt_position") => new DeviceWord(null, "current_tilt_position"),
            ("climate", "is_hvac_mode") => new DeviceWord([], null, "hvac_mode"),
            ("climate", "is_preset_mode") => new DeviceWord([], "preset_mode", "preset_mode"),
            ("humidifier", "is_mode") => new DeviceWord([], "mode", "mode"),
            ("select", "selected_option") => new DeviceWord([], null, "option"),
            ("device_tracker", "is_home") => new DeviceWord(["home"]),
            ("device_tracker", "is_not_home") => new DeviceWord(["not_home"]),
            (_, "is_on") when Toggled.Contains(domain) => new DeviceWord(["on"]),
            (_, "is_off") when Toggled.Contains(domain) => new DeviceWord(["off"]),
            _ => State(domain, state),
        };
    }

    public static DeviceAction? Action(string domain, string type) =>
        Actions.TryGetValue($"{domain}.{type}", out var action) ? action
        : Toggled.Contains(domain) && type is "turn_on" or "turn_off" or "toggle"
            ? domain == "light" && type == "turn_on"
                    ? new DeviceAction("light.turn_on", ("brightness_pct", "brightness_pct", null))
                : new DeviceAction($"{domain}.{type}")
        : null;

    private static DeviceWord? State(string domain, string type) =>
        States.TryGetValue(domain, out var words) && words.TryGetValue(type, out var state)
            ? new DeviceWord([state])
            : null;

    private static DeviceWord? Paired(string type)
    {
        foreach (var (on, off) in Pairs)
        {
            if (type == on || type == off)
            {
                return new DeviceWord([type == on ? "on" : "off"]);
            }
        }

        return null;
    }

    private static DeviceAction Alarm(string verb) =>
        new("alarm_control_panel.alarm_" + verb, ("code", "code", null));

    // "opened=open closed": a word, and the state where that is another.
    private static Dictionary<string, string> Of(string words) =>
        words
            .Split(' ')
            .Select(word => word.Split('='))
            .ToDictionary(parts => parts[0], parts => parts[^1], StringComparer.Ordinal);
}
