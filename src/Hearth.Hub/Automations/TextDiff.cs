using System.Globalization;
using System.Text;

namespace Hearth.Hub.Automations;

/// <summary>A line of a difference between two texts.</summary>
/// <param name="Change"><c>same</c>, <c>removed</c> or <c>added</c>.</param>
/// <param name="From">Its number in the first text, from 1; null where it is not in it.</param>
/// <param name="To">Its number in the second text; null where it is not in it.</param>
internal sealed record DiffLine(string Change, string Text, int? From, int? To);

/// <summary>
/// What has to be taken out of one text and put in to make another of it, line by line: the
/// shortest such script, after Myers, "An O(ND) Difference Algorithm and Its Variations" (1986).
/// </summary>
internal sealed class TextDiff
{
    // So many lines around a change say where it is.
    private const int Context = 3;

    // Beyond this many changes nobody reads line by line; the rest is taken out and put in whole.
    private const int ChangesMax = 1_000;

    private readonly string[] _from;
    private readonly string[] _to;
    private readonly List<DiffLine> _lines = [];

    private TextDiff(string from, string to)
    {
        (_from, _to) = (Split(from), Split(to));
        Compare();
    }

    /// <summary>Every line of both texts, in order.</summary>
    public IReadOnlyList<DiffLine> All => _lines;

    public static TextDiff Of(string from, string to) => new(from, to);

    /// <summary>The lines that changed, with three around each that did not.</summary>
    public IReadOnlyList<DiffLine> Lines() => [.. Hunks().SelectMany(hunk => hunk)];

    /// <summary>The same as a unified diff; empty where nothing changed.</summary>
    public string Unified(string fromName, string toName)
    {
        var text = new StringBuilder();
        foreach (var hunk in Hunks())
        {
            if (text.Length == 0)
            {
                text.Append($"--- {fromName}\n+++ {toName}\n");
            }

            text.Append(
                $"@@ -{Range(hunk, line => line.From)} +{Range(hunk, line => line.To)} @@\n"
            );
            foreach (var line in hunk)
            {
                text.Append(
                    line.Change switch
                    {
                        "same" => ' ',
                        "removed" => '-',
                        _ => '+',
                    }
                );
                text.Append(line.Text).Append('\n');
            }
        }

        return text.ToString();
    }

    // A line break at the end ends the last line and begins none.
    private static string[] Split(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private string Range(List<DiffLine> hunk, Func<DiffLine, int?> number)
    {
        var numbers = hunk.Select(number).OfType<int>().ToArray();
        // A range without lines stands after the line before it.
        var first =
            numbers.Length > 0
                ? numbers[0]
                : _lines
                    .TakeWhile(line => line != hunk[0])
                    .Select(number)
                    .OfType<int>()
                    .LastOrDefault();
        return numbers.Length == 1
            ? first.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{first},{numbers.Length}");
    }

    private List<List<DiffLine>> Hunks()
    {
        var hunks = new List<List<DiffLine>>();
        var taken = -1;
        for (var index = 0; index < _lines.Count; index++)
        {
            if (_lines[index].Change == "same")
            {
                continue;
            }

            var first = Math.Max(taken + 1, index - Context);
            if (hunks.Count == 0 || first > taken + 1)
            {
                hunks.Add([]);
            }

            var last = Math.Min(_lines.Count - 1, index + Context);
            for (var at = first; at <= last; at++)
            {
                hunks[^1].Add(_lines[at]);
            }

            taken = Math.Max(taken, last);
        }

        return hunks;
    }

    private void Compare()
    {
        var start = 0;
        while (start < _from.Length && start < _to.Length && _from[start] == _to[start])
        {
            start++;
        }

        var end = 0;
        while (
            end < _from.Length - start
            && end < _to.Length - start
            && _from[^(end + 1)] == _to[^(end + 1)]
        )
        {
            end++;
        }

        for (var line = 0; line < start; line++)
        {
            Same(line, line);
        }

        Middle(start, _from.Length - end, _to.Length - end);
        for (var line = end; line > 0; line--)
        {
            Same(_from.Length - line, _to.Length - line);
        }
    }

    private void Middle(int start, int fromEnd, int toEnd)
    {
        if (Trace(start, fromEnd, toEnd) is not { } trace)
        {
            Enumerable.Range(start, fromEnd - start).ToList().ForEach(Removed);
            Enumerable.Range(start, toEnd - start).ToList().ForEach(Added);
            return;
        }

        // Back from the end along the furthest points of each number of changes.
        var steps = new Stack<Action>();
        var (x, y) = (fromEnd - start, toEnd - start);
        for (var changes = trace.Count - 1; changes >= 0; changes--)
        {
            var furthest = trace[changes];
            var diagonal = x - y;
            var isAdded =
                diagonal == -changes
                || (diagonal != changes && At(furthest, diagonal - 1) < At(furthest, diagonal + 1));
            var before = isAdded ? diagonal + 1 : diagonal - 1;
            var beforeX = changes == 0 ? 0 : At(furthest, before);
            var beforeY = changes == 0 ? 0 : beforeX - before;
            while (x > beforeX && y > beforeY)
            {
                var (sameX, sameY) = (start + --x, start + --y);
                steps.Push(() => Same(sameX, sameY));
            }

            if (changes > 0)
            {
                var (gone, come) = (start + beforeX, start + beforeY);
                steps.Push(isAdded ? () => Added(come) : () => Removed(gone));
                (x, y) = (beforeX, beforeY);
            }
        }

        foreach (var step in steps)
        {
            step();
        }
    }

    /// <summary>How far each number of changes comes on each diagonal, before it is made; null
    /// where there are too many.</summary>
    private List<int[]>? Trace(int start, int fromEnd, int toEnd)
    {
        var (width, height) = (fromEnd - start, toEnd - start);
        var furthest = new int[3];
        var trace = new List<int[]>();
        for (var changes = 0; changes <= Math.Min(width + height, ChangesMax); changes++)
        {
            trace.Add(furthest);
            var next = new int[(2 * changes) + 3];
            for (var diagonal = -changes; diagonal <= changes; diagonal += 2)
            {
                var x =
                    changes == 0 ? 0
                    : diagonal == -changes
                    || (
                        diagonal != changes
                        && At(furthest, diagonal - 1) < At(furthest, diagonal + 1)
                    )
                        ? At(furthest, diagonal + 1)
                    : At(furthest, diagonal - 1) + 1;
                var y = x - diagonal;
                while (x < width && y < height && _from[start + x] == _to[start + y])
                {
                    (x, y) = (x + 1, y + 1);
                }

                next[diagonal + changes + 1] = x;
                if (x >= width && y >= height)
                {
                    return trace;
                }
            }

            furthest = next;
        }

        return null;
    }

    private static int At(int[] furthest, int diagonal)
    {
        var index = diagonal + (furthest.Length / 2);
        return index >= 0 && index < furthest.Length ? furthest[index] : -1;
    }

    private void Same(int from, int to) =>
        _lines.Add(new DiffLine("same", _from[from], from + 1, to + 1));

    private void Removed(int from) =>
        _lines.Add(new DiffLine("removed", _from[from], from + 1, null));

    private void Added(int to) => _lines.Add(new DiffLine("added", _to[to], null, to + 1));
}
