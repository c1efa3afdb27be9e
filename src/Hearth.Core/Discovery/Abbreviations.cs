using System.Collections.Frozen;

namespace Hearth.Core.Discovery;

/// <summary>
/// The short names that announcements may use for their members. The device block, the origin
/// block and everything else are three scopes. Source: Home Assistant's MQTT discovery.
/// </summary>
internal static class Abbreviations
{
    public static readonly FrozenDictionary<string, string> OfDevice = Table(
        """
        cns connections cu configuration_url hw hw_version ids identifiers mdl model
        mdl_id model_id mf manufacturer sa suggested_area sn serial_number sw sw_version
        """
    );

    public static readonly FrozenDictionary<string, string> OfOrigin = Table(
        "sw sw_version url support_url"
    );

    public static readonly FrozenDictionary<string, string> OfEntity = Table(
        Families()
            + """
             act_t action_topic act_tpl action_template atype automation_type
             av_tones available_tones avty availability avty_mode availability_mode
             avty_t availability_topic avty_tpl availability_template bri_scl brightness_scale
             bri_tpl brightness_template clr_temp_k color_temp_kelvin clr_temp_tpl color_temp_template
             clrm_stat_t color_mode_state_topic clrm_val_tpl color_mode_value_template
             cmd_off_tpl command_off_template cmd_on_tpl command_on_template cmd_t command_topic
             cmd_tpl command_template cmps components cod_arm_req code_arm_required
             cod_dis_req code_disarm_required cod_trig_req code_trigger_required
             cont_type content_type curr_hum_t current_humidity_topic
             curr_hum_tpl current_humidity_template curr_temp_t current_temperature_topic
             curr_temp_tpl current_temperature_template def_ent_id default_entity_id dev device
             dev_cla device_class dsp_prc display_precision e encoding en enabled_by_default
             ent_cat entity_category ent_pic entity_picture evt_typ event_types
             exp_aft expire_after fanspd_lst fan_speed_list flsh flash flsh_tlng flash_time_long
             flsh_tsht flash_time_short frc_upd force_update fx_list effect_list
             fx_tpl effect_template g_tpl green_template b_tpl blue_template r_tpl red_template
             hum_cmd_t target_humidity_command_topic hum_cmd_tpl target_humidity_command_template
             hum_stat_t target_humidity_state_topic hum_state_tpl target_humidity_state_template
             ic icon img_e image_encoding img_t image_topic init initial
             json_attr json_attributes json_attr_t json_attributes_topic
             json_attr_tpl json_attributes_template l_ver_t latest_version_topic
             l_ver_tpl latest_version_template lrst_t last_reset_topic
             lrst_val_tpl last_reset_value_template max_hum max_humidity max_k max_kelvin
             max_mirs max_mireds max_temp max_temp migr_discvry migrate_discovery
             min_hum min_humidity min_k min_kelvin min_mirs min_mireds
             o origin obj_id object_id off_dly off_delay on_cmd_type on_command_type ops options
             opt optimistic p platform pl payload pl_arm_away payload_arm_away
             pl_arm_custom_b payload_arm_custom_bypass pl_arm_home payload_arm_home
             pl_arm_nite payload_arm_night pl_arm_vacation payload_arm_vacation
             pl_avail payload_available pl_cln_sp payload_clean_spot pl_cls payload_close
             pl_dir_fwd payload_direction_forward pl_dir_rev payload_direction_reverse
             pl_disarm payload_disarm pl_home payload_home pl_inst payload_install
             pl_loc payload_locate pl_lock payload_lock pl_not_avail payload_not_available
             pl_not_home payload_not_home pl_off payload_off pl_on payload_on pl_open payload_open
             pl_osc_off payload_oscillation_off pl_osc_on payload_oscillation_on
             pl_paus payload_pause pl_prs payload_press pl_ret payload_return_to_base
             pl_rst payload_reset pl_rst_hum payload_reset_humidity pl_rst_mode payload_reset_mode
             pl_rst_pct payload_reset_percentage pl_rst_pr_mode payload_reset_preset_mode
             pl_stop payload_stop pl_stop_tilt payload_stop_tilt pl_stpa payload_start_pause
             pl_strt payload_start pl_toff payload_turn_off pl_ton payload_turn_on
             pl_trig payload_trigger pl_unlk payload_unlock pos reports_position
             pos_clsd position_closed pos_open position_open pos_t position_topic
             pos_tpl position_template pr_modes preset_modes ptrn pattern rel_s release_summary
             rel_u release_url ret retain send_cmd_t send_command_topic
             set_fan_spd_t set_fan_speed_topic set_pos_t set_position_topic
             set_pos_tpl set_position_template spd_rng_max speed_range_max
             spd_rng_min speed_range_min src_type source_type stat_cla state_class
             stat_clsd state_closed stat_closing state_closing stat_jam state_jammed
             stat_locked state_locked stat_locking state_locking stat_off state_off
             stat_on state_on stat_open state_open stat_opening state_opening
             stat_stopped state_stopped stat_t state_topic stat_tpl state_template
             stat_unlocked state_unlocked stat_unlocking state_unlocking
             stat_val_tpl state_value_template stype subtype sug_dsp_prc suggested_display_precision
             sup_clrm supported_color_modes sup_dur support_duration sup_feat supported_features
             sup_vol support_volume_set t topic temp_unit temperature_unit
             tilt_clsd_val tilt_closed_value tilt_cmd_t tilt_command_topic
             tilt_cmd_tpl tilt_command_template tilt_opnd_val tilt_opened_value
             tilt_opt tilt_optimistic tilt_status_t tilt_status_topic
             tilt_status_tpl tilt_status_template tit title trns transition uniq_id unique_id
             unit_of_meas unit_of_measurement url_t url_topic url_tpl url_template
             val_tpl value_template whit_cmd_t white_command_topic whit_scl white_scale
            """
    );

    // Members that come in families: a stem, and what can be said of it.
    private static string Families()
    {
        string[] valued =
        [
            "bri brightness",
            "clr_temp color_temp",
            "dir direction",
            "fx effect",
            "hs hs",
            "osc oscillation",
            "pct percentage",
            "pr_mode preset_mode",
            "rgb rgb",
            "rgbw rgbw",
            "rgbww rgbww",
            "xy xy",
        ];
        string[] stated =
        [
            "fan_mode fan_mode",
            "mode mode",
            "swing_mode swing_mode",
            "temp temperature",
            "temp_hi temperature_high",
            "temp_lo temperature_low",
            "aux aux",
            "away_mode away_mode",
            "pow power",
        ];
        var lines = valued
            .Select(stem => Family(stem, "_val_tpl", "_value_template"))
            .Concat(stated.Select(stem => Family(stem, "_stat_tpl", "_state_template")));
        return string.Join(' ', lines) + " ";
    }

    private static string Family(string stem, string shortTemplate, string longTemplate)
    {
        var (brief, full) = (stem.Split(' ')[0], stem.Split(' ')[1]);
        return $"{brief}_cmd_t {full}_command_topic {brief}_cmd_tpl {full}_command_template "
            + $"{brief}_stat_t {full}_state_topic {brief}{shortTemplate} {full}{longTemplate}";
    }

    private static FrozenDictionary<string, string> Table(string pairs)
    {
        var words = pairs.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words
            .Chunk(2)
            .ToFrozenDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }
}
