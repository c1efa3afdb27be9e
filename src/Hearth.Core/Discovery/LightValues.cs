using System.Globalization;

namespace Hearth.Core.Discovery;

/// <summary>The numbers of lights, on the wire and in the state.</summary>
internal static class LightValues
{
    /// <summary>Brightness in the state, 1 to 255; null for what is none, and for the 0 that a
    /// light says when it is off: the last brightness stays.</summary>
    public static double? BrightnessFrom(double? said, double scale) =>
        said is > 0
            ? Math.Clamp(Math.Round(said.Value * 255 / scale, MidpointRounding.ToEven), 1, 255)
            : null;

    /// <summary>Brightness on the wire; never below 1, which would be off.</summary>
    /// <param name="scale">As announced, so that it may be anything; below 1 it counts as 1.
    /// </param>
    public static double ToScale(double brightness, double scale)
    {
        var most = Math.Max(1, scale);
        return Math.Clamp(Math.Round(brightness * most / 255, MidpointRounding.ToEven), 1, most);
    }

    /// <summary>Kelvin from mireds, and the other way round.</summary>
    public static double Mireds(double kelvin) => Math.Floor(1_000_000 / kelvin);

    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A colour as the JSON of its attribute: one number, or a list.</summary>
    public static string Json(LightColour colour) =>
        colour.Mode == LightColour.Temperature
            ? Text(colour.Numbers[0])
            : "[" + string.Join(',', colour.Numbers.Select(Text)) + "]";
}
