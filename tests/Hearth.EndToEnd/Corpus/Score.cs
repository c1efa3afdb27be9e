namespace Hearth.EndToEnd.Corpus;

/// <param name="What">The expectation.</param>
/// <param name="Fault">What was wrong; null where it held.</param>
internal readonly record struct Verdict(string What, string? Fault);

/// <summary>How many expectations of a source held.</summary>
internal sealed class Score
{
    private readonly List<string> _misses = [];

    public int Judged { get; private set; }

    public int Ignored { get; set; }

    public IReadOnlyList<string> Misses => _misses;

    public void Count(Verdict verdict)
    {
        Judged++;
        if (verdict.Fault is not null)
        {
            _misses.Add($"{verdict.What} {verdict.Fault}");
        }
    }

    public override string ToString() =>
        $"{Judged - _misses.Count} of {Judged} hold, {Ignored} of other components not judged";
}
