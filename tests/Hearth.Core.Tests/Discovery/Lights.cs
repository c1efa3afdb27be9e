namespace Hearth.Core.Tests.Discovery;

public sealed class Lights
{
    private const string Json = """
        {"schema":"json","cmd_t":"c","stat_t":"s","brightness":true,"bri_scl":100,"effect":true,
        "fx_list":["calm","party"],"sup_clrm":["rgb","color_temp"]}
        """;

    private const string Basic = """
        {"cmd_t":"c","stat_t":"s","bri_cmd_t":"b","bri_stat_t":"bs","bri_scl":100,"rgb_cmd_t":"r",
        "rgb_stat_t":"rs","clr_temp_cmd_t":"t","clr_temp_stat_t":"ts","fx_cmd_t":"e",
        "fx_list":["calm"]}
        """;

    [Theory]
    [InlineData("{\"state\":\"ON\"}", "on")]
    [InlineData("{\"state\":\"OFF\"}", "off")]
    [InlineData("{\"state\":null}", "unknown")]
    [InlineData("{\"state\":\"?\"}", "unknown")]
    [InlineData("ON", "unknown")]
    [InlineData("{\"state\":\"ON\",\"brightness\":50}", "on brightness=128")]
    [InlineData("{\"state\":\"ON\",\"brightness\":\"20\"}", "on brightness=51")]
    [InlineData("{\"state\":\"ON\",\"brightness\":0}", "on")]
    [InlineData("{\"state\":\"ON\",\"brightness\":0.1}", "on brightness=1")]
    [InlineData("{\"state\":\"ON\",\"brightness\":400}", "on brightness=255")]
    [InlineData(
        "{\"state\":\"ON\",\"color_mode\":\"rgb\",\"color\":{\"r\":1,\"g\":2,\"b\":3}}",
        "on color_mode=\"rgb\" rgb_color=[1,2,3]"
    )]
    [InlineData(
        "{\"state\":\"ON\",\"color_mode\":\"color_temp\",\"color_temp\":250,\"color\":{\"r\":1,\"g\":2,\"b\":3}}",
        "on color_mode=\"color_temp\" color_temp_kelvin=4000"
    )]
    [InlineData("{\"state\":\"ON\",\"color_mode\":\"rgb\",\"color\":{\"r\":1}}", "on")]
    [InlineData("{\"state\":\"ON\",\"color_mode\":\"xy\",\"color\":{\"x\":0.1,\"y\":0.2}}", "on")]
    [InlineData("{\"state\":\"ON\",\"effect\":\"party\"}", "on effect=\"party\"")]
    public void A_JSON_light_reads_its_messages(string payload, string shown) =>
        Assert.Equal(shown, ABehaviour.Of("light", Json).Hears("s", payload).Shown);

    [Fact]
    public void A_colour_takes_the_place_of_the_one_before()
    {
        var light = ABehaviour
            .Of("light", Json)
            .Hears(
                "s",
                """{"state":"ON","color_mode":"rgb","color":{"r":1,"g":2,"b":3} }""",
                """{"state":"ON","color_mode":"color_temp","color_temp":200}"""
            );
        Assert.Equal("on color_mode=\"color_temp\" color_temp_kelvin=5000", light.Shown);
    }

    [Fact]
    public void A_light_that_is_off_remembers_how_bright_it_was()
    {
        var light = ABehaviour
            .Of("light", Json)
            .Hears(
                "s",
                """{"state":"ON","brightness":40}""",
                """{"state":"OFF"}""",
                """{"state":"ON"}"""
            );
        Assert.Equal("on brightness=102", light.Shown);
    }

    [Fact]
    public void A_light_of_one_mode_is_in_that_mode()
    {
        var light = ABehaviour.Of(
            "light",
            """{"schema":"json","cmd_t":"c","stat_t":"s","brightness":true}"""
        );
        light.Hears("s", """{"state":"ON","brightness":9}""");
        Assert.Equal("on brightness=9 color_mode=\"brightness\"", light.Shown);
        Assert.Equal("[\"brightness\"]", light.Announced.Get("supported_color_modes"));
    }

    [Theory]
    [InlineData("{}", "c {\"state\":\"ON\"}")]
    [InlineData("{\"brightness\":128}", "c {\"state\":\"ON\",\"brightness\":50}")]
    [InlineData("{\"brightness\":1}", "c {\"state\":\"ON\",\"brightness\":1}")]
    [InlineData("{\"brightness\":0}", "c {\"state\":\"OFF\"}")]
    [InlineData("{\"brightness_pct\":50}", "c {\"state\":\"ON\",\"brightness\":50}")]
    [InlineData("{\"brightness_step\":-55}", "c {\"state\":\"ON\",\"brightness\":78}")]
    [InlineData(
        "{\"rgb_color\":[255,0,10]}",
        "c {\"state\":\"ON\",\"color\":{\"r\":255,\"g\":0,\"b\":10}}"
    )]
    [InlineData(
        "{\"hs_color\":[120,100]}",
        "c {\"state\":\"ON\",\"color\":{\"r\":0,\"g\":255,\"b\":0}}"
    )]
    [InlineData("{\"color_temp_kelvin\":4000}", "c {\"state\":\"ON\",\"color_temp\":250}")]
    [InlineData("{\"color_temp\":250}", "c {\"state\":\"ON\",\"color_temp\":250}")]
    [InlineData("{\"effect\":\"calm\"}", "c {\"state\":\"ON\",\"effect\":\"calm\"}")]
    [InlineData("{\"effect\":\"other\"}", "c {\"state\":\"ON\"}")]
    [InlineData("{\"transition\":2.5}", "c {\"state\":\"ON\",\"transition\":2.5}")]
    [InlineData("{\"flash\":\"long\"}", "c {\"state\":\"ON\",\"flash\":10}")]
    [InlineData("{\"rgb_color\":[1,2]}", "'rgb_color' cannot be [1,2].")]
    [InlineData("{\"brightness\":256}", "'brightness' cannot be 256.")]
    [InlineData("{\"bright\":1}", "A light does not know 'bright'.")]
    [InlineData("{\"hs_color\":[1,1],\"kelvin\":3000}", "A light takes one colour at a time.")]
    public void A_JSON_light_is_told_in_one_message(string data, string sent) =>
        Assert.Equal(sent, ABehaviour.Of("light", Json).Sends("turn_on", data));

    [Theory]
    [InlineData("s", "ON", "on")]
    [InlineData("s", "None", "unknown")]
    [InlineData("s", "other", "unknown")]
    [InlineData("bs", "50", "unknown brightness=128")]
    [InlineData("bs", "", "unknown")]
    [InlineData("rs", "1,2,3", "unknown color_mode=\"rgb\" rgb_color=[1,2,3]")]
    [InlineData("rs", "1,2", "unknown")]
    [InlineData("ts", "250", "unknown color_mode=\"color_temp\" color_temp_kelvin=4000")]
    public void A_light_with_topics_of_its_own_reads_each(
        string topic,
        string said,
        string shown
    ) => Assert.Equal(shown, ABehaviour.Of("light", Basic).Hears(topic, said).Shown);

    [Theory]
    [InlineData("last", "{}", "c ON")]
    [InlineData("last", "{\"brightness\":255}", "b 100 | c ON")]
    [InlineData("first", "{\"brightness\":255}", "c ON | b 100")]
    [InlineData("brightness", "{\"brightness\":51}", "b 20")]
    [InlineData("brightness", "{}", "b 100")]
    [InlineData("last", "{\"rgb_color\":[1,2,3]}", "r 1,2,3 | c ON")]
    [InlineData("last", "{\"color_temp_kelvin\":4000}", "t 250 | c ON")]
    [InlineData("last", "{\"effect\":\"calm\"}", "e calm | c ON")]
    [InlineData("last", "{\"brightness\":0}", "c OFF")]
    [InlineData("last", "{\"rgb_color\":[1,2,3],\"brightness\":255}", "r 1,2,3 | b 100 | c ON")]
    public void A_light_with_topics_of_its_own_is_told_each(string order, string data, string sent)
    {
        var config = Basic.Replace("{\"cmd_t\"", $"{{\"on_cmd_type\":\"{order}\",\"cmd_t\"");
        Assert.Equal(sent, ABehaviour.Of("light", config).Sends("turn_on", data));
    }

    [Fact]
    public void Without_a_topic_for_brightness_the_channels_are_scaled()
    {
        var light = ABehaviour.Of("light", """{"cmd_t":"c","rgb_cmd_t":"r","rgb_stat_t":"rs"}""");
        Assert.Equal(
            "r 100,50,0 | c ON",
            light.Sends("turn_on", """{"rgb_color":[200,100,0],"brightness":128}""")
        );
        light.Hears("rs", "200,100,0");
        Assert.Equal("200", light.State.Attributes.Get("brightness"));
        Assert.Equal("r 50,25,0 | c ON", light.Sends("turn_on", """{"brightness":64}"""));
    }

    [Fact]
    public void A_command_template_sees_the_channels_by_name()
    {
        var light = ABehaviour.Of(
            "light",
            """
            {"cmd_t":"c","bri_cmd_t":"b","bri_cmd_tpl":"{\"b\":{{ value }}}","rgb_cmd_t":"r",
            "rgb_cmd_tpl":"{{ '#%02x%02x%02x' | format(red, green, blue) }}"}
            """
        );
        Assert.Equal(
            "r #ff0a00 | b {\"b\":7} | c ON",
            light.Sends("turn_on", """{"rgb_color":[255,10,0],"brightness":7}""")
        );
    }

    [Fact]
    public void A_command_template_that_fails_is_a_refusal()
    {
        var light = ABehaviour.Of(
            "light",
            """{"cmd_t":"c","bri_cmd_t":"b","bri_cmd_tpl":"{{ 1 / 0 }}"}"""
        );
        Assert.Equal(
            "Its command template fails for this.",
            light.Sends("turn_on", """{"brightness":7}""")
        );
    }

    [Fact]
    public void A_template_light_speaks_through_its_templates()
    {
        var light = ABehaviour.Of(
            "light",
            """
            {"schema":"template","cmd_t":"c","stat_t":"s","stat_tpl":"{{ value.split(',')[0] }}",
            "bri_tpl":"{{ value.split(',')[1] }}","r_tpl":"{{ value.split(',')[2] }}",
            "g_tpl":"{{ value.split(',')[3] }}","b_tpl":"{{ value.split(',')[4] }}",
            "cmd_off_tpl":"off","cmd_on_tpl":
            "on,{{ brightness|d }},{{ red|d }}-{{ green|d }}-{{ blue|d }},{{ transition|d }}"}
            """
        );
        light.Hears("s", "on,128,0,255,0");
        Assert.Equal("on brightness=128 color_mode=\"hs\" hs_color=[120,100]", light.Shown);
        Assert.Equal(
            "c on,,0-255-0,3",
            light.Sends("turn_on", """{"hs_color":[120,100],"transition":3}""")
        );
        Assert.Equal("c off", light.Sends("turn_off"));
    }

    [Fact]
    public void What_is_desired_is_what_was_asked_as_the_device_will_say_it()
    {
        var light = ABehaviour.Of("light", Json.Replace("100", "10"));
        light.Hears("s", """{"state":"ON","brightness":2}""");
        Assert.Null(light.Desires("turn_on")!.Attributes.Get("brightness"));
        Assert.Null(light.Desires("turn_off")!.Attributes.Get("brightness"));
        var desired = light.Desires("turn_on", """{"brightness":140}""")!;
        light.Hears("s", """{"state":"ON","brightness":5}""");
        Assert.Equal(
            desired.Attributes.Get("brightness"),
            light.State.Attributes.Get("brightness")
        );
    }

    [Fact]
    public void A_colour_is_told_in_the_words_that_the_light_has()
    {
        var xy = ABehaviour.Of("light", """{"schema":"json","cmd_t":"c","sup_clrm":["xy"]}""");
        Assert.Equal(
            "c {\"state\":\"ON\",\"color\":{\"x\":0.701,\"y\":0.299}}",
            xy.Sends("turn_on", """{"rgb_color":[255,0,0]}""")
        );
        var hs = ABehaviour.Of("light", """{"schema":"json","cmd_t":"c","sup_clrm":["hs"]}""");
        Assert.Equal(
            "c {\"state\":\"ON\",\"color\":{\"h\":240,\"s\":100}}",
            hs.Sends("turn_on", """{"rgb_color":[0,0,255]}""")
        );
        var none = ABehaviour.Of("light", """{"schema":"json","cmd_t":"c"}""");
        Assert.Equal("c {\"state\":\"ON\"}", none.Sends("turn_on", """{"rgb_color":[0,0,255]}"""));
    }
}
