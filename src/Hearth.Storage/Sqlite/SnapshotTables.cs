using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// The snapshots of one home. Their bytes lie in parts, each written with a commit of its own, so
/// that a large one never holds up the commits behind it for long; what is written last, the row in
/// <c>snapshots</c>, makes a snapshot of them.
/// </summary>
internal readonly struct SnapshotTables(Database database, HomeId home, long number)
{
    /// <summary>48 pages; a commit of 131 took 1.75 ms (docs/adr/0008).</summary>
    public const int PartBytes = 192 * 1024;

    public void SavePart(Sequence sequence, int part, ReadOnlySpan<byte> bytes) =>
        database[
            """
            INSERT OR REPLACE INTO snapshot_parts (home, sequence, part, bytes)
            VALUES (?1, ?2, ?3, ?4)
            """
        ]
            .Bind(1, number)
            .Bind(2, sequence.Value)
            .Bind(3, part)
            .BindBlob(4, bytes)
            .Run();

    /// <summary>Makes a snapshot of its parts, and lets go of the older ones but one, and of parts
    /// that came to nothing.</summary>
    public void Save(StoredSnapshot snapshot, Sequence? keep)
    {
        database[
            """
            INSERT OR REPLACE INTO snapshots (home, sequence, version, time, checksum)
            VALUES (?1, ?2, ?3, ?4, ?5)
            """
        ]
            .Bind(1, number)
            .Bind(2, snapshot.Sequence.Value)
            .Bind(3, snapshot.Version)
            .Bind(4, LogKey.Ticks(snapshot.Time))
            .Bind(5, Checksum.OfSnapshot(home, snapshot))
            .Run();
        database["DELETE FROM snapshots WHERE home = ?1 AND sequence < ?2 AND sequence <> ?3"]
            .Bind(1, number)
            .Bind(2, snapshot.Sequence.Value)
            .Bind(3, keep?.Value ?? -1)
            .Run();
        database[
            """
            DELETE FROM snapshot_parts WHERE home = ?1 AND (
                sequence NOT IN (SELECT sequence FROM snapshots WHERE home = ?1)
                OR sequence = ?2 AND part >= ?3)
            """
        ]
            .Bind(1, number)
            .Bind(2, snapshot.Sequence.Value)
            .Bind(3, PartsOf(snapshot))
            .Run();
    }

    /// <summary>Snapshots up to a sequence, newest first, each with whether it verified.</summary>
    public IReadOnlyList<(StoredSnapshot Snapshot, bool IsVerified)> UpTo(Sequence sequence)
    {
        var snapshots = new List<(StoredSnapshot, bool)>();
        var statement = database[
            """
            SELECT sequence, version, time, checksum
            FROM snapshots WHERE home = ?1 AND sequence <= ?2 ORDER BY sequence DESC
            """
        ]
            .Bind(1, number)
            .Bind(2, sequence.Value);
        while (statement.Step())
        {
            var at = new Sequence(statement.Long(0));
            var isTime = LogKey.IsTime(statement.Long(2));
            var snapshot = new StoredSnapshot(
                at,
                (int)statement.Long(1),
                isTime ? LogKey.Time(statement.Long(2)) : default,
                Bytes(at)
            );
            var checksum = Checksum.OfSnapshot(home, snapshot);
            snapshots.Add((snapshot, isTime && checksum == statement.Long(3)));
        }

        return snapshots;
    }

    public static int PartsOf(StoredSnapshot snapshot) =>
        (snapshot.Bytes.Length + PartBytes - 1) / PartBytes;

    private byte[] Bytes(Sequence sequence)
    {
        using var bytes = new MemoryStream();
        var statement = database[
            "SELECT bytes FROM snapshot_parts WHERE home = ?1 AND sequence = ?2 ORDER BY part"
        ]
            .Bind(1, number)
            .Bind(2, sequence.Value);
        while (statement.Step())
        {
            bytes.Write(statement.Bytes(0));
        }

        return bytes.ToArray();
    }
}
