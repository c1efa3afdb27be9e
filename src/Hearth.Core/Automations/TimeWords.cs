namespace Hearth.Core.Automations;

/// <summary>The words by which a template reads the clock.</summary>
internal static class TimeWords
{
    private static readonly string[] All =
    [
        "now(",
        "utcnow(",
        "today_at(",
        "relative_time(",
        "time_since(",
        "time_until(",
    ];

    /// <summary>True where time alone can change what the template renders.</summary>
    public static bool AreIn(DataTemplate template) =>
        template.Source is { } source
        && Array.Exists(All, word => source.Contains(word, StringComparison.Ordinal));
}
