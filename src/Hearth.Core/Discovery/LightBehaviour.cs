using System.Globalization;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>
/// A light with a topic per feature (Home Assistant, MQTT light, default schema). Brightness goes
/// from 0 to 255 in the state and to <c>brightness_scale</c> on the wire; colour temperature is
/// kelvin in the state and mireds on the wire unless <c>color_temp_kelvin</c> is set.
/// </summary>
internal sealed class LightBehaviour : EntityBehaviour
{
    // A colour mode is also the stem of its topics' names.
    private static readonly string[] ColourModes = ["hs", "rgb", "rgbw", "rgbww", "xy"];

    private readonly record struct Feature(string? Topic, Template? Template);

    private readonly Feature _state;
    private readonly Dictionary<string, Feature> _features = [];
    private readonly string _on;
    private readonly string _off;
    private readonly double _brightnessScale;

    public LightBehaviour(EntityConfig config)
        : base(config)
    {
        _state = new Feature(
            Text("state_topic"),
            TemplateOf("state_value_template") ?? TemplateOf("value_template")
        );
        foreach (
            var name in (string[])
                [.. ColourModes, "brightness", "color_mode", "color_temp", "effect"]
        )
        {
            if (Text(name + "_state_topic") is { } topic)
            {
                _features[name] = new Feature(topic, TemplateOf(name + "_value_template"));
            }
        }

        _on = Text("payload_on") ?? "ON";
        _off = Text("payload_off") ?? "OFF";
        _brightnessScale = Number("brightness_scale") ?? 255;
    }

    public override Attributes Announced =>
        AnnouncedOf("effect_list").With("supported_color_modes", SupportedModes());

    protected override IReadOnlyList<string> OwnTopics =>
        [
            .. _features
                .Values.Prepend(_state)
                .Select(feature => feature.Topic)
                .OfType<string>()
                .Distinct(),
        ];

    public override ActionPlan Act(EntityState current, string action, JsonElement data)
    {
        var topic = Text("command_topic")!;
        switch (action)
        {
            case "turn_off":
                return new ActionPlan([Message(topic, _off)], current with { Value = "off" });
            case "turn_on":
                var messages = FeatureMessages(
                    data,
                    out var desired,
                    current with
                    {
                        Value = "on",
                    }
                );
                var on = Message(topic, _on);
                return new ActionPlan(Ordered(messages, on, data), desired);
            default:
                return base.Act(current, action, data);
        }
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
        var next = current;
        if (_state.Topic is { } own && Routes.Matches(own, topic))
        {
            next = Render(_state.Template, payload, context) switch
            {
                { } said when said == _on => next with { Value = "on" },
                { } said when said == _off => next with { Value = "off" },
                "None" => next with { Value = EntityState.Unknown },
                _ => next,
            };
        }

        foreach (var (name, feature) in _features)
        {
            if (
                Routes.Matches(feature.Topic!, topic)
                && Render(feature.Template, payload, context) is { Length: > 0 } said
            )
            {
                next = next with { Attributes = WithFeature(next.Attributes, name, said) };
            }
        }

        return next;
    }

    private Attributes WithFeature(Attributes attributes, string name, string said)
    {
        if (said == "None")
        {
            return attributes.With(LightValues.AttributeOf(name), null);
        }

        switch (name)
        {
            case "brightness":
                return LightValues.BrightnessFrom(said, _brightnessScale) is { } brightness
                    ? attributes.With("brightness", brightness)
                    : attributes;
            case "color_temp":
                var kelvin = LightValues.KelvinFrom(said, Flag("color_temp_kelvin") ?? false);
                return kelvin is null
                    ? attributes
                    : WithMode(attributes.With("color_temp_kelvin", kelvin), "color_temp");
            case "color_mode" or "effect":
                return attributes.WithText(name, said);
            default:
                var colour = LightValues.ListFrom(said);
                return colour is null
                    ? attributes
                    : WithMode(attributes.With(name + "_color", colour), name);
        }
    }

    // Without a topic of its own, the mode is that of the colour that came last.
    private Attributes WithMode(Attributes attributes, string mode) =>
        _features.ContainsKey("color_mode") ? attributes : attributes.WithText("color_mode", mode);

    private List<OutgoingMessage> FeatureMessages(
        JsonElement data,
        out EntityState desired,
        EntityState state
    )
    {
        var messages = new List<OutgoingMessage>();
        foreach (var mode in ColourModes)
        {
            if (
                Text(mode + "_command_topic") is { } topic
                && LightValues.Numbers(data, mode + "_color") is { } numbers
            )
            {
                messages.Add(ColourMessage(mode, topic, numbers));
            }
        }

        if (
            Text("color_temp_command_topic") is { } temperature
            && LightValues.Number(data, "color_temp_kelvin") is { } kelvin
        )
        {
            var value = Flag("color_temp_kelvin") == true ? kelvin : LightValues.Mireds(kelvin);
            messages.Add(Send(temperature, "color_temp_command_template", LightValues.Text(value)));
        }

        if (Text("effect_command_topic") is { } effects && JsonText(data, "effect") is { } effect)
        {
            messages.Add(Send(effects, "effect_command_template", effect));
        }

        desired = state;
        if (
            Text("brightness_command_topic") is { } brightnessTopic
            && LightValues.Brightness(data) is { } brightness
        )
        {
            var scaled = LightValues.ToScale(brightness, _brightnessScale);
            messages.Add(
                Send(brightnessTopic, "brightness_command_template", LightValues.Text(scaled))
            );
            desired = state with
            {
                Attributes = state.Attributes.With("brightness", LightValues.Text(brightness)),
            };
        }

        return messages;
    }

    private OutgoingMessage ColourMessage(string mode, string topic, double[] numbers)
    {
        var template = TemplateOf(mode + "_command_template");
        string[] names = mode switch
        {
            "hs" => ["hue", "sat"],
            "xy" => ["x", "y"],
            "rgb" => ["red", "green", "blue"],
            "rgbw" => ["red", "green", "blue", "white"],
            _ => ["red", "green", "blue", "cold_white", "warm_white"],
        };
        var plain = string.Join(',', numbers.Select(LightValues.Text));
        var variables = names
            .Zip(numbers)
            .Select(pair =>
                KeyValuePair.Create(
                    pair.First,
                    pair.Second == Math.Floor(pair.Second)
                        ? TemplateValue.From((long)pair.Second)
                        : TemplateValue.From(pair.Second)
                )
            );
        return Message(topic, CommandText.Render(template, plain, variables));
    }

    private OutgoingMessage Send(string topic, string templateName, string value) =>
        Message(topic, CommandText.Render(TemplateOf(templateName), value));

    private List<OutgoingMessage> Ordered(
        List<OutgoingMessage> features,
        OutgoingMessage on,
        JsonElement data
    )
    {
        switch (Text("on_command_type") ?? "last")
        {
            case "first":
                return [on, .. features];
            case "brightness" when Text("brightness_command_topic") is { } topic:
                // Brightness alone switches the light on.
                return LightValues.Brightness(data) is not null
                    ? features
                    :
                    [
                        .. features,
                        Send(
                            topic,
                            "brightness_command_template",
                            LightValues.Text(LightValues.ToScale(255, _brightnessScale))
                        ),
                    ];
            default:
                return [.. features, on];
        }
    }

    private string SupportedModes()
    {
        var modes = ColourModes.Where(mode => Text(mode + "_command_topic") is not null).ToList();
        if (Text("color_temp_command_topic") is not null)
        {
            modes.Add("color_temp");
        }

        if (modes.Count == 0)
        {
            modes.Add(Text("brightness_command_topic") is null ? "onoff" : "brightness");
        }

        return "[" + string.Join(',', modes.Select(JsonWriter.Quote)) + "]";
    }

    private static string? JsonText(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) ? Loose.Text(value) : null;
}

/// <summary>The numbers of lights, on the wire and in the state.</summary>
internal static class LightValues
{
    public static string AttributeOf(string feature) =>
        feature switch
        {
            "brightness" or "effect" or "color_mode" => feature,
            "color_temp" => "color_temp_kelvin",
            _ => feature + "_color",
        };

    /// <summary>Brightness from 0 to 255, or null where it is none; a zero is what a light that is
    /// off says and leaves the last brightness alone.</summary>
    public static string? BrightnessFrom(string said, double scale) =>
        Loose.Number(said) is { } number and > 0
            ? Text(Math.Min(255, Math.Round(number / scale * 255, MidpointRounding.ToEven)))
            : null;

    /// <summary>Brightness on the wire; never below 1, which would be off.</summary>
    public static double ToScale(double brightness, double scale) =>
        Math.Max(1, Math.Round(brightness / 255 * scale, MidpointRounding.ToEven));

    public static string? KelvinFrom(string said, bool isKelvin) =>
        Loose.Number(said) is { } number and > 0
            ? Text(isKelvin ? number : Math.Floor(1_000_000 / number))
            : null;

    public static double Mireds(double kelvin) => Math.Floor(1_000_000 / kelvin);

    /// <summary>A list of numbers written with commas, as a JSON array.</summary>
    public static string? ListFrom(string said)
    {
        var numbers = said.Split(',').Select(part => Loose.Number(part.Trim())).ToArray();
        return Array.TrueForAll(numbers, number => number is not null)
            ? "[" + string.Join(',', numbers.Select(number => Text(number!.Value))) + "]"
            : null;
    }

    public static double? Number(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) ? Loose.Number(value) : null;

    public static double[]? Numbers(JsonElement data, string name) =>
        data.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => Loose.Number(item) ?? 0)]
            : null;

    /// <summary>The brightness that an action asks for: 0 to 255, or in percent.</summary>
    public static double? Brightness(JsonElement data) =>
        Number(data, "brightness") is { } brightness ? Math.Clamp(brightness, 0, 255)
        : Number(data, "brightness_pct") is { } percent
            ? Math.Round(Math.Clamp(percent, 0, 100) * 2.55)
        : null;

    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
