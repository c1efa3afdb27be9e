using System.Globalization;

namespace Hearth.Hub.Devices;

/// <summary>How long a caller wants to wait: <c>5s</c>, <c>500ms</c>, or seconds without a unit.
/// </summary>
internal static class WaitTime
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <param name="text">Null for not at all.</param>
    public static bool TryRead(string? text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        if (text is null)
        {
            return true;
        }

        var (digits, milliseconds) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 1),
            _ when text.EndsWith('s') => (text[..^1], 1000),
            _ => (text, 1000),
        };
        var isNumber = double.TryParse(
            digits,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        );
        if (!isNumber || number * milliseconds > Longest.TotalMilliseconds)
        {
            return false;
        }

        time = TimeSpan.FromMilliseconds(number * milliseconds);
        return true;
    }
}
