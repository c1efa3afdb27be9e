using System.Text;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>
/// A light whose messages are JSON objects (Home Assistant, MQTT light, JSON schema):
/// <c>{"state":"ON","brightness":128,"color_mode":"xy","color":{"x":0.3,"y":0.4}}</c>.
/// </summary>
internal sealed class JsonLightBehaviour : LightBehaviour
{
    private static readonly (string Mode, string[] Members)[] Colours =
    [
        ("rgbww", ["r", "g", "b", "c", "w"]),
        ("rgbw", ["r", "g", "b", "w"]),
        ("rgb", ["r", "g", "b"]),
        ("xy", ["x", "y"]),
        ("hs", ["h", "s"]),
    ];

    private readonly bool _hasEffect;

    public JsonLightBehaviour(EntityConfig config)
        : base(config)
    {
        _hasEffect = Flag("effect") ?? EffectList.Length > 0;
        var modes = Texts("supported_color_modes");
        Modes = modes.Length > 0 ? modes : OlderModes();
    }

    protected override IReadOnlyList<string> Modes { get; }

    protected override bool Takes(string? effect) => _hasEffect && base.Takes(effect);

    protected override ActionPlan TurnOn(
        LightRequest request,
        EntityState current,
        EntityState desired
    )
    {
        var json = Begin("ON", request);
        if (request.Colour is { Mode: LightColour.Temperature } temperature)
        {
            var value = ToWire(temperature.Numbers[0]);
            json.Name("color_temp").Raw(LightValues.Text(value));
        }
        else if (request.Colour is { } colour)
        {
            var members = Array.Find(Colours, entry => entry.Mode == colour.Mode).Members;
            json.Name("color").BeginObject();
            foreach (var (member, number) in members.Zip(colour.Numbers))
            {
                json.Name(member).Raw(LightValues.Text(number));
            }

            json.EndObject();
        }

        if (request.White is { } white)
        {
            var scale = Number("white_scale") ?? 255;
            json.Name("white").Raw(LightValues.Text(LightValues.ToScale(white, scale)));
        }

        if (request.Effect is { } effect)
        {
            json.Name("effect").String(effect);
        }

        if (request.Brightness is { } brightness)
        {
            var scaled = LightValues.ToScale(brightness, BrightnessScale);
            json.Name("brightness").Raw(LightValues.Text(scaled));
        }

        return Sending(End(json), desired);
    }

    protected override ActionPlan TurnOff(LightRequest request, EntityState desired) =>
        Sending(End(Begin("OFF", request)), desired);

    protected override EntityState ReceiveState(
        EntityState current,
        string topic,
        TemplateContext message
    )
    {
        var json = message.PayloadJson;
        if (!Concerns(StateTopic, topic) || json.ValueKind != JsonValueKind.Object)
        {
            return current;
        }

        var next = WithState(current, json);
        var attributes = WithOnlyMode(WithColour(next.Attributes, json));
        if (HasBrightness && json.TryGetProperty("brightness", out var brightness))
        {
            attributes = WithBrightness(attributes, Loose.Number(brightness));
        }

        if (_hasEffect && json.TryGetProperty("effect", out var effect))
        {
            attributes = attributes.WithText("effect", Loose.Text(effect));
        }

        return WithAttributes(next, attributes);
    }

    private static EntityState WithState(EntityState current, JsonElement json) =>
        !json.TryGetProperty("state", out var state) ? current
        : state.ValueKind == JsonValueKind.Null ? WithValue(current, EntityState.Unknown)
        : Loose.Text(state) switch
        {
            "ON" => WithValue(current, "on"),
            "OFF" => WithValue(current, "off"),
            _ => current,
        };

    private Attributes WithColour(Attributes attributes, JsonElement json)
    {
        var told = json.TryGetProperty("color_mode", out var said) ? Loose.Text(said) : null;
        var modes =
            told is null ? Modes
            : Modes.Contains(told) ? [told]
            : [];
        foreach (var mode in modes)
        {
            if (ColourIn(json, mode) is { } colour)
            {
                return WithColour(attributes, colour).WithText("color_mode", mode);
            }
        }

        return told is "brightness" or "onoff" or "white" && modes.Count > 0
            ? attributes.WithText("color_mode", told)
            : attributes;
    }

    private LightColour? ColourIn(JsonElement json, string mode)
    {
        if (mode == LightColour.Temperature)
        {
            return
                json.TryGetProperty("color_temp", out var temperature)
                && KelvinFrom(Loose.Number(temperature)) is { } kelvin
                ? new LightColour(mode, [kelvin])
                : null;
        }

        var members = Array.Find(Colours, entry => entry.Mode == mode).Members;
        if (
            members is null
            || !json.TryGetProperty("color", out var colour)
            || colour.ValueKind != JsonValueKind.Object
        )
        {
            return null;
        }

        var numbers = new double[members.Length];
        for (var index = 0; index < members.Length; index++)
        {
            if (
                !colour.TryGetProperty(members[index], out var value)
                || Loose.Number(value) is not { } number
            )
            {
                return null;
            }

            numbers[index] = number;
        }

        return new LightColour(mode, numbers);
    }

    private JsonWriter Begin(string state, LightRequest request)
    {
        var json = new JsonWriter();
        json.BeginObject().Name("state").String(state);
        if (request.Flash is { } flash)
        {
            var seconds =
                flash == "long" ? Number("flash_time_long") ?? 10 : Number("flash_time_short") ?? 2;
            json.Name("flash").Raw(LightValues.Text(seconds));
        }
        else if (request.Transition is { } transition)
        {
            json.Name("transition").Raw(LightValues.Text(transition));
        }

        return json;
    }

    private static string End(JsonWriter json) => Encoding.UTF8.GetString(json.EndObject().Written);

    // Announcements older than supported_color_modes say each by a flag.
    private string[] OlderModes()
    {
        var colours = Colours
            .Select(entry => entry.Mode)
            .Append(LightColour.Temperature)
            .Where(mode => Flag(mode) == true)
            .ToArray();
        return colours.Length > 0 ? colours : [Flag("brightness") == true ? "brightness" : "onoff"];
    }
}
