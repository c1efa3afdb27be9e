using Hearth.Core.Devices;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>
/// A light with a topic per feature (Home Assistant, MQTT light, default schema). It is told its
/// colour and brightness first and to go on last, unless <c>on_command_type</c> says otherwise.
/// </summary>
internal sealed class BasicLightBehaviour : LightBehaviour
{
    // A colour mode is also the stem of its topics' names.
    private static readonly string[] ColourModes = ["hs", "rgb", "rgbw", "rgbww", "xy"];

    private readonly Dictionary<string, Feature> _features = [];
    private readonly ValueTemplate _state;
    private readonly string _on;
    private readonly string _off;
    private readonly string _onCommandType;

    private sealed record Feature(
        string? CommandTopic,
        ValueTemplate Command,
        string? StateTopic,
        ValueTemplate Value
    );

    public BasicLightBehaviour(EntityConfig config)
        : base(config)
    {
        var template = Text("state_value_template") ?? Text("value_template");
        _state = new ValueTemplate(template);
        string[] names =
        [
            .. ColourModes,
            "brightness",
            "color_mode",
            LightColour.Temperature,
            "effect",
            "white",
        ];
        foreach (var name in names)
        {
            var feature = new Feature(
                Text(name + "_command_topic"),
                TemplateOf(name + "_command_template"),
                Text(name + "_state_topic"),
                TemplateOf(name + "_value_template")
            );
            if (feature.CommandTopic is not null || feature.StateTopic is not null)
            {
                _features[name] = feature;
            }
        }

        _on = Text("payload_on") ?? "ON";
        _off = Text("payload_off") ?? "OFF";
        _onCommandType = Text("on_command_type") ?? "last";
        Modes = ReadModes();
    }

    protected override IReadOnlyList<string> Modes { get; }

    protected override IEnumerable<string?> OwnTopics =>
        _features.Values.Select(feature => feature.StateTopic).Prepend(StateTopic);

    private string CommandTopic => Text("command_topic")!;

    protected override bool Takes(string? effect) =>
        CommandTopicOf("effect") is not null && base.Takes(effect);

    protected override ActionPlan TurnOff(LightRequest request, EntityState desired) =>
        Sending(_off, desired);

    protected override ActionPlan TurnOn(
        LightRequest request,
        EntityState current,
        EntityState desired
    )
    {
        var messages = new List<OutgoingMessage?>();
        if (_onCommandType == "first")
        {
            messages.Add(Message(CommandTopic, _on));
        }

        var isByBrightness =
            _onCommandType == "brightness" && CommandTopicOf("brightness") is not null;
        if (isByBrightness && request.Brightness is null)
        {
            // Brightness alone switches the light on, so there must be one.
            var last = Loose.Number(current.Attributes.Get("brightness")) ?? 255;
            request = request with { Brightness = last };
        }

        AddFeatures(messages, request, current);
        if (_onCommandType == "last" || (_onCommandType == "brightness" && !isByBrightness))
        {
            messages.Add(Message(CommandTopic, _on));
        }

        return messages.Contains(null)
            ? ActionPlan.Refused("Its command template fails for this.")
            : new ActionPlan([.. messages.OfType<OutgoingMessage>()], desired);
    }

    protected override EntityState ReceiveState(
        EntityState current,
        string topic,
        TemplateContext message
    )
    {
        var next = current;
        if (Concerns(StateTopic, topic))
        {
            var said = _state.Read(message);
            next =
                said == _on ? WithValue(next, "on")
                : said == _off ? WithValue(next, "off")
                : said == "None" ? WithValue(next, EntityState.Unknown)
                : next;
        }

        var attributes = WithOnlyMode(next.Attributes);
        foreach (var (name, feature) in _features)
        {
            if (
                Concerns(feature.StateTopic, topic)
                && feature.Value.Read(message) is { Length: > 0 } said
            )
            {
                attributes = WithFeature(attributes, name, said);
            }
        }

        return WithAttributes(next, attributes);
    }

    private Attributes WithFeature(Attributes attributes, string name, string said)
    {
        switch (name)
        {
            case "brightness":
                return said == "None"
                    ? attributes.With(name, null)
                    : WithBrightness(attributes, Loose.Number(said));
            case "color_mode" or "effect":
                return attributes.WithText(name, said == "None" ? null : said);
            case "white":
                return attributes;
            default:
                return said == "None" ? attributes.With(LightColour.AttributeOf(name), null)
                    : ColourFrom(name, said) is { } colour ? WithColour(attributes, colour, said)
                    : attributes;
        }
    }

    private Attributes WithColour(Attributes attributes, LightColour colour, string said)
    {
        var next = WithColour(attributes, colour);
        // Without a topic of its own, the mode is that of the colour that came last.
        if (_features.GetValueOrDefault("color_mode")?.StateTopic is null)
        {
            next = next.WithText("color_mode", colour.Mode);
        }

        // Without a brightness of its own, a light is as bright as its brightest channel.
        var isDerived =
            colour.Mode.StartsWith("rgb", StringComparison.Ordinal)
            && _features.GetValueOrDefault("brightness")?.StateTopic is null
            && said.Length > 0;
        return isDerived && colour.Numbers.Max() is > 0 and var brightest
            ? next.With("brightness", LightValues.Text(Math.Round(brightest)))
            : next;
    }

    private LightColour? ColourFrom(string mode, string said)
    {
        if (mode == LightColour.Temperature)
        {
            return KelvinFrom(Loose.Number(said)) is { } kelvin
                ? new LightColour(mode, [kelvin])
                : null;
        }

        var numbers = said.Split(',').Select(part => Loose.Number(part.Trim())).ToArray();
        return
            numbers.Length == LightColours.Sizes[mode]
            && Array.TrueForAll(numbers, number => number is not null)
            ? new LightColour(mode, [.. numbers.Select(number => number!.Value)])
            : null;
    }

    private void AddFeatures(
        List<OutgoingMessage?> messages,
        LightRequest request,
        EntityState current
    )
    {
        if (request.Colour is { } colour && CommandTopicOf(colour.Mode) is not null)
        {
            messages.Add(ColourMessage(colour, request, current));
        }

        if (request.Brightness is { } brightness)
        {
            var scaled = Value(LightValues.ToScale(brightness, BrightnessScale));
            if (CommandTopicOf("brightness") is not null)
            {
                messages.Add(Send("brightness", scaled));
            }
            else if (request.Colour is null && ColourNow(current) is { } now)
            {
                // Without a topic for it, brightness is how far the channels are scaled.
                messages.Add(ColourMessage(now, request, current));
            }
        }

        if (request.Effect is { } effect)
        {
            messages.Add(Send("effect", TemplateValue.From(effect)));
        }

        if (request.White is { } white)
        {
            var scale = Number("white_scale") ?? 255;
            messages.Add(Send("white", Value(LightValues.ToScale(white, scale))));
        }
    }

    private OutgoingMessage? ColourMessage(
        LightColour colour,
        LightRequest request,
        EntityState current
    )
    {
        if (colour.Mode == LightColour.Temperature)
        {
            return Send(colour.Mode, Value(ToWire(colour.Numbers[0])));
        }

        var scaled = Scaled(colour, request, current);
        var plain = string.Join(',', scaled.Numbers.Select(LightValues.Text));
        return Send(colour.Mode, TemplateValue.From(plain), Variables(scaled));
    }

    private LightColour Scaled(LightColour colour, LightRequest request, EntityState current)
    {
        if (
            CommandTopicOf("brightness") is not null
            || !colour.Mode.StartsWith("rgb", StringComparison.Ordinal)
        )
        {
            return colour;
        }

        var bright =
            request.Brightness ?? Loose.Number(current.Attributes.Get("brightness")) ?? 255;
        return colour with
        {
            Numbers = Array.ConvertAll(colour.Numbers, c => Math.Floor(c * bright / 255)),
        };
    }

    private LightColour? ColourNow(EntityState current)
    {
        var mode = ColourModes.FirstOrDefault(name =>
            name.StartsWith("rgb", StringComparison.Ordinal) && CommandTopicOf(name) is not null
        );
        if (mode is null)
        {
            return null;
        }

        var shown = current.Attributes.Get(LightColour.AttributeOf(mode));
        return (shown is null ? null : ColourFrom(mode, shown.Trim('[', ']')))
            ?? new LightColour(mode, [.. Enumerable.Repeat(255.0, LightColours.Sizes[mode])]);
    }

    private OutgoingMessage? Send(
        string name,
        TemplateValue value,
        IEnumerable<KeyValuePair<string, TemplateValue>>? more = null
    )
    {
        var feature = _features[name];
        return feature.Command.Write(value, more) is { } payload
            ? Message(feature.CommandTopic!, payload)
            : null;
    }

    private string? CommandTopicOf(string name) => _features.GetValueOrDefault(name)?.CommandTopic;

    private string[] ReadModes()
    {
        var modes = ColourModes
            .Append(LightColour.Temperature)
            .Append("white")
            .Where(mode => CommandTopicOf(mode) is not null)
            .ToList();
        if (modes.Count == 0)
        {
            modes.Add(_features.ContainsKey("brightness") ? "brightness" : "onoff");
        }

        return [.. modes];
    }
}
