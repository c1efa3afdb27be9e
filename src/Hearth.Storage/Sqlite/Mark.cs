using System.Buffers.Binary;
using Hearth.Core.Events;
using Microsoft.Win32.SafeHandles;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// How far each home's log had come and when the hub was last alive, in a small file beside the
/// database. SQLite ends its write-ahead log silently at the first frame that does not verify;
/// this file is how a start knows that it did. It is written after commits and never synced, so it
/// may say too little, never too much.
/// </summary>
/// <remarks>
/// Slots of 16 bytes: a value and its checksum, little endian. Slot 0 is the time of the last sign
/// of life, slot n the last sequence of the home with number n. A slot that does not verify says
/// nothing.
/// </remarks>
internal sealed class Mark : IDisposable
{
    private const int SlotBytes = 16;
    private const string SignOfLife = "";

    private readonly SafeFileHandle _file;

    private Mark(SafeFileHandle file)
    {
        _file = file;
        LastAlive = Read(0, SignOfLife) is { } ticks ? LogKey.Time(ticks) : null;
    }

    /// <summary>When the hub that had this directory before was last alive.</summary>
    public DateTimeOffset? LastAlive { get; }

    public static Mark Open(string file)
    {
        DataDirectory.OpenOwnerOnly(file, FileShare.ReadWrite).Dispose();
        return new Mark(
            File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)
        );
    }

    public Sequence? LastOf(long number, HomeId home) =>
        Read(number, home.Value) is { } last ? new Sequence(last) : null;

    /// <summary>The slot that belongs to a home whatever its number was: a database that has
    /// forgotten the home gives it another one.</summary>
    public Sequence? FindLast(HomeId home)
    {
        var slots = RandomAccess.GetLength(_file) / SlotBytes;
        for (var slot = 1L; slot < slots; slot++)
        {
            if (LastOf(slot, home) is { } last)
            {
                return last;
            }
        }

        return null;
    }

    public void Write(long number, HomeId home, Sequence last) =>
        Write(number, home.Value, last.Value);

    public void Touch(DateTimeOffset now) => Write(0, SignOfLife, LogKey.Ticks(now));

    public void Dispose() => _file.Dispose();

    private long? Read(long slot, string home)
    {
        Span<byte> bytes = stackalloc byte[SlotBytes];
        if (RandomAccess.Read(_file, bytes, slot * SlotBytes) < SlotBytes)
        {
            return null;
        }

        var value = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var checksum = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        return checksum == Checksum.OfMark(home, value) ? value : null;
    }

    private void Write(long slot, string home, long value)
    {
        Span<byte> bytes = stackalloc byte[SlotBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Checksum.OfMark(home, value));
        RandomAccess.Write(_file, bytes, slot * SlotBytes);
    }
}
