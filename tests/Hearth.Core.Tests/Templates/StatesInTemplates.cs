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

    [Theory]
    [InlineData("{{ states('sensor.x') }}", "sensor.x")]
    [InlineData("{{ states(entity_id='sensor.x', rounded=true) }}", "sensor.x")]
    [InlineData("{{ states(\"sensor.x\") | float(0) > 5 }}", "sensor.x")]
    [InlineData("{{ is_state('a.b', 'on') or is_state('a.a', ['on']) }}", "a.a a.b")]
    [InlineData("{{ state_attr('climate.x', 'temperature') }}", "climate.x")]
    [InlineData("{{ is_state_attr('climate.x', 'mode', 'eco') }}", "climate.x")]
    [InlineData("{{ 'a.b' | states }} {{ 'a.c' | state_attr('z') }}", "a.b a.c")]
    [InlineData("{{ 'light.x' is is_state('on') }}", "light.x")]
    [InlineData("{{ states.sensor.x.state }} {{ states.sensor.y }}", "sensor.x sensor.y")]
    [InlineData("{{ states['sensor.x'].state }}", "sensor.x")]
    [InlineData("{% if states('a.b') == 'on' %}{% set x = states('a.c') %}{% endif %}", "a.b a.c")]
    [InlineData("{% macro m() %}{{ states('a.b') }}{% endmacro %}{{ m() }}", "a.b")]
    [InlineData("{% for x in [states('a.b')] if states('a.c') %}{% endfor %}", "a.b a.c")]
    [InlineData("{{ {'k': states('a.b')}['k'][0:int(states('a.c'))] }}", "a.b a.c")]
    // What is worked out is not guessed at.
    [InlineData("{{ states('sensor.' ~ name) }} {{ states(trigger.entity_id) }}", "")]
    [InlineData("{% set x = 'sensor.x' %}{{ states(x) }}", "")]
    [InlineData("{{ states.light | list }} {{ states.light.items() }}", "")]
    [InlineData("{{ states | map(attribute='state') | list }}", "")]
    [InlineData("{{ 'sensor.x' }} {{ x.states('sensor.x') }}", "")]
    // It has a meaning of its own here.
    [InlineData("{% macro states(x) %}{{ x }}{% endmacro %}{{ states('a.b') }}", "")]
    [InlineData("{% set states = {'a.b': 1} %}{{ states['a.b'] }}{{ states.c.d }}", "")]
    // It may be absent.
    [InlineData(
        "{% if has_value('a.b') %}{{ states('a.b') }}{{ states('a.c') }}{% endif %}",
        "a.c"
    )]
    [InlineData("{{ states('a.b') if 'a.b' is has_value else states('a.c') }}", "a.c")]
    public void What_a_template_asks_for_by_name_is_known_without_rendering_it(
        string source,
        string entities
    )
    {
        Assert.Equal(entities, string.Join(' ', Template.Parse(source).Entities));
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
