using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Tests.Automations;
using Hearth.Core.Why;

namespace Hearth.Core.Tests.Why;

public sealed class ReasonsOfStates
{
    [Fact]
    public void A_person_who_asked_is_named_and_until_people_sign_in_is_somebody()
    {
        var home = ARun.Home();
        home.Call("switch.turn_on", "switch.desk");
        home.Deliver();
        home.Receive("desk/state", "ON");
        Assert.Equal(
            "Desk turned on because somebody asked for it over the API.",
            home.WhyState("switch.desk").Said()
        );

        home.Ask(
            new CallAction("switch.turn_off", [new EntityId("switch.desk")], [], "{}")
            {
                Principal = new Principal("user:ana"),
            }
        );
        home.Deliver();
        home.Receive("desk/state", "OFF");
        var why = home.WhyState("switch.desk");
        Assert.Equal("Desk turned off because ana asked for it over the API.", why.Said());
        Assert.Contains(new Part(PartKind.Principal, "ana", "user:ana"), why.Sentence.Parts);
        Assert.Contains(new Part(PartKind.Entity, "Desk", "switch.desk"), why.Sentence.Parts);
    }

    [Fact]
    public void A_device_that_reports_by_itself_says_that_no_command_preceded_it()
    {
        var home = ARun.Home();
        home.Receive("desk/state", "ON");
        Assert.Equal(
            "Desk turned on: reported by the device itself, on \"desk/state\", no command from"
                + " Hearth preceded it.",
            home.WhyState("switch.desk").Said()
        );
        home.Power("12");
        Assert.Equal(
            "Desk Power rose from 10 W to 12 W: reported by the device itself, on \"desk/power\".",
            home.WhyState("sensor.desk_power").Said()
        );
    }

    [Fact]
    public void A_command_that_is_just_over_is_not_forgotten()
    {
        var home = ARun.Home();
        home.Call("switch.turn_on", "switch.desk");
        home.Deliver();
        home.Receive("desk/state", "ON");
        home.Pass(2);
        home.Receive("desk/state", "OFF");
        Assert.EndsWith(
            "; its last command, to turn on, was over 2 s before.",
            home.WhyState("switch.desk").Said()
        );
        home.Pass(61);
        home.Receive("desk/state", "ON");
        Assert.EndsWith(
            ", no command from Hearth preceded it.",
            home.WhyState("switch.desk").Said()
        );
    }

    [Fact]
    public void A_device_that_answers_before_its_command_is_known_to_be_sent_was_asked_too()
    {
        var home = ARun.Home();
        home.OnGo(
            "[{\"action\":\"switch.turn_on\",\"target\":{\"entity_id\":\"switch.desk\"}}]",
            "\"alias\":\"It\","
        );
        home.Go();
        home.Receive("desk/state", "ON");
        Assert.Equal(
            "Desk turned on: reported by the device itself, on \"desk/state\", while its command to"
                + " turn on was under way and not known to be sent yet; the command was given"
                + " because automation It fired: event \"go\" was published by /tests"
                + " (programs cannot say what led to theirs).",
            home.WhyState("switch.desk").Said()
        );
    }

    [Fact]
    public void A_report_against_the_command_is_the_devices_own()
    {
        var home = ARun.Home();
        home.Receive("desk/state", "ON");
        home.Call("switch.turn_on", "switch.desk");
        home.Receive("desk/state", "OFF");
        Assert.EndsWith(
            ", though its command to turn on was under way.",
            home.WhyState("switch.desk").Said()
        );
    }

    [Fact]
    public void A_command_without_an_answer_is_told_with_its_reason()
    {
        var home = ARun.Home();
        home.Call("switch.turn_on", "switch.desk", "{\"transition\":3}");
        home.Deliver();
        home.Pass(30);
        Assert.Equal(
            "Desk did not answer its command to turn on with transition 3 within 30 s; the command"
                + " was given because somebody asked for it over the API.",
            home.Why<CommandExpired>().Said()
        );
        home.Call("switch.turn_on", "switch.desk");
        home.Deliver(sessions: 0);
        Assert.StartsWith(
            "The command of Desk to turn on came to nothing: nothing at home listens for it;",
            home.Why<CommandFailed>().Said()
        );
    }

    [Fact]
    public void A_device_that_does_not_report_is_as_it_was_told()
    {
        var home = new AHome();
        home.Receive(
            "homeassistant/switch/fan/config",
            """
            {"name":null,"unique_id":"fan","command_topic":"fan/set",
            "device":{"identifiers":["fan"],"name":"Fan"} }
            """
        );
        home.Call("switch.turn_on", "switch.fan");
        home.Deliver();
        Assert.Equal(
            "Fan turned on; it does not report back, so this is what it was told; the command was given because somebody asked for it over the API.",
            home.WhyState("switch.fan").Said()
        );
    }

    [Fact]
    public void Availability_is_what_its_topic_said()
    {
        var home = AHome.WithAPlug(AHome.WithLwt);
        home.Receive("desk/lwt", "online");
        home.Receive("desk/state", "ON");
        home.Receive("desk/lwt", "offline");
        Assert.Equal(
            "Desk became unavailable: \"offline\" on its availability topic \"desk/lwt\" said so,"
                + " sent by the device or left as its last will.",
            home.WhyState("switch.desk").Said()
        );
        Assert.StartsWith(
            "Desk can no longer be reached because",
            home.Why<DeviceDisconnected>().Said()
        );
    }

    [Fact]
    public void What_time_alone_did_says_after_how_long()
    {
        var home = WithSensors();
        home.Receive("hall/motion", "OFF");
        home.Receive("hall/motion", "ON");
        Assert.StartsWith(
            "Hall Motion saw motion: reported by the device itself",
            home.WhyState("binary_sensor.hall_motion").Said()
        );
        home.Pass(30);
        Assert.Equal(
            "Hall Motion saw no motion: it goes off by itself 30 s after it went on.",
            home.WhyState("binary_sensor.hall_motion").Said()
        );

        home.Receive("attic/warmth", "20");
        home.Pass(60);
        Assert.Equal(
            "Attic Warmth became unavailable: nothing was heard of it for 1 min.",
            home.WhyState("sensor.attic_warmth").Said()
        );
        home.Receive("attic/warmth", "21");
        Assert.Equal(
            "Attic Warmth is available again and says 21 °C: it reported again, on"
                + " \"attic/warmth\".",
            home.WhyState("sensor.attic_warmth").Said()
        );
        home.Crash(secondsDown: 600);
        home.Pass(1);
        Assert.EndsWith(
            "The hub was down from 19:01:30 to 19:11:30; it was seen at 19:11:30.",
            home.WhyState("sensor.attic_warmth").Said()
        );
    }

    [Fact]
    public void A_first_state_is_no_change()
    {
        var home = WithSensors();
        home.Receive("attic/warmth", "20");
        Assert.Equal(
            "Attic Warmth reported its first state, 20 °C, by itself, on \"attic/warmth\".",
            home.WhyState("sensor.attic_warmth").Said()
        );
    }

    [Fact]
    public void Every_event_of_a_busy_home_has_a_sentence_and_leads_back_to_its_root()
    {
        var home = WithSensors().WithTheRule();
        home.Receive("homeassistant/switch/bad/config", "{");
        home.Power("20");
        home.Power("60");
        home.Pass(20);
        home.Deliver();
        home.Ask(new EnableAutomation("lights-out", false));
        home.Ask(new RemoveAutomation("lights-out"));
        home.Ask(new EnableDevice(new DeviceId("desk"), false));
        home.Ask(new EnableDevice(new DeviceId("desk"), true));
        home.Ask(new RemoveDevice(new DeviceId("hall")));
        home.Ask(new ChangeClock(TimeSpan.FromHours(1)));
        home.Crash(secondsDown: 60);
        home.Ask(new StopHub());
        Assert.All(
            home.Events,
            item =>
            {
                var why = home.WhyOf(item);
                Assert.True(why.IsComplete, why.Said());
                Assert.False(why.Sentence.IsPlain, why.Said());
                Assert.True(item.Cause is null || why.Causes[0].Event.Ref == item.Root);
            }
        );
    }

    [Fact]
    public void What_has_no_words_of_its_own_is_called_by_its_type()
    {
        // No home makes one; a version to come may.
        var home = new AHome();
        home.Ask(new StartHub("1"));
        var item = home.Events.Last() with { Data = new Unheard() };
        var why = home.WhyOf(item);
        Assert.True(why.Sentence.IsPlain);
        Assert.Equal(
            "\"hearth.door.unheard\" about \"door.front\"; somebody did it, over the API.",
            why.Said()
        );
    }

    [Fact]
    public void Lengths_of_time_are_told_in_two_units()
    {
        Assert.Equal("84 ms", Telling.Text(TimeSpan.FromMilliseconds(84.2)));
        Assert.Equal("1.5 s", Telling.Text(TimeSpan.FromSeconds(1.5)));
        Assert.Equal("10 min", Telling.Text(TimeSpan.FromMinutes(10)));
        Assert.Equal("1 h 30 min", Telling.Text(new TimeSpan(0, 1, 30, 9)));
        Assert.Equal("1 day 2 h", Telling.Text(new TimeSpan(1, 2, 3, 4)));
        Assert.Equal("2 days", Telling.Text(new TimeSpan(2, 0, 3, 4)));
    }

    private sealed record Unheard : EventData
    {
        public override string Type => "hearth.door.unheard";

        public override string Subject => "door.front";

        public override RetentionClass Retention => RetentionClass.State;

        internal override void Write(JsonWriter json) => json.BeginObject().EndObject();
    }

    private static AHome WithSensors()
    {
        var home = ARun.Home();
        home.Receive(
            "homeassistant/binary_sensor/hall/config",
            """
            {"name":"Motion","unique_id":"hall","state_topic":"hall/motion",
            "device_class":"motion","off_delay":30,
            "device":{"identifiers":["hall"],"name":"Hall"} }
            """
        );
        home.Receive(
            "homeassistant/sensor/attic/config",
            """
            {"name":"Warmth","unique_id":"attic","state_topic":"attic/warmth","expire_after":60,
            "unit_of_measurement":"°C","device":{"identifiers":["attic"],"name":"Attic"} }
            """
        );
        return home;
    }
}
