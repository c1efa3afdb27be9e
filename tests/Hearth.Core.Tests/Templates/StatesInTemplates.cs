using Hearth.Core.Devices;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

public sealed class StatesInTemplates
{
    private static readonly TemplateContext Context = new() { Home = SmallHome.Picture };

    [Theory]
    [InlineData("{{ states('sensor.outside') }}", "7.5")]
    [InlineData("{{ states('sensor.nowhere') }}", "unknown")]
    [InlineData("{{ states('sensor.outside', with_unit=true) }}", "7.5 °C")]
    [InlineData("{{ states.sensor.outside.state | float + 1 }}", "8.5")]
    [InlineData("{{ states['sensor.outside'].attributes.unit_of_measurement }}", "°C")]
    [InlineData("{{ states.sensor.nowhere.state }}|{{ states.sensor.nowhere }}", "|None")]
    [InlineData(
        "{{ states.light | map(attribute='entity_id') | join(' ') }}",
        "light.desk light.hall"
    )]
    [InlineData("{{ states | length }} {{ states.light | count }}", "4 2")]
    [InlineData("{{ states.light.desk.name }}, {{ states.light.hall.name }}", "Desk lamp, hall")]
    [InlineData("{{ states.light.hall.last_changed }}", "2026-01-02 03:04:05+00:00")]
    [InlineData("{{ states.light.hall.domain }} {{ states.light.hall.object_id }}", "light hall")]
    [InlineData(
        "{% for s in states.light if s.state == 'on' %}{{ s.name }}{% endfor %}",
        "Desk lamp"
    )]
    public void States_are_read_as_in_Home_Assistant(string source, string expected)
    {
        Assert.Equal(expected, Template.Parse(source).Render(Context));
    }
}

/// <summary>Two lamps, a thermometer and a door that nobody reaches.</summary>
internal static class SmallHome
{
    private static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static HomePicture Picture { get; } =
        new([
            State("sensor.outside", "7.5", """{"unit_of_measurement":"°C"}"""),
            State("light.hall", "off", "{}"),
            State("light.desk", "on", """{"friendly_name":"Desk lamp","brightness":128}"""),
            State("binary_sensor.door", "unavailable", "{}"),
        ]);

    public static StateView State(string id, string state, string attributes) =>
        new()
        {
            EntityId = id,
            State = state,
            Attributes = Attributes.FromJson(System.Text.Json.JsonElement.Parse(attributes)),
            LastChanged = Then,
            LastUpdated = Then,
            LastReported = Then,
        };
}
