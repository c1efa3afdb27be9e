using System.Globalization;
using System.Text.Json;

namespace Hearth.Hub.Demo;

/// <summary>
/// One full round of the demo, step by step in the order in which it must happen: an event that
/// comes out of its turn does not count.
/// </summary>
internal sealed class Round
{
    private static readonly (string Name, Func<JsonElement, bool> Is)[] Steps =
    [
        ("the lamp is on", item => IsState(item, DemoHome.Lamp, state => state == "on")),
        ("the tracker measures more than 50 W", item => IsPower(item, watts => watts > 50)),
        ("the automation is triggered", item => IsType(item, "hearth.automation.triggered")),
        ("light.turn_off is requested", item => IsType(item, "hearth.command.requested")),
        ("the lamp is off", item => IsState(item, DemoHome.Lamp, state => state == "off")),
        ("the command is acknowledged", item => IsType(item, "hearth.command.acknowledged")),
        ("the tracker measures 0 W", item => IsPower(item, watts => watts == 0)),
    ];

    private int _done;

    public bool IsOver => _done == Steps.Length;

    /// <summary>What has not happened yet.</summary>
    public string Missing => Steps[_done].Name;

    public void Take(JsonElement item)
    {
        if (!IsOver && Steps[_done].Is(item))
        {
            _done++;
        }
    }

    private static bool IsType(JsonElement item, string type) =>
        item.GetProperty("type").GetString() == type;

    private static bool IsState(JsonElement item, string entity, Func<string, bool> condition) =>
        IsType(item, "hearth.state.changed")
        && item.GetProperty("subject").GetString() == entity
        && condition(Narrator.Shown(item.GetProperty("data").GetProperty("to")));

    private static bool IsPower(JsonElement item, Func<double, bool> condition) =>
        IsState(
            item,
            DemoHome.Power,
            state =>
                double.TryParse(state, CultureInfo.InvariantCulture, out var watts)
                && condition(watts)
        );
}
