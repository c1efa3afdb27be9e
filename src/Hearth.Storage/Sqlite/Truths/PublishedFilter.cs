using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Hearth.Storage.Sqlite.Truths;

/// <summary>
/// Says without the disk which events of a home were surely not published before, as nearly all
/// are. It may say "perhaps" of a new one, never "surely new" of one that the table shows: the
/// writer adds an id before its commit, and nothing is answered before the table was read in.
/// By day, like the table, so that what has expired goes.
/// </summary>
internal sealed class PublishedFilter
{
    private readonly ConcurrentDictionary<long, DayFilter> _days = new();
    private int _isReadingIn;
    private volatile bool _isReady;

    /// <summary>False while it does not know what the table has.</summary>
    public bool IsReady => _isReady;

    /// <summary>True for the one who is to read the table in; the others ask the table.</summary>
    public bool BeginReadingIn() => Interlocked.Exchange(ref _isReadingIn, 1) == 0;

    public void EndReadingIn(bool isComplete)
    {
        _isReady = isComplete;
        Interlocked.Exchange(ref _isReadingIn, isComplete ? 1 : 0);
    }

    public void Add(long day, ReadOnlySpan<byte> key) =>
        _days.GetOrAdd(day, static _ => new DayFilter()).Add(HashOf(key));

    /// <summary>Forgets the days before this one.</summary>
    public void Forget(long firstKept)
    {
        foreach (var day in _days.Keys)
        {
            if (day < firstKept)
            {
                _days.TryRemove(day, out _);
            }
        }
    }

    public bool MayHave(ReadOnlySpan<byte> key)
    {
        var hash = HashOf(key);
        foreach (var (_, day) in _days)
        {
            if (day.MayHave(hash))
            {
                return true;
            }
        }

        return false;
    }

    private static ulong HashOf(ReadOnlySpan<byte> key) =>
        BinaryPrimitives.ReadUInt64LittleEndian(key);
}

/// <summary>The ids of one day: Bloom filters, each twice as large as the one before it, so that
/// nobody has to say how many there will be. 16 bits an id; wrong about one in a thousand.
/// </summary>
internal sealed class DayFilter
{
    private const int FirstWords = 1024;
    private const int BitsOfId = 16;
    private const int Probes = 6;

    private readonly Lock _adding = new();
    private volatile long[][] _filters = [new long[FirstWords]];
    private int _room = RoomOf(FirstWords);

    public void Add(ulong hash)
    {
        lock (_adding)
        {
            if (MayHave(hash))
            {
                return;
            }

            if (_room == 0)
            {
                var words = _filters[^1].Length * 2;
                _filters = [.. _filters, new long[words]];
                _room = RoomOf(words);
            }

            _room--;
            var newest = _filters[^1];
            for (var probe = 0; probe < Probes; probe++)
            {
                var bit = BitOf(newest, hash, probe);
                Interlocked.Or(ref newest[bit >> 6], 1L << (int)(bit & 63));
            }
        }
    }

    public bool MayHave(ulong hash)
    {
        foreach (var filter in _filters)
        {
            var probe = 0;
            while (probe < Probes && IsSet(filter, BitOf(filter, hash, probe)))
            {
                probe++;
            }

            if (probe == Probes)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSet(long[] filter, long bit) =>
        (Volatile.Read(ref filter[bit >> 6]) & (1L << (int)(bit & 63))) != 0;

    // Two halves of one hash make as many as are wanted (Kirsch and Mitzenmacher).
    private static long BitOf(long[] filter, ulong hash, int probe)
    {
        var mixed = (uint)hash + (uint)probe * ((uint)(hash >> 32) | 1);
        return (long)(mixed * (ulong)filter.Length * 64 >> 32);
    }

    private static int RoomOf(int words) => words * 64 / BitsOfId;
}
