using System.Collections.Concurrent;

namespace Hearth.EndToEnd.Durability;

/// <summary>What the log owes for something that was published.</summary>
public enum Promise
{
    /// <summary>There if acknowledged, and never twice: it was sent only once.</summary>
    OnceIfAcknowledged,

    /// <summary>There if acknowledged; being sent again may have doubled it.</summary>
    AtLeastOnceIfAcknowledged,

    /// <summary>There if acknowledged, and never twice, however often it was sent.</summary>
    ExactlyOnceIfAcknowledged,
}

/// <summary>Something that was published.</summary>
/// <param name="Key">Travels in it, and is found again in the log.</param>
/// <param name="Publisher">Who, and its how-manieth: the order in which they were sent.</param>
internal sealed record Entry(string Key, string Publisher, int Number, Promise Promise)
{
    private int _sent;

    public int Sent => Volatile.Read(ref _sent);

    public bool Acknowledged { get; set; }

    /// <summary>The sequence that the acknowledgement named, if it named one.</summary>
    public long? Sequence { get; set; }

    public void CountSent() => Interlocked.Increment(ref _sent);
}

/// <summary>What was published and what was acknowledged, to be held against the log.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new();
    private int _acknowledged;

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public int Published => _entries.Count;

    public Entry Add(string publisher, int number, Promise promise)
    {
        var entry = new Entry($"{publisher}/{number}", publisher, number, promise);
        Assert.True(_entries.TryAdd(entry.Key, entry));
        return entry;
    }

    public void Acknowledge(Entry entry)
    {
        entry.Acknowledged = true;
        Interlocked.Increment(ref _acknowledged);
    }

    /// <summary>Everything in which the log is wrong.</summary>
    /// <param name="found">The sequences under which each key lies in the log.</param>
    public IReadOnlyList<string> Faults(IReadOnlyDictionary<string, List<long>> found)
    {
        var faults = new List<string>();
        foreach (var entry in _entries.Values)
        {
            var sequences = found.TryGetValue(entry.Key, out var list) ? list : [];
            var mayRepeat =
                entry.Promise == Promise.AtLeastOnceIfAcknowledged
                && entry.Sent > sequences.Count - 1;
            if (sequences.Count == 0 && entry.Acknowledged)
            {
                faults.Add($"{entry.Key} was acknowledged and is not in the log");
            }
            else if (sequences.Count > 1 && !mayRepeat)
            {
                faults.Add(
                    $"{entry.Key} was sent {entry.Sent} times and is in the log {sequences.Count}"
                        + $" times: {string.Join(", ", sequences)}"
                );
            }

            if (entry.Sequence is { } said && !sequences.Contains(said))
            {
                faults.Add(
                    $"{entry.Key} was acknowledged as {said} and lies at"
                        + $" {string.Join(", ", sequences)}"
                );
            }
        }

        faults.AddRange(
            found
                .Keys.Where(key => !_entries.ContainsKey(key))
                .Select(key => $"{key} was never sent")
        );
        faults.AddRange(OutOfOrder(found));
        return faults;
    }

    /// <summary>What one connection published in an order lies in the log in that order, the first
    /// time of each.</summary>
    private IEnumerable<string> OutOfOrder(IReadOnlyDictionary<string, List<long>> found)
    {
        var byPublisher = _entries
            .Values.Where(entry => found.ContainsKey(entry.Key))
            .GroupBy(entry => entry.Publisher);
        foreach (var entries in byPublisher)
        {
            Entry? before = null;
            foreach (var entry in entries.OrderBy(entry => entry.Number))
            {
                if (before is not null && found[before.Key][0] > found[entry.Key][0])
                {
                    yield return $"{entry.Key} lies at {found[entry.Key][0]}, before"
                        + $" {before.Key} at {found[before.Key][0]}";
                }

                before = entry;
            }
        }
    }
}
