using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite;

/// <summary>MQTT sessions, and the QoS 2 packets from and to them that are not done, of one home.
/// </summary>
internal readonly struct SessionTables(Database database, long home)
{
    public void Write(SessionChanges changes)
    {
        foreach (var client in changes.Removed)
        {
            Remove(client);
        }

        foreach (var session in changes.Saved)
        {
            Save(session);
        }

        foreach (var packet in changes.Released)
        {
            Release(packet);
        }

        var sent = new SentTable(database, home);
        foreach (var packet in changes.Sent)
        {
            sent.Save(packet);
        }
    }

    /// <summary>A session of an older epoch is one that was taken over meanwhile: it stays as it
    /// is.</summary>
    private void Save(SessionRecord session)
    {
        database[
            """
            INSERT INTO sessions
                (home, client, epoch, cursor, subscriptions, expiry_seconds, disconnected_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (home, client) DO UPDATE SET
                epoch = excluded.epoch,
                cursor = excluded.cursor,
                subscriptions = excluded.subscriptions,
                expiry_seconds = excluded.expiry_seconds,
                disconnected_at = excluded.disconnected_at
            WHERE excluded.epoch >= epoch
            """
        ]
            .Bind(1, home)
            .Bind(2, session.Client)
            .Bind(3, session.Epoch)
            .Bind(4, session.Cursor.Value)
            .Bind(5, session.Subscriptions)
            .Bind(6, session.ExpirySeconds)
            .Bind(7, session.DisconnectedAt is { } at ? LogKey.Ticks(at) : (long?)null)
            .Run();
        new SentTable(database, home).Trim(session);
    }

    private void Remove(string client)
    {
        database["DELETE FROM sessions WHERE home = ?1 AND client = ?2"]
            .Bind(1, home)
            .Bind(2, client)
            .Run();
        database["DELETE FROM received WHERE home = ?1 AND client = ?2"]
            .Bind(1, home)
            .Bind(2, client)
            .Run();
        database["DELETE FROM sent WHERE home = ?1 AND client = ?2"]
            .Bind(1, home)
            .Bind(2, client)
            .Run();
    }

    private void Release(ReceivedPacket packet) =>
        database["DELETE FROM received WHERE home = ?1 AND client = ?2 AND packet = ?3"]
            .Bind(1, home)
            .Bind(2, packet.Client)
            .Bind(3, packet.PacketId)
            .Run();

    public IReadOnlyList<SessionRecord> All()
    {
        var received = Received();
        var sent = new SentTable(database, home).All().ToLookup(packet => packet.Client);
        var statement = database[
            """
            SELECT client, epoch, cursor, subscriptions, expiry_seconds, disconnected_at
            FROM sessions WHERE home = ?1 ORDER BY client
            """
        ]
            .Bind(1, home);
        var sessions = new List<SessionRecord>();
        while (statement.Step())
        {
            var client = statement.Text(0);
            sessions.Add(
                new SessionRecord(
                    client,
                    statement.Long(1),
                    new Sequence(statement.Long(2)),
                    statement.Text(3),
                    (uint)statement.Long(4),
                    statement.OptionalLong(5) is { } at ? LogKey.Time(at) : null,
                    [.. received[client]]
                )
                {
                    Sent = [.. sent[client]],
                }
            );
        }

        return sessions;
    }

    private ILookup<string, ushort> Received()
    {
        var statement = database["SELECT client, packet FROM received WHERE home = ?1"]
            .Bind(1, home);
        var packets = new List<(string Client, ushort Packet)>();
        while (statement.Step())
        {
            packets.Add((statement.Text(0), (ushort)statement.Long(1)));
        }

        return packets.ToLookup(item => item.Client, item => item.Packet);
    }
}
