using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>
/// What the three schemas of Home Assistant's MQTT light share. In the state brightness goes from
/// 1 to 255 and colour temperature is kelvin; on the wire each light has its own scale, and mireds
/// unless it says <c>color_temp_kelvin</c>. The last brightness and colour stay in the state of a
/// light that is off, because many lights do not repeat them when they go on.
/// </summary>
internal abstract class LightBehaviour : EntityBehaviour
{
    private static readonly string[] Own =
    [
        "brightness",
        "color_mode",
        "color_temp_kelvin",
        "effect",
        "hs_color",
        "rgb_color",
        "rgbw_color",
        "rgbww_color",
        "xy_color",
    ];

    private static readonly string[] ColourAttributes = Own[4..]
        .Append("color_temp_kelvin")
        .ToArray();

    private readonly double _minKelvin;
    private readonly double _maxKelvin;

    protected LightBehaviour(EntityConfig config)
        : base(config)
    {
        BrightnessScale = Number("brightness_scale") is >= 1 and var scale ? scale : 255;
        IsKelvin = Flag("color_temp_kelvin") ?? false;
        EffectList = Texts("effect_list");
        _minKelvin = Number("min_kelvin") ?? Inverse("max_mireds") ?? 2_000;
        _maxKelvin = Number("max_kelvin") ?? Inverse("min_mireds") ?? 6_535;
    }

    /// <summary>The colour modes of the light; never empty.</summary>
    protected abstract IReadOnlyList<string> Modes { get; }

    protected double BrightnessScale { get; }

    protected bool IsKelvin { get; }

    protected string[] EffectList { get; }

    protected bool HasBrightness => Modes is not ["onoff"];

    protected override IReadOnlyList<string> OwnAttributes => Own;

    protected override Attributes ReadAnnounced()
    {
        var modes = "[" + string.Join(',', Modes.Select(JsonWriter.Quote)) + "]";
        var announced = AnnouncedOf("effect_list").With("supported_color_modes", modes);
        return Modes.Contains(LightColour.Temperature)
            ? announced
                .With("min_color_temp_kelvin", LightValues.Text(_minKelvin))
                .With("max_color_temp_kelvin", LightValues.Text(_maxKelvin))
            : announced;
    }

    public override ActionPlan Act(EntityState current, string action, JsonElement data)
    {
        if (action is not ("turn_on" or "turn_off"))
        {
            return base.Act(current, action, data);
        }

        var bright = Loose.Number(current.Attributes.Get("brightness")) ?? 255;
        var request = LightRequest.Read(data, bright, out var refusal);
        if (refusal is not null)
        {
            return ActionPlan.Refused(refusal);
        }

        if (action == "turn_off" || request.Brightness == 0)
        {
            return TurnOff(request, Desired(current, "off"));
        }

        var fitting = request with
        {
            Brightness = HasBrightness ? request.Brightness : null,
            Colour = request.Colour is { } colour ? LightColours.For(colour, Modes) : null,
            White = Modes.Contains("white") ? request.White : null,
            Effect = Takes(request.Effect) ? request.Effect : null,
        };
        return TurnOn(fitting, current, WithAsked(Desired(current, "on"), fitting));
    }

    protected abstract ActionPlan TurnOn(
        LightRequest request,
        EntityState current,
        EntityState desired
    );

    protected abstract ActionPlan TurnOff(LightRequest request, EntityState desired);

    protected virtual bool Takes(string? effect) =>
        effect is not null && (EffectList.Length == 0 || EffectList.Contains(effect));

    /// <summary>A colour temperature as it goes over the wire.</summary>
    protected double ToWire(double kelvin) => IsKelvin ? kelvin : LightValues.Mireds(kelvin);

    protected double? KelvinFrom(double? said) =>
        said is not > 0 ? null
        : IsKelvin ? said
        : LightValues.Mireds(said.Value);

    /// <summary>The attributes with a brightness as the device says it.</summary>
    protected Attributes WithBrightness(Attributes attributes, double? said) =>
        LightValues.BrightnessFrom(said, BrightnessScale) is { } brightness
            ? attributes.With("brightness", LightValues.Text(brightness))
            : attributes;

    /// <summary>The attributes with a colour, in place of the one before.</summary>
    protected static Attributes WithColour(Attributes attributes, LightColour colour)
    {
        foreach (var name in ColourAttributes)
        {
            attributes = name == colour.Attribute ? attributes : attributes.With(name, null);
        }

        return attributes.With(colour.Attribute, LightValues.Json(colour));
    }

    /// <summary>A light of one mode is in that mode, whether it says so or not.</summary>
    protected Attributes WithOnlyMode(Attributes attributes) =>
        Modes.Count == 1 ? attributes.WithText("color_mode", Modes[0]) : attributes;

    /// <summary>Red, green, blue … of a colour, under the names that templates know.</summary>
    protected static IEnumerable<KeyValuePair<string, TemplateValue>> Variables(LightColour colour)
    {
        string[] names = colour.Mode switch
        {
            "hs" => ["hue", "sat"],
            "xy" => ["x", "y"],
            "rgb" => ["red", "green", "blue"],
            "rgbw" => ["red", "green", "blue", "white"],
            _ => ["red", "green", "blue", "cold_white", "warm_white"],
        };
        return names.Zip(colour.Numbers).Select(p => KeyValuePair.Create(p.First, Value(p.Second)));
    }

    /// <summary>A number as templates see it: whole where it is whole.</summary>
    protected static TemplateValue Value(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 1e15
            ? TemplateValue.From((long)number)
            : TemplateValue.From(number);

    // What a device will report is compared with what was asked, and with nothing that was not: a
    // light that is only switched on may come back at any brightness.
    private EntityState Desired(EntityState current, string value) =>
        new(value, Optimistic ? current.Attributes : Attributes.Empty, current.Available);

    private EntityState WithAsked(EntityState desired, LightRequest request)
    {
        var attributes = WithOnlyMode(desired.Attributes);
        if (request.Brightness is { } brightness)
        {
            // The device rounds to its own scale and back.
            var wire = LightValues.ToScale(brightness, BrightnessScale);
            attributes = WithBrightness(attributes, wire);
        }

        if (request.Colour is { } colour)
        {
            attributes = WithColour(attributes, colour).WithText("color_mode", colour.Mode);
        }

        attributes = request.Effect is { } effect
            ? attributes.WithText("effect", effect)
            : attributes;
        return WithAttributes(desired, attributes);
    }

    private double? Inverse(string name) =>
        Number(name) is > 0 and var mireds ? LightValues.Mireds(mireds) : null;
}
