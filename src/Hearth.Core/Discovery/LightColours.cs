namespace Hearth.Core.Discovery;

/// <summary>
/// One colour as a light takes it: the mode (<c>rgb</c>, <c>xy</c>, <c>color_temp</c> …) and its
/// numbers; kelvin for a colour temperature.
/// </summary>
internal readonly record struct LightColour(string Mode, double[] Numbers)
{
    public const string Temperature = "color_temp";

    /// <summary>The attribute that shows it.</summary>
    public string Attribute => AttributeOf(Mode);

    public static string AttributeOf(string mode) =>
        mode == Temperature ? "color_temp_kelvin" : mode + "_color";
}

/// <summary>
/// Colours turned from one mode into another, for lights that are asked in words that they do not
/// speak: <c>hs</c> is degrees and percent, <c>xy</c> is CIE 1931 by the wide-gamut matrices that
/// Philips publishes for its lamps, which Home Assistant uses as well.
/// </summary>
internal static class LightColours
{
    /// <summary>The modes that carry a colour, and how many numbers each has.</summary>
    public static readonly IReadOnlyDictionary<string, int> Sizes = new Dictionary<string, int>
    {
        ["rgb"] = 3,
        ["rgbw"] = 4,
        ["rgbww"] = 5,
        ["hs"] = 2,
        ["xy"] = 2,
    };

    /// <summary>The colour in the first mode that the light has; null where it has none.</summary>
    public static LightColour? For(LightColour colour, IReadOnlyCollection<string> modes)
    {
        if (modes.Contains(colour.Mode))
        {
            return colour;
        }

        var (red, green, blue) = ToRgb(colour);
        foreach (var mode in (string[])["rgb", "rgbw", "rgbww", "hs", "xy"])
        {
            if (modes.Contains(mode))
            {
                return new LightColour(mode, FromRgb(mode, red, green, blue));
            }
        }

        return modes.Contains(LightColour.Temperature)
            ? new LightColour(LightColour.Temperature, [KelvinOf(ToXy(red, green, blue))])
            : null;
    }

    public static (double Red, double Green, double Blue) ToRgb(LightColour colour)
    {
        var n = colour.Numbers;
        return colour.Mode switch
        {
            "rgb" => (n[0], n[1], n[2]),
            "rgbw" or "rgbww" => WithWhite(n),
            "hs" => HsToRgb(n[0], n[1]),
            "xy" => XyToRgb(n[0], n[1]),
            _ => KelvinToRgb(n[0]),
        };
    }

    private static double[] FromRgb(string mode, double red, double green, double blue)
    {
        var white = Math.Min(red, Math.Min(green, blue));
        return mode switch
        {
            "rgb" => [Math.Round(red), Math.Round(green), Math.Round(blue)],
            "rgbw" => Rounded(red - white, green - white, blue - white, white),
            "rgbww" => Rounded(red - white, green - white, blue - white, white, white),
            "hs" => ToHs(red, green, blue),
            _ => ToXy(red, green, blue),
        };
    }

    private static double[] Rounded(params double[] channels) =>
        Array.ConvertAll(channels, channel => Math.Round(channel));

    private static (double, double, double) WithWhite(double[] channels)
    {
        var white = channels.Length == 4 ? channels[3] : Math.Max(channels[3], channels[4]);
        return (
            Math.Min(255, channels[0] + white),
            Math.Min(255, channels[1] + white),
            Math.Min(255, channels[2] + white)
        );
    }

    private static (double, double, double) HsToRgb(double hue, double saturation)
    {
        var depth = Math.Clamp(saturation, 0, 100) / 100;
        return (Channel(5), Channel(3), Channel(1));

        double Channel(int offset)
        {
            var k = (offset + (hue / 60)) % 6;
            return 255 * (1 - (depth * Math.Clamp(Math.Min(k, 4 - k), 0, 1)));
        }
    }

    private static double[] ToHs(double red, double green, double blue)
    {
        var high = Math.Max(red, Math.Max(green, blue));
        var span = high - Math.Min(red, Math.Min(green, blue));
        if (span <= 0)
        {
            return [0, 0];
        }

        var sixth =
            high == red ? (green - blue) / span % 6
            : high == green ? ((blue - red) / span) + 2
            : ((red - green) / span) + 4;
        var hue = (sixth * 60 + 360) % 360;
        return [Math.Round(hue, 3), Math.Round(span / high * 100, 3)];
    }

    private static double[] ToXy(double red, double green, double blue)
    {
        var (r, g, b) = (Linear(red), Linear(green), Linear(blue));
        var x = (0.664511 * r) + (0.154324 * g) + (0.162028 * b);
        var y = (0.283881 * r) + (0.668433 * g) + (0.047685 * b);
        var z = (0.000088 * r) + (0.072310 * g) + (0.986039 * b);
        var sum = x + y + z;
        // Black has no colour; the white point stands for it.
        return sum <= 0 ? [0.323, 0.329] : [Math.Round(x / sum, 3), Math.Round(y / sum, 3)];
    }

    private static (double, double, double) XyToRgb(double x, double y)
    {
        var height = Math.Max(y, 1e-4);
        var (bigX, bigZ) = (x / height, (1 - x - y) / height);
        var r = (1.656492 * bigX) - 0.354851 - (0.255038 * bigZ);
        var g = (-0.707196 * bigX) + 1.655397 + (0.036152 * bigZ);
        var b = (0.051713 * bigX) - 0.121364 + (1.011530 * bigZ);
        var high = Math.Max(r, Math.Max(g, Math.Max(b, 1e-6)));
        return (Gamma(r / high), Gamma(g / high), Gamma(b / high));
    }

    // Neil Bartlett's fit of the black body between 1,000 and 40,000 K, as Tanner Helland made it
    // known.
    private static (double, double, double) KelvinToRgb(double kelvin)
    {
        var t = Math.Clamp(kelvin, 1_000, 40_000) / 100;
        var red = t <= 66 ? 255 : 329.698727446 * Math.Pow(t - 60, -0.1332047592);
        var green =
            t <= 66
                ? (99.4708025861 * Math.Log(t)) - 161.1195681661
                : 288.1221695283 * Math.Pow(t - 60, -0.0755148492);
        var blue =
            t >= 66 ? 255
            : t <= 19 ? 0
            : (138.5177312231 * Math.Log(t - 10)) - 305.0447927307;
        return (Math.Clamp(red, 0, 255), Math.Clamp(green, 0, 255), Math.Clamp(blue, 0, 255));
    }

    // McCamy's approximation.
    private static double KelvinOf(double[] xy)
    {
        var n = (xy[0] - 0.332) / (0.1858 - xy[1]);
        var kelvin = (437 * n * n * n) + (3601 * n * n) + (6861 * n) + 5517;
        return Math.Round(Math.Clamp(kelvin, 1_000, 40_000));
    }

    private static double Linear(double channel)
    {
        var value = Math.Clamp(channel, 0, 255) / 255;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    private static double Gamma(double linear)
    {
        var value = Math.Clamp(linear, 0, 1);
        return 255
            * (value <= 0.0031308 ? value * 12.92 : (1.055 * Math.Pow(value, 1 / 2.4)) - 0.055);
    }
}
