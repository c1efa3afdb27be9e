using Hearth.Core.Automations;
using Hearth.Core.Time;

namespace Hearth.Core.Tests.Automations;

/// <summary>
/// What docs/automations/cookbook.md promises, run against simulated time in a home in Berlin; the
/// tests begin on a Monday in March at 19:00 local time.
/// </summary>
public sealed class Cookbook
{
    private static readonly string[] Off = ["light.desk light.turn_off"];

    [Fact]
    public void Lights_out()
    {
        var home = Home("Lights out");
        home.Power("60");
        home.Receive("desk_lamp/state", "ON");
        home.Pass(TimeSpan.FromMinutes(119));
        Assert.Empty(home.Told());
        home.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(Off, home.Told());

        home = Home("Lights out");
        home.Receive("desk_lamp/state", "ON");
        home.Pass(TimeSpan.FromHours(3));
        Assert.Empty(home.Told());
        home.Power("51");
        Assert.Equal(Off, home.Told());

        home = Home("Lights out");
        home.Power("60");
        home.Receive("desk_lamp/state", "ON");
        home.Pass(TimeSpan.FromMinutes(100));
        home.Receive("desk_lamp/state", "OFF");
        home.Receive("desk_lamp/state", "ON");
        home.Pass(TimeSpan.FromMinutes(100));
        Assert.Empty(home.Told());
    }

    [Fact]
    public void Lights_out_with_hysteresis()
    {
        var home = Home("Lights out, with hysteresis");
        for (var minute = 0; minute < 10; minute++)
        {
            Assert.Empty(home.Told());
            home.Power(minute % 2 == 0 ? "53" : "46");
            home.Pass(60);
        }

        Assert.Equal(Off, home.Told());

        home = Home("Lights out, with hysteresis");
        home.Power("53");
        home.Pass(300);
        home.Power("44");
        home.Power("53");
        home.Pass(599);
        Assert.Empty(home.Told());
    }

    [Fact]
    public void Lights_out_with_a_warning()
    {
        var home = Home("Lights out, with a warning");
        home.Power("60");
        home.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(
            ["The desk draws 60 W. I switch it off in five minutes."],
            Notifications(home)
        );
        home.Pass(TimeSpan.FromMinutes(4));
        home.Power("40");
        home.Pass(TimeSpan.FromHours(1));
        Assert.Empty(home.Told());
        Assert.Equal(["aborted"], home.Ends());

        home.Power("60");
        home.Pass(TimeSpan.FromMinutes(14));
        Assert.Equal(2, Notifications(home).Count());
        Assert.Empty(home.Told());
        home.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(Off, home.Told());
    }

    [Fact]
    public void Lights_out_only_at_night()
    {
        var home = Home("Lights out, only at night");
        home.Power("60");
        home.Pass(TimeSpan.FromHours(4) - TimeSpan.FromSeconds(1));
        Assert.Empty(home.Told());
        home.Pass(1);
        Assert.Equal(Off, home.Told());

        // 02:00, and again at 10:00.
        home.Power("10");
        home.Pass(TimeSpan.FromHours(3));
        home.Power("60");
        home.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(2, home.Told().Count());
        home.Power("10");
        home.Pass(TimeSpan.FromHours(8));
        home.Power("60");
        home.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(2, home.Told().Count());
    }

    [Fact]
    public void Lights_out_unless_somebody_is_in()
    {
        var home = Home("Lights out, unless somebody is in");
        home.Receive("presence/state", "ON");
        home.Power("60");
        home.Pass(TimeSpan.FromHours(2));
        Assert.Empty(home.Told());
        home.Receive("presence/state", "OFF");
        home.Pass(TimeSpan.FromMinutes(14));
        Assert.Empty(home.Told());
        home.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(Off, home.Told());
    }

    [Fact]
    public void Light_on_motion()
    {
        var home = Home("Light on motion");
        home.Receive("motion/state", "ON");
        Assert.Equal(["light.hall light.turn_on"], home.Told());
        home.Pass(TimeSpan.FromMinutes(30));
        home.Receive("motion/state", "OFF");
        home.Pass(TimeSpan.FromMinutes(1));
        home.Receive("motion/state", "ON");
        home.Receive("motion/state", "OFF");
        home.Pass(119);
        Assert.DoesNotContain("light.hall light.turn_off", home.Told());
        home.Pass(1);
        Assert.Equal("light.hall light.turn_off", home.Told().Last());
        Assert.Equal(["cancelled", "finished"], home.Ends());
    }

    [Fact]
    public void The_washing_is_done()
    {
        var home = Home("The washing is done");
        home.Receive("washer/power", "0");
        home.Pass(TimeSpan.FromHours(1));
        Assert.Empty(Notifications(home));
        home.Receive("washer/power", "2000");
        home.Pass(TimeSpan.FromHours(1));
        home.Receive("washer/power", "2");
        home.Pass(60);
        home.Receive("washer/power", "300");
        home.Pass(60);
        home.Receive("washer/power", "2");
        home.Pass(179);
        Assert.Empty(Notifications(home));
        home.Pass(1);
        home.Pass(TimeSpan.FromHours(5));
        Assert.Equal(["The washing is done."], Notifications(home));
    }

    [Fact]
    public void Window_open_heating_off()
    {
        var home = Home("Window open, heating off");
        home.Receive("heating/state", "ON");
        home.Receive("window/state", "ON");
        home.Pass(119);
        Assert.Empty(home.Told());
        home.Pass(1);
        Assert.Equal(["switch.heating switch.turn_off"], home.Told());
        home.Receive("heating/state", "OFF");
        home.Restarted();
        home.Receive("window/state", "OFF");
        home.Pass(59);
        Assert.Single(home.Told());
        home.Pass(1);
        Assert.Equal("switch.heating switch.turn_on", home.Told().Last());

        home = Home("Window open, heating off");
        home.Receive("heating/state", "OFF");
        home.Receive("window/state", "ON");
        home.Pass(TimeSpan.FromHours(1));
        home.Receive("window/state", "OFF");
        home.Pass(TimeSpan.FromHours(1));
        Assert.Empty(home.Told());
    }

    [Fact]
    public void Garden_light_from_dusk_to_dawn()
    {
        var home = Home("Garden light from dusk to dawn");
        home.Pass(TimeSpan.FromHours(11));
        Assert.Empty(home.Told());
        home.Pass(TimeSpan.FromHours(1));
        Assert.Equal(["light.garden light.turn_off"], home.Told());
        home.Pass(TimeSpan.FromHours(12));
        Assert.Equal("light.garden light.turn_on", home.Told().Last());
        Assert.Equal(2, home.Told().Count());
    }

    [Fact]
    public void A_button_that_toggles()
    {
        var home = Home("A button that toggles");
        home.Receive("zigbee2mqtt/button", """{"action":"double"}""");
        Assert.Empty(home.Told());
        home.Receive("zigbee2mqtt/button", """{"action":"single"}""");
        home.Receive("living/state", "ON");
        home.Receive("zigbee2mqtt/button", """{"action":"single"}""");
        Assert.Equal(
            ["living/set ON", "living/set OFF"],
            home.Of<Core.Events.MessagePublished>()
                .Select(message => $"{message.Topic} {message.Payload.Text}")
        );
    }

    [Fact]
    public void The_door_is_still_open()
    {
        var home = Home("The door is still open");
        home.Receive("door/state", "ON");
        home.Pass(TimeSpan.FromMinutes(4));
        Assert.Empty(Notifications(home));
        home.Pass(TimeSpan.FromMinutes(11));
        Assert.Equal(
            ["The front door is still open (1 of 6).", "The front door is still open (2 of 6)."],
            Notifications(home)
        );
        home.Receive("door/state", "OFF");
        home.Pass(TimeSpan.FromHours(2));
        Assert.Equal(2, Notifications(home).Count());

        home.Receive("door/state", "ON");
        home.Pass(TimeSpan.FromHours(3));
        Assert.Equal(8, Notifications(home).Count());
    }

    [Fact]
    public void As_if_somebody_was_at_home()
    {
        var home = Home("As if somebody was at home");
        home.Receive("somebody/state", "OFF");
        home.Pass(TimeSpan.FromHours(23));
        Assert.Empty(home.Told());
        home.Pass(TimeSpan.FromHours(5));
        Assert.Equal(
            [
                "light.living light.turn_on",
                "light.living light.turn_off",
                "light.hall light.turn_on",
                "light.hall light.turn_off",
                "light.desk light.turn_on",
                "light.desk light.turn_off",
            ],
            home.Told()
        );

        home = Home("As if somebody was at home");
        home.Receive("somebody/state", "ON");
        home.Pass(TimeSpan.FromHours(28));
        Assert.Empty(home.Told());
    }

    [Fact]
    public void Every_recipe_has_its_test_and_names_only_what_is_there()
    {
        var tests = typeof(Cookbook).GetMethods().Select(method => method.Name).ToArray();
        Assert.Equal(12, CookbookPage.Titles.Count());
        Assert.All(
            CookbookPage.Titles,
            title =>
            {
                Assert.Contains(title.Replace(",", "").Replace(' ', '_'), tests);
                Assert.Empty(Home(title).Of<AutomationHealthChanged>());
            }
        );
    }

    private static AHome Home(string title)
    {
        var home = AHome.WithAPlug();
        var zone = ZoneRules.Of(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), null);
        home.Ask(new StartHub("test", new LocationChanged(zone, 52.52, 13.405, 34)));
        Announce(home, "light", "desk_lamp", "desk", "Desk");
        Announce(home, "light", "hall", "hall", "Hall");
        Announce(home, "light", "living", "living", "Living");
        Announce(home, "light", "garden", "garden", "Garden");
        Announce(home, "switch", "heating", "heating", "Heating");
        Announce(home, "binary_sensor", "motion", "hall", "Hall", "Motion");
        Announce(home, "binary_sensor", "presence", "presence", "Study presence");
        Announce(home, "binary_sensor", "window", "window", "Window");
        Announce(home, "binary_sensor", "door", "door", "Front door");
        Announce(home, "binary_sensor", "somebody", "somebody", "Somebody home");
        home.Receive(
            "homeassistant/sensor/washer/config",
            """
            {"name":"Power","unique_id":"washer","state_topic":"washer/power",
            "unit_of_measurement":"W","device":{"identifiers":["washer"],"name":"Washer"} }
            """
        );
        home.Power("10");
        return home.Saved(CookbookPage.Recipe(title));
    }

    private static void Announce(
        AHome home,
        string component,
        string topic,
        string device,
        string deviceName,
        string? name = null
    )
    {
        var command = component == "binary_sensor" ? "" : $"\"command_topic\":\"{topic}/set\",";
        var named = name is null ? "null" : $"\"{name}\"";
        home.Receive(
            $"homeassistant/{component}/{topic}/config",
            $$"""
            {"name":{{named}},"unique_id":"{{topic}}",{{command}}"state_topic":"{{topic}}/state",
            "device":{"identifiers":["{{device}}"],"name":"{{deviceName}}"} }
            """
        );
        home.Receive($"{topic}/state", "OFF");
    }

    private static IEnumerable<string> Notifications(AHome home) =>
        home.Of<NotificationSent>().Select(sent => sent.Message);
}
