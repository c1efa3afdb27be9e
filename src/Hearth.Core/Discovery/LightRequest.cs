using System.Text.Json;

namespace Hearth.Core.Discovery;

/// <summary>
/// What an action asks of a light, read from its data in the words of Home Assistant's
/// <c>light.turn_on</c>. What the light has no means for is left out, as there.
/// </summary>
internal sealed record LightRequest
{
    private static readonly string[] Known =
    [
        "brightness",
        "brightness_pct",
        "brightness_step",
        "brightness_step_pct",
        "color_temp",
        "color_temp_kelvin",
        "kelvin",
        "hs_color",
        "rgb_color",
        "rgbw_color",
        "rgbww_color",
        "xy_color",
        "white",
        "effect",
        "flash",
        "transition",
    ];

    /// <summary>From 0 to 255; a light that is switched on with 0 is switched off.</summary>
    public double? Brightness { get; init; }

    public LightColour? Colour { get; init; }

    /// <summary>White at this brightness, for lights with a channel for it.</summary>
    public double? White { get; init; }

    public string? Effect { get; init; }

    /// <summary><c>short</c> or <c>long</c>.</summary>
    public string? Flash { get; init; }

    /// <summary>Seconds.</summary>
    public double? Transition { get; init; }

    /// <summary>Reads the data of an action.</summary>
    /// <param name="brightness">The present brightness, which a step starts from.</param>
    /// <param name="refusal">What is wrong with it, or null.</param>
    public static LightRequest Read(JsonElement data, double brightness, out string? refusal)
    {
        refusal = null;
        if (data.ValueKind != JsonValueKind.Object)
        {
            return new LightRequest();
        }

        var request = new LightRequest();
        var colours = 0;
        foreach (var member in data.EnumerateObject())
        {
            if (!Known.Contains(member.Name))
            {
                refusal = $"A light does not know '{member.Name}'.";
                return request;
            }

            var before = request.Colour;
            if (request.With(member.Name, member.Value, brightness) is not { } next)
            {
                refusal = $"'{member.Name}' cannot be {member.Value.GetRawText()}.";
                return request;
            }

            colours += ReferenceEquals(before?.Numbers, next.Colour?.Numbers) ? 0 : 1;
            request = next;
        }

        if (colours > 1)
        {
            refusal = "A light takes one colour at a time.";
        }

        return request;
    }

    private LightRequest? With(string name, JsonElement value, double brightness)
    {
        var number = Loose.Number(value);
        switch (name)
        {
            case "brightness" when number is >= 0 and <= 255:
                return this with { Brightness = Math.Round(number.Value) };
            case "brightness_pct" when number is >= 0 and <= 100:
                return this with { Brightness = Math.Round(number.Value * 2.55) };
            case "brightness_step" when number is >= -255 and <= 255:
                return this with { Brightness = Math.Clamp(brightness + number.Value, 0, 255) };
            case "brightness_step_pct" when number is >= -100 and <= 100:
                var stepped = Math.Round(brightness + (number.Value * 2.55));
                return this with { Brightness = Math.Clamp(stepped, 0, 255) };
            case "color_temp_kelvin" or "kelvin" when number is >= 500 and <= 100_000:
                return this with
                {
                    Colour = new LightColour(LightColour.Temperature, [number.Value]),
                };
            case "color_temp" when number is >= 10 and <= 2_000:
                var kelvin = LightValues.Mireds(number.Value);
                return this with { Colour = new LightColour(LightColour.Temperature, [kelvin]) };
            case "white" when number is >= 0 and <= 255 || value.ValueKind == JsonValueKind.True:
                return this with { White = number ?? brightness };
            case "effect" when Loose.Text(value) is { } effect:
                return this with { Effect = effect };
            case "flash" when Loose.Text(value) is "short" or "long":
                return this with { Flash = Loose.Text(value) };
            case "transition" when number is >= 0 and <= 6553:
                return this with { Transition = number };
            default:
                return WithColour(name, value);
        }
    }

    private LightRequest? WithColour(string name, JsonElement value)
    {
        var mode = name.Split('_')[0];
        if (
            !LightColours.Sizes.TryGetValue(mode, out var size)
            || value.ValueKind != JsonValueKind.Array
            || value.GetArrayLength() != size
        )
        {
            return null;
        }

        var highest = mode switch
        {
            "hs" => 360,
            "xy" => 1,
            _ => 255,
        };
        var numbers = new double[size];
        for (var index = 0; index < size; index++)
        {
            if (Loose.Number(value[index]) is not { } read || read < 0 || read > highest)
            {
                return null;
            }

            numbers[index] = read;
        }

        return mode == "hs" && numbers[1] > 100
            ? null
            : this with
            {
                Colour = new LightColour(mode, numbers),
            };
    }
}
