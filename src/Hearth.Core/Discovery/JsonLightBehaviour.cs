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
internal sealed class JsonLightBehaviour : EntityBehaviour
{
    private static readonly (string Mode, string[] Members)[] Colours =
    [
        ("rgbww", ["r", "g", "b", "c", "w"]),
        ("rgbw", ["r", "g", "b", "w"]),
        ("rgb", ["r", "g", "b"]),
        ("xy", ["x", "y"]),
        ("hs", ["h", "s"]),
    ];

    private readonly string? _topic;
    private readonly double _brightnessScale;
    private readonly bool _isKelvin;

    public JsonLightBehaviour(EntityConfig config)
        : base(config)
    {
        _topic = Text("state_topic");
        _brightnessScale = Number("brightness_scale") ?? 255;
        _isKelvin = Flag("color_temp_kelvin") ?? false;
    }

    public override Attributes Announced => AnnouncedOf("supported_color_modes", "effect_list");

    protected override IReadOnlyList<string> OwnTopics => _topic is null ? [] : [_topic];

    public override ActionPlan Act(EntityState current, string action, JsonElement data)
    {
        if (action is not ("turn_on" or "turn_off"))
        {
            return base.Act(current, action, data);
        }

        var on = action == "turn_on";
        var desired = current with { Value = on ? "on" : "off" };
        var json = new JsonWriter();
        json.BeginObject().Name("state").String(on ? "ON" : "OFF");
        if (on)
        {
            WriteFlash(json, data);
        }

        if (LightValues.Number(data, "transition") is { } transition)
        {
            json.Name("transition").Raw(LightValues.Text(transition));
        }

        if (on)
        {
            desired = WriteFeatures(json, data, desired);
        }

        json.EndObject();
        var text = Encoding.UTF8.GetString(json.Written);
        return new ActionPlan([Message(Text("command_topic")!, text)], desired);
    }

    protected override Attributes WithReported(Attributes current, Attributes reported) =>
        Attributes.Of([.. current, .. reported]);

    protected override EntityState ReceiveState(
        EntityState current,
        string topic,
        Payload payload,
        TemplateContext context
    )
    {
        if (
            _topic is null
            || !Routes.Matches(_topic, topic)
            || payload.Json is not { ValueKind: JsonValueKind.Object } json
        )
        {
            return current;
        }

        var next = current;
        if (json.TryGetProperty("state", out var state))
        {
            next = (state.ValueKind, Loose.Text(state)) switch
            {
                (_, "ON") => next with { Value = "on" },
                (_, "OFF") => next with { Value = "off" },
                (JsonValueKind.Null, _) => next with { Value = EntityState.Unknown },
                _ => next,
            };
        }

        var attributes = WithColour(next.Attributes, json);
        if (
            json.TryGetProperty("brightness", out var brightness)
            && Loose.Text(brightness) is { } said
            && LightValues.BrightnessFrom(said, _brightnessScale) is { } scaled
        )
        {
            attributes = attributes.With("brightness", scaled);
        }

        if (Flag("effect") == true && json.TryGetProperty("effect", out var effect))
        {
            attributes = attributes.WithText("effect", Loose.Text(effect));
        }

        return next with
        {
            Attributes = attributes,
        };
    }

    private Attributes WithColour(Attributes attributes, JsonElement json)
    {
        var mode = json.TryGetProperty("color_mode", out var told) ? Loose.Text(told) : null;
        if (mode is not null)
        {
            attributes = attributes.WithText("color_mode", mode);
        }

        if (
            mode is null or "color_temp"
            && json.TryGetProperty("color_temp", out var temperature)
            && Loose.Text(temperature) is { } said
            && LightValues.KelvinFrom(said, _isKelvin) is { } kelvin
        )
        {
            attributes = attributes.With("color_temp_kelvin", kelvin);
            attributes = mode is null
                ? attributes.WithText("color_mode", "color_temp")
                : attributes;
        }

        if (
            !json.TryGetProperty("color", out var colour)
            || colour.ValueKind != JsonValueKind.Object
        )
        {
            return attributes;
        }

        foreach (var (name, members) in Colours)
        {
            if ((mode is null || mode == name) && ColourOf(colour, members) is { } values)
            {
                attributes = attributes.With(name + "_color", values);
                return mode is null ? attributes.WithText("color_mode", name) : attributes;
            }
        }

        return attributes;
    }

    private static string? ColourOf(JsonElement colour, string[] members)
    {
        var values = members.Select(member => LightValues.Number(colour, member)).ToArray();
        return Array.TrueForAll(values, value => value is not null)
            ? "[" + string.Join(',', values.Select(value => LightValues.Text(value!.Value))) + "]"
            : null;
    }

    private void WriteFlash(JsonWriter json, JsonElement data)
    {
        if (!data.TryGetProperty("flash", out var flash))
        {
            return;
        }

        var seconds =
            Loose.Text(flash) == "long"
                ? Number("flash_time_long") ?? 10
                : Number("flash_time_short") ?? 2;
        json.Name("flash").Raw(LightValues.Text(seconds));
    }

    private EntityState WriteFeatures(JsonWriter json, JsonElement data, EntityState desired)
    {
        foreach (var (mode, members) in Colours)
        {
            if (LightValues.Numbers(data, mode + "_color") is { } numbers)
            {
                json.Name("color").BeginObject();
                foreach (var (member, number) in members.Zip(numbers))
                {
                    json.Name(member).Raw(LightValues.Text(number));
                }

                json.EndObject();
            }
        }

        if (LightValues.Number(data, "color_temp_kelvin") is { } kelvin)
        {
            var value = _isKelvin ? kelvin : LightValues.Mireds(kelvin);
            json.Name("color_temp").Raw(LightValues.Text(value));
        }

        if (data.TryGetProperty("effect", out var effect) && Loose.Text(effect) is { } named)
        {
            json.Name("effect").String(named);
        }

        if (LightValues.Brightness(data) is not { } brightness)
        {
            return desired;
        }

        var scaled = LightValues.ToScale(brightness, _brightnessScale);
        json.Name("brightness").Raw(LightValues.Text(scaled));
        return desired with
        {
            Attributes = desired.Attributes.With("brightness", LightValues.Text(brightness)),
        };
    }
}
