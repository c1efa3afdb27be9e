namespace Hearth.Tidy;

/// <summary>One place that breaks a rule, and what to do instead.</summary>
internal sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() =>
        Line > 0 ? $"{Path}:{Line}: {Message}" : $"{Path}: {Message}";

    /// <summary>Fails with all places at once, so that one run is enough to repair them.</summary>
    public static void None(IEnumerable<Finding> findings)
    {
        var lines = findings.Select(finding => finding.ToString()).Order(StringComparer.Ordinal);
        var text = string.Join('\n', lines);
        if (text.Length > 0)
        {
            Assert.Fail("\n" + text);
        }
    }
}
