using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Automations;

public sealed class Triggering
{
    private static readonly string[] Told =
    [
        "platform",
        "entity_id",
        "topic",
        "payload",
        "payload_json",
        "json",
        "event",
        "above",
    ];

    private static AHome Home(string trigger)
    {
        var data = string.Join(
            ",",
            Told.Select(name => $"\"{name}\":\"{{{{ trigger.{name} }}}}\"")
        );
        return ARun.Home()
            .With(
                "it",
                $"\"triggers\":[{trigger}],"
                    + $"\"actions\":[{{\"event\":\"done\",\"event_data\":{{{data}}}}}]"
            );
    }

    private static JsonElement Trigger(AHome home) =>
        JsonElement.Parse(home.Said().Single()["done ".Length..]);

    [Fact]
    public void A_message_on_a_topic()
    {
        var home = Home("""{"trigger":"mqtt","topic":"button/+","payload":"press"}""");
        home.Receive("button/1", "release");
        Assert.Empty(home.Said());
        home.Receive("button/1", "press");
        Assert.Equal("button/1", Trigger(home).GetProperty("topic").GetString());
        Assert.Equal("press", Trigger(home).GetProperty("payload").GetString());
    }

    [Fact]
    public void A_message_whose_payload_a_template_reads()
    {
        var home = Home(
            """
            {"trigger":"mqtt","topic":"button","payload":"on",
            "value_template":"{{ value_json.s | lower }}"}
            """
        );
        home.Receive("button", """{"s":"OFF"}""");
        home.Receive("button", "no json");
        Assert.Empty(home.Said());
        home.Receive("button", """{"s":"ON"}""");
        Assert.Equal("ON", Trigger(home).GetProperty("payload_json").GetProperty("s").GetString());
    }

    [Fact]
    public void A_webhook()
    {
        var home = Home("""{"trigger":"webhook","webhook_id":"secret","local_only":true}""");
        home.Ask(new CallWebhook("secret", "POST", false, null, "{}", "{}"));
        home.Ask(new CallWebhook("secret", "GET", true, null, "{}", "{}"));
        home.Ask(new CallWebhook("other", "POST", true, null, "{}", "{}"));
        Assert.Empty(home.Said());
        home.Ask(new CallWebhook("secret", "POST", true, "{\"a\":1}", "{}", "{}"));
        Assert.Equal(1, Trigger(home).GetProperty("json").GetProperty("a").GetInt32());
    }

    [Fact]
    public void A_button_of_a_device_and_a_tag()
    {
        var home = ARun.Home();
        home.Receive(
            "homeassistant/device_automation/remote/on/config",
            """
            {"automation_type":"trigger","type":"button_short_press","subtype":"button_1",
            "topic":"remote/action","payload":"on","device":{"identifiers":["remote"],"name":"Remote"} }
            """
        );
        home.Receive(
            "homeassistant/tag/reader/config",
            """
            {"topic":"reader/tag","value_template":"{{ value_json.uid }}",
            "device":{"identifiers":["reader"],"name":"Reader"} }
            """
        );
        home.With(
            "it",
            """
            "triggers":[
             {"trigger":"device","domain":"mqtt","device_id":"remote","type":"button_short_press","subtype":"button_1"},
             {"trigger":"tag","tag_id":"blue"}],
            "actions":[{"event":"done","event_data":{"by":"{{ trigger.platform }}"} }]
            """
        );
        home.Receive("remote/action", "off");
        home.Receive("reader/tag", """{"uid":"red"}""");
        Assert.Empty(home.Said());
        home.Restarted();
        home.Receive("remote/action", "on");
        home.Receive("reader/tag", """{"uid":"blue"}""");
        Assert.Equal(["done {\"by\":\"device\"}", "done {\"by\":\"tag\"}"], home.Said());
    }

    [Fact]
    public void Another_automation_that_is_switched_off()
    {
        var home = Home(
            """
            {"triggers":[{"trigger":"state","entity_id":"automation.other","to":"off"},
             {"trigger":"state","entity_id":"automation.other","to":"on","for":10}]}
            """
        );
        home.With("other", "\"triggers\":[],\"actions\":[{\"event\":\"x\"}]");
        home.Ask(new EnableAutomation("other", false));
        Assert.Single(home.Said());
        home.Ask(new EnableAutomation("other", true));
        home.Restarted();
        home.Pass(10);
        Assert.Equal(2, home.Said().Count());
    }

    [Fact]
    public void The_hub_starts()
    {
        var home = Home("""{"trigger":"homeassistant","event":"start"}""");
        home.Crash(secondsDown: 1);
        Assert.Equal("start", Trigger(home).GetProperty("event").GetString());
    }

    [Fact]
    public void A_template_that_comes_true_fires_once_until_it_was_false()
    {
        var home = Home(
            """
            {"trigger":"template",
            "value_template":"{{ states.sensor.desk_power.state | float > 50 }}"}
            """
        );
        home.Power("60");
        home.Power("70");
        Assert.Single(home.Said());
        Assert.Equal("sensor.desk_power", Trigger(home).GetProperty("entity_id").GetString());
        home.Power("10");
        home.Restarted();
        home.Power("60");
        Assert.Equal(2, home.Said().Count());
        home.Restarted();
        home.Power("61");
        Assert.Equal(2, home.Said().Count());
    }

    [Fact]
    public void A_template_with_for()
    {
        var home = Home(
            """
            {"trigger":"template","value_template":"{{ states.sensor.desk_power.state | float > 50 }}",
            "for":{"seconds":"{{ 5 + 5 }}"} }
            """
        );
        home.Power("60");
        home.Pass(9);
        home.Power("10");
        home.Power("60");
        home.Restarted();
        home.Pass(9);
        Assert.Empty(home.Said());
        home.Pass(1);
        Assert.Single(home.Said());
    }

    [Fact]
    public void A_template_that_reads_the_clock_is_looked_at_every_minute()
    {
        var home = Home("""{"trigger":"template","value_template":"{{ now().minute >= 30 }}"}""");
        var before = home.Log.Count;
        home.Pass(TimeSpan.FromMinutes(29));
        Assert.Equal(before, home.Log.Count);
        home.Restarted();
        home.Pass(TimeSpan.FromMinutes(1));
        Assert.Single(home.Said());
        home.Pass(TimeSpan.FromMinutes(60));
        Assert.Equal(2, home.Said().Count());
    }

    [Fact]
    public void A_threshold_that_another_entity_sets()
    {
        var home = ARun.Home();
        home.Receive(
            "homeassistant/sensor/limit/config",
            """
            {"name":"Limit","unique_id":"limit","state_topic":"limit",
            "device":{"identifiers":["limit"],"name":"Own"} }
            """
        );
        home.Receive("limit", "40");
        home.With(
            "it",
            """
            "triggers":[{"trigger":"numeric_state","entity_id":"sensor.desk_power","above":"sensor.own_limit"}],
            "actions":[{"event":"done"}]
            """
        );
        home.Power("41");
        Assert.Single(home.Said());
        home.Power("39");
        home.Receive("limit", "60");
        home.Power("59");
        Assert.Single(home.Said());
    }

    [Fact]
    public void A_value_template_makes_the_number()
    {
        var home = Home(
            """
            {"trigger":"numeric_state","entity_id":"sensor.desk_power","above":1,
            "value_template":"{{ state.state | float / 1000 }}"}
            """
        );
        home.Power("999");
        Assert.Empty(home.Said());
        home.Power("1001");
        Assert.Equal(1, Trigger(home).GetProperty("above").GetDouble());
    }

    [Fact]
    public void The_states_before_and_after_are_told()
    {
        var home = Home("""{"trigger":"state","entity_id":"light.lamp","to":"on"}""");
        home.Receive("lamp/state", "ON");
        var trigger = Trigger(home);
        Assert.Equal("light.lamp", trigger.GetProperty("entity_id").GetString());
        Assert.Equal("state", trigger.GetProperty("platform").GetString());
    }

    [Fact]
    public void Two_triggers_with_ids_and_one_that_is_switched_off()
    {
        var home = ARun.Home()
            .With(
                "it",
                """
                "triggers":[{"trigger":"event","event_type":"a","id":"one"},
                 {"triggers":[{"trigger":"event","event_type":"b","id":"two","variables":{"v":"{{ 1 + 2 }}"} }]},
                 {"trigger":"event","event_type":"c","enabled":false}],
                "actions":[{"event":"done","event_data":{"id":"{{ trigger.id }}","idx":"{{ trigger.idx }}","v":"{{ v | default('-') }}"} }]
                """
            );
        home.Publish("a");
        home.Publish("b");
        home.Publish("c");
        Assert.Equal(
            [
                "done {\"id\":\"one\",\"idx\":0,\"v\":\"-\"}",
                "done {\"id\":\"two\",\"idx\":1,\"v\":3}",
            ],
            home.Said()
        );
    }

    [Fact]
    public void Whatever_has_happened_a_restored_home_is_the_same()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"parallel":[{"delay":100},{"wait_for_trigger":{"trigger":"time","at":"20:00"} },
                  {"wait_template":"{{ states.light.lamp.state == 'on' }}","timeout":500}]}]
                """,
                "\"mode\":\"queued\","
            )
            .With(
                "template",
                """
                "triggers":[{"trigger":"template","value_template":"{{ states.light.lamp.state == 'on' }}","for":5},
                 {"trigger":"time_pattern","seconds":"/7"}],
                "actions":[{"delay":3},{"event":"x"}]
                """
            );
        home.Go();
        home.Go();
        foreach (var seconds in (double[])[1, 3, 9, 100, 500, 4000])
        {
            home.Receive("lamp/state", seconds % 2 == 1 ? "ON" : "OFF");
            home.Pass(seconds);
            var live = home.Home.Capture().ToBytes();
            Assert.Equal(live, home.Restored().Capture().ToBytes());
            var snapshot = HomeSnapshot.FromBytes(live);
            var restored = Hearth.Core.Home.Restore(home.Home.Id, snapshot, []);
            Assert.Equal(live, restored.Capture().ToBytes());
            Assert.Equal(home.Home.NextWakeup, restored.NextWakeup);
        }
    }
}
