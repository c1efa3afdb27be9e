using CsCheck;

namespace Hearth.Core.Tests.Discovery;

/// <summary>Whatever a device announces, reports or is asked: the home stands.</summary>
public sealed class AnythingAnnounced
{
    private static readonly string[] Names = """
        name unique_id device_class unit_of_measurement state_class options qos retain en
        state_topic command_topic value_template command_template schema optimistic ~ dev
        availability avty_t avty_tpl availability_mode json_attributes_topic expire_after
        json_attributes_template off_delay force_update last_reset_value_template brightness
        brightness_scale brightness_command_topic brightness_state_topic
        supported_color_modes effect effect_list color_temp_command_topic min_mireds
        rgb_command_topic rgb_state_topic rgbww_state_topic hs_command_topic xy_state_topic
        on_command_type payload_on payload_off state_on white_command_topic white_scale
        command_on_template command_off_template state_template brightness_template
        color_temp_template red_template green_template blue_template object_id
        flash_time_short color_temp_kelvin max_kelvin suggested_display_precision
        """.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static readonly string[] Values =
    [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1e300",
        "255",
        "\"\"",
        "\"x\"",
        "\"t\"",
        "\"t/#\"",
        "\"+/t\"",
        "\"json\"",
        "\"template\"",
        "\"true\"",
        "\"30\"",
        "\"rgb\"",
        "[\"rgb\",\"xy\"]",
        "[\"hs\",\"white\"]",
        "[\"color_temp\"]",
        "[\"rgbww\"]",
        "[\"onoff\"]",
        "[\"nonsense\"]",
        "[]",
        "{}",
        "[1,null,{}]",
        "{\"t\":\"t\"}",
        "[{\"t\":\"~/a\"},{}]",
        "\"{{ value_json.a }}\"",
        "\"{{ value }}\"",
        "\"{{ 1 / 0 }}\"",
        "\"{{ x\"",
        "\"all\"",
        "\"first\"",
        "\"brightness\"",
        "\"timestamp\"",
        "\"power\"",
        "\"\\ud800\"",
        "{\"ids\":[1,[]],\"cns\":[[\"mac\",1],3]}",
        "\"{{ value_json | tojson }}\"",
    ];

    private static readonly string[] Payloads =
    [
        "",
        "ON",
        "online",
        "None",
        "12.5",
        "nan",
        "1e999",
        "\ud800",
        "{",
        "[]",
        "null",
        "1,2,3",
        "{\"a\":1}",
        "{\"a\":\"\\ud800\"}",
        "{\"state\":\"ON\",\"brightness\":1e400}",
        "{\"state\":\"ON\",\"brightness\":-5,\"color_mode\":\"rgb\",\"color\":{\"r\":1}}",
        "{\"state\":null,\"color_mode\":5,\"color\":[],\"color_temp\":\"x\",\"effect\":{}}",
        "{\"state\":\"ON\",\"color_mode\":\"rgb\",\"color\":{\"r\":1,\"g\":2,\"b\":\"3\"}}",
        "{\"state\":\"ON\",\"color_mode\":\"color_temp\",\"color_temp\":0.0000001}",
        "2026-01-02T03:04:05+01:00",
        "9999-12-31T23:59:59-14:00",
        "{\"name\":1,\"z\":[1, 2]}",
    ];

    private static readonly string[] Data =
    [
        "{}",
        "{\"brightness\":0}",
        "{\"brightness\":128}",
        "{\"brightness\":\"x\"}",
        "{\"rgb_color\":[1,2,3]}",
        "{\"rgb_color\":[1,2]}",
        "{\"xy_color\":[0,0]}",
        "{\"hs_color\":[360,100]}",
        "{\"color_temp_kelvin\":500}",
        "{\"color_temp\":2000}",
        "{\"rgbww_color\":[0,0,0,0,0]}",
        "{\"white\":true}",
        "{\"effect\":\"x\"}",
        "{\"flash\":\"long\",\"transition\":2.5}",
        "{\"what\":1}",
        "{\"brightness_step\":-20}",
        "{\"rgb_color\":[0,0,0],\"brightness\":1}",
        "{\"transition\":null}",
        "[]",
        "{\"effect\":[]}",
    ];

    [Fact]
    public void The_home_decides_without_failing_and_what_it_decides_can_be_read_back()
    {
        var option = Gen.Select(One(Names), One(Values), (n, v) => $"\"{n}\":{v}");
        var config = Gen.Select(
            One(["light", "switch", "sensor", "binary_sensor"]),
            option.Array[0, 12],
            (component, options) => (component, Json: Json(options))
        );
        Gen.Select(config.Array[1, 4], One(Payloads).Array[0, 5], One(Data))
            .Sample(
                (configs, payloads, data) =>
                {
                    var home = new AHome();
                    for (var index = 0; index < configs.Length; index++)
                    {
                        var (component, json) = configs[index];
                        home.Receive($"homeassistant/{component}/n/{index}/config", json);
                        home.Receive("homeassistant/device/d/config", Whole(component, json));
                        Use(home, payloads, data);
                    }

                    return home.Restored().Last == home.Home.Last;
                },
                iter: 3_000
            );
    }

    private static void Use(AHome home, string[] payloads, string data)
    {
        foreach (var payload in payloads)
        {
            home.Receive("t", payload);
            home.Receive("t/lwt", payload);
        }

        foreach (var entity in home.Devices.SelectMany(device => device.Entities))
        {
            home.Call(entity.Domain + ".turn_on", entity.Value, data);
            home.Call(entity.Domain + ".turn_off", entity.Value, data);
            home.Deliver();
        }
    }

    private static string Json(string[] options) =>
        "{\"stat_t\":\"t\",\"cmd_t\":\"c\",\"cmd_on_tpl\":\"1\",\"cmd_off_tpl\":\"0\",\"uniq_id\":\"u\""
        + string.Concat(options.Select(option => "," + option))
        + "}";

    private static string Whole(string component, string json) =>
        "{\"dev\":{\"ids\":\"whole\"},\"~\":\"t\",\"cmps\":{\"k\":{\"p\":\""
        + component
        + "\","
        + json[1..]
        + "}}";

    private static Gen<string> One(string[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);
}
