namespace Hearth.Core.Automations;

/// <summary>The word that somebody probably meant, found by how few letters it is away.</summary>
internal static class Suggestion
{
    // So many letters at the beginning say what is meant, whatever follows.
    private const int LettersMin = 4;

    /// <summary>The nearest of the words; null where none is near enough to be meant.</summary>
    public static string? For(string written, IEnumerable<string> words)
    {
        var text = written.ToLowerInvariant();
        // A third of the letters may be wrong; beyond that, it is another word.
        var best = Math.Max(1, text.Length / 3) + 1;
        string? found = null;
        foreach (var word in words)
        {
            if (Math.Abs(word.Length - text.Length) >= best)
            {
                continue;
            }

            var distance = Distance(text, word, best);
            if (distance < best)
            {
                (best, found) = (distance, word);
            }
        }

        return found
            ?? words.FirstOrDefault(word =>
                text.Length >= LettersMin
                && word.Length >= LettersMin
                && (
                    word.StartsWith(text, StringComparison.Ordinal)
                    || text.StartsWith(word, StringComparison.Ordinal)
                )
            );
    }

    /// <summary>How many letters must be changed, added, left out or swapped with their neighbour;
    /// no more is counted than <paramref name="enough"/>.</summary>
    private static int Distance(string from, string to, int enough)
    {
        var (before, last, row) = (
            new int[to.Length + 1],
            new int[to.Length + 1],
            new int[to.Length + 1]
        );
        for (var column = 0; column <= to.Length; column++)
        {
            last[column] = column;
        }

        for (var line = 1; line <= from.Length; line++)
        {
            row[0] = line;
            var least = line;
            for (var column = 1; column <= to.Length; column++)
            {
                var cost = from[line - 1] == to[column - 1] ? 0 : 1;
                var here = Math.Min(
                    last[column - 1] + cost,
                    Math.Min(last[column], row[column - 1]) + 1
                );
                if (
                    line > 1
                    && column > 1
                    && from[line - 1] == to[column - 2]
                    && from[line - 2] == to[column - 1]
                )
                {
                    here = Math.Min(here, before[column - 2] + 1);
                }

                row[column] = here;
                least = Math.Min(least, here);
            }

            if (least >= enough)
            {
                return enough;
            }

            (before, last, row) = (last, row, before);
        }

        return last[to.Length];
    }
}
