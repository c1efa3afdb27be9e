using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// The checksums of rows, snapshots and marks: XXH3 with 64 bits, seed 0, over a fixed header that
/// begins with the body's own XXH3 and ends with the home (docs/concepts/log-format.md). They find
/// what a disk got wrong; they do not keep out who writes on purpose.
/// </summary>
internal static class Checksum
{
    public static long OfRow(Row row) =>
        OfRow(row.Home, row.First, row.Last, row.Class, row.Time, row.Body.Span);

    public static long OfRow(
        HomeId home,
        Sequence first,
        Sequence last,
        RetentionClass retention,
        DateTimeOffset time,
        ReadOnlySpan<byte> body
    ) => Of(home, body, first.Value, last.Value, LogKey.Ticks(time), (int)retention);

    public static long OfSnapshot(HomeId home, StoredSnapshot snapshot) =>
        Of(
            home,
            snapshot.Bytes.Span,
            snapshot.Sequence.Value,
            snapshot.Version,
            LogKey.Ticks(snapshot.Time)
        );

    public static long OfMark(string home, long value) => Of(new HomeId(home), [], value);

    private static long Of(HomeId home, ReadOnlySpan<byte> body, params ReadOnlySpan<long> fields)
    {
        var homeMost = Encoding.UTF8.GetMaxByteCount(home.Value.Length);
        Span<byte> header = stackalloc byte[8 + 8 * fields.Length + homeMost];
        BinaryPrimitives.WriteUInt64LittleEndian(header, XxHash3.HashToUInt64(body));
        var length = 8;
        foreach (var field in fields)
        {
            BinaryPrimitives.WriteInt64LittleEndian(header[length..], field);
            length += 8;
        }

        length += Encoding.UTF8.GetBytes(home.Value, header[length..]);
        return unchecked((long)XxHash3.HashToUInt64(header[..length]));
    }
}
