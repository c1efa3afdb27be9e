using System.Text.Json;
using Hearth.Hub.Demo;

namespace Hearth.Hub.Tests.Demo;

public sealed class Narration
{
    [Fact]
    public void A_reading_is_told_when_it_says_something_new()
    {
        var narrator = new Narrator();
        Assert.Equal("tracker measures 0 W", narrator.Tell(Power("unknown", "0.0")));
        Assert.Null(narrator.Tell(Power("0.0", "0.4")));
        Assert.Equal("tracker measures 60.1 W", narrator.Tell(Power("0.4", "60.1")));
        Assert.Null(narrator.Tell(Power("60.1", "59.8")));
        Assert.Null(narrator.Tell(Power("59.8", "unavailable")));
        Assert.Equal("tracker measures 59.8 W", narrator.Tell(Power("unavailable", "59.8")));
    }

    [Fact]
    public void A_lamp_that_cannot_be_reached_is_told_as_unavailable()
    {
        var item = Event(
            "hearth.state.changed",
            "light.desk_lamp",
            """
            {"entity_id":"light.desk_lamp","from":{"state":"on"},
            "to":{"state":"on","available":false}}
            """
        );
        Assert.Equal("lamp unavailable", new Narrator().Tell(item));
    }

    [Fact]
    public void What_nobody_asked_for_is_left_out() =>
        Assert.Null(
            new Narrator().Tell(
                Event("hearth.state.changed", "sensor.x", Change("sensor.x", "1", "2"))
            )
        );

    [Fact]
    public void A_round_takes_its_steps_only_in_their_order()
    {
        var round = new Round();
        round.Take(Power("0", "60"));
        Assert.Equal("the lamp is on", round.Missing);
        round.Take(Lamp("off", "on"));
        round.Take(Power("60", "0"));
        Assert.Equal("the tracker measures more than 50 W", round.Missing);
        round.Take(Power("0", "60"));
        round.Take(Event("hearth.automation.triggered", "a", "{}"));
        round.Take(Event("hearth.command.requested", "l", "{}"));
        round.Take(Lamp("on", "off"));
        round.Take(Event("hearth.command.acknowledged", "l", "{}"));
        Assert.False(round.IsOver);
        round.Take(Power("60", "0"));
        Assert.True(round.IsOver);
    }

    private static JsonElement Power(string from, string to) =>
        Event(
            "hearth.state.changed",
            "sensor.energy_tracker_power",
            Change("sensor.energy_tracker_power", from, to)
        );

    private static JsonElement Lamp(string from, string to) =>
        Event("hearth.state.changed", "light.desk_lamp", Change("light.desk_lamp", from, to));

    private static string Change(string entity, string from, string to) =>
        $$$"""
            {
              "entity_id": "{{{entity}}}",
              "from": {"state": "{{{from}}}"},
              "to": {"state": "{{{to}}}"}
            }
            """;

    private static JsonElement Event(string type, string subject, string data) =>
        JsonElement.Parse($$"""{"type":"{{type}}","subject":"{{subject}}","data":{{data}}}""");
}
