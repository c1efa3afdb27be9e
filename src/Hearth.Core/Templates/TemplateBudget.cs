namespace Hearth.Core.Templates;

/// <summary>
/// What one evaluation may use. Budgets count steps and sizes, never time, so that the same
/// template with the same input ends the same everywhere.
/// </summary>
public static class TemplateBudget
{
    /// <summary>
    /// Weighted steps: long texts and lists count by their size. Default 100,000.
    /// </summary>
    public const int StepsMax = 100_000;

    /// <summary>Characters of output, 64 Ki.</summary>
    public const int OutputMax = 64 * 1024;

    /// <summary>How deep expressions, blocks and values may nest.</summary>
    public const int DepthMax = 64;

    /// <summary>Characters of a template's source, 64 Ki.</summary>
    public const int SourceMax = 64 * 1024;
}
