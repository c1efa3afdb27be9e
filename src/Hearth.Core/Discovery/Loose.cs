using System.Globalization;
using System.Text.Json;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>
/// Values as devices type them: numbers and booleans as strings, strings as booleans. A boolean as
/// text is what Python prints, because that is what a template of the same device will render.
/// </summary>
internal static class Loose
{
    /// <summary>A scalar as text; null for null, lists and objects.</summary>
    public static string? Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => PythonJson.NumberText(value),
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            _ => null,
        };

    /// <summary>The texts of a list, or one text; anything else in it is left out.</summary>
    public static string[] Texts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(Text).OfType<string>()]
        : Text(value) is { } text ? [text]
        : [];

    public static bool? Flag(JsonElement value) =>
        Text(value)?.Trim().ToLowerInvariant() switch
        {
            "true" or "on" or "yes" or "1" or "1.0" or "enable" => true,
            "false" or "off" or "no" or "0" or "0.0" or "disable" => false,
            _ => null,
        };

    public static double? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : value.ValueKind == JsonValueKind.String ? Number(value.GetString())
        : null;

    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;
}
