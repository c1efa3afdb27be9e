using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Truths;

/// <summary>
/// What a program's event is remembered by: half a SHA-256 over principal, source and id, each
/// with its length before it. A hash that can be forged would let one program make another's event
/// look like one that came before.
/// </summary>
internal static class PublishedKey
{
    public const int Bytes = 16;

    /// <summary>An id is remembered for seven days at least; by whole days, so up to eight.
    /// </summary>
    public const int DaysKept = 7;

    public static long DayOf(DateTimeOffset time) =>
        (long)Math.Floor((time - DateTimeOffset.UnixEpoch).TotalDays);

    public static void Write(Principal principal, string source, string id, Span<byte> key)
    {
        var most =
            12
            + Encoding.UTF8.GetMaxByteCount(principal.Value.Length)
            + Encoding.UTF8.GetMaxByteCount(source.Length)
            + Encoding.UTF8.GetMaxByteCount(id.Length);
        var text = most <= 1024 ? stackalloc byte[1024] : new byte[most];
        var length = 0;
        foreach (var part in (ReadOnlySpan<string>)[principal.Value, source, id])
        {
            var bytes = Encoding.UTF8.GetBytes(part, text[(length + 4)..]);
            BinaryPrimitives.WriteInt32LittleEndian(text[length..], bytes);
            length += 4 + bytes;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        hash[..Bytes].CopyTo(key);
    }
}
