using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>
/// A light whose messages are whatever its templates make and read (Home Assistant, MQTT light,
/// template schema).
/// </summary>
internal sealed class TemplateLightBehaviour : LightBehaviour
{
    private readonly ValueTemplate _on;
    private readonly ValueTemplate _off;
    private readonly ValueTemplate _state;
    private readonly ValueTemplate _brightness;
    private readonly ValueTemplate _temperature;
    private readonly ValueTemplate _effect;
    private readonly ValueTemplate[] _channels;

    public TemplateLightBehaviour(EntityConfig config)
        : base(config)
    {
        _on = TemplateOf("command_on_template");
        _off = TemplateOf("command_off_template");
        _state = TemplateOf("state_template");
        _brightness = TemplateOf("brightness_template");
        _temperature = TemplateOf("color_temp_template");
        _effect = TemplateOf("effect_template");
        _channels =
        [
            TemplateOf("red_template"),
            TemplateOf("green_template"),
            TemplateOf("blue_template"),
        ];
        Modes = ReadModes();
    }

    protected override IReadOnlyList<string> Modes { get; }

    private bool HasChannels => Array.TrueForAll(_channels, channel => channel.IsPresent);

    protected override ActionPlan TurnOn(
        LightRequest request,
        EntityState current,
        EntityState desired
    )
    {
        var variables = Common(request, "on");
        if (request.Brightness is { } brightness)
        {
            variables["brightness"] = Value(brightness);
        }

        if (request.Colour is { Mode: LightColour.Temperature } temperature)
        {
            variables["color_temp"] = Value(ToWire(temperature.Numbers[0]));
        }
        else if (request.Colour is { } colour)
        {
            foreach (var (name, value) in Variables(colour).Concat(Channels(colour)))
            {
                variables[name] = value;
            }
        }

        if (request.Effect is { } effect)
        {
            variables["effect"] = TemplateValue.From(effect);
        }

        return Sending(_on.Write(TemplateValue.From("on"), variables), desired);
    }

    protected override ActionPlan TurnOff(LightRequest request, EntityState desired) =>
        Sending(_off.Write(TemplateValue.From("off"), Common(request, "off")), desired);

    protected override EntityState ReceiveState(
        EntityState current,
        string topic,
        TemplateContext message
    )
    {
        if (!Concerns(StateTopic, topic))
        {
            return current;
        }

        var next = (_state.IsPresent ? _state.Read(message) : null) switch
        {
            "on" => WithValue(current, "on"),
            "off" => WithValue(current, "off"),
            "None" => WithValue(current, EntityState.Unknown),
            _ => current,
        };
        var attributes = WithOnlyMode(next.Attributes);
        attributes = WithBrightness(attributes, Number(_brightness, message));
        if (KelvinFrom(Number(_temperature, message)) is { } kelvin)
        {
            var colour = new LightColour(LightColour.Temperature, [kelvin]);
            attributes = WithColour(attributes, colour).WithText("color_mode", colour.Mode);
        }

        if (ReadChannels(message) is { } hs)
        {
            attributes = WithColour(attributes, hs).WithText("color_mode", hs.Mode);
        }

        if (_effect.IsPresent && _effect.Read(message) is { } effect && Takes(effect))
        {
            attributes = attributes.WithText("effect", effect);
        }

        return WithAttributes(next, attributes);
    }

    private LightColour? ReadChannels(TemplateContext message)
    {
        var channels = _channels.Select(channel => Number(channel, message)).ToArray();
        return Array.TrueForAll(channels, channel => channel is not null)
            ? LightColours.For(
                new LightColour("rgb", [.. channels.Select(channel => channel!.Value)]),
                Modes
            )
            : null;
    }

    private static double? Number(ValueTemplate template, TemplateContext message) =>
        template.IsPresent ? Loose.Number(template.Read(message)) : null;

    private static Dictionary<string, TemplateValue> Common(LightRequest request, string state)
    {
        var variables = new Dictionary<string, TemplateValue>
        {
            ["state"] = TemplateValue.From(state),
        };
        if (request.Transition is { } transition)
        {
            variables["transition"] = Value(transition);
        }

        if (request.Flash is { } flash)
        {
            variables["flash"] = TemplateValue.From(flash);
        }

        return variables;
    }

    // Templates may ask for red, green and blue as well as for hue and saturation.
    private static IEnumerable<KeyValuePair<string, TemplateValue>> Channels(LightColour colour)
    {
        var (red, green, blue) = LightColours.ToRgb(colour);
        double[] rounded = [Math.Round(red), Math.Round(green), Math.Round(blue)];
        return Variables(new LightColour("rgb", rounded));
    }

    private string[] ReadModes()
    {
        var modes = new List<string>();
        if (HasChannels)
        {
            modes.Add("hs");
        }

        if (_temperature.IsPresent)
        {
            modes.Add(LightColour.Temperature);
        }

        if (modes.Count == 0)
        {
            modes.Add(_brightness.IsPresent ? "brightness" : "onoff");
        }

        return [.. modes];
    }
}
