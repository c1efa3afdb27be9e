using System.Globalization;
using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite;

/// <summary>QoS 2 messages to clients whose handshake is open, or that a cursor has not passed.
/// </summary>
internal readonly struct SentTable(Database database, long home)
{
    public void Save(SentPacket packet) =>
        database[
            """
            INSERT OR REPLACE INTO sent
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE EXISTS
                (SELECT 1 FROM sessions WHERE home = ?1 AND client = ?2 AND epoch <= ?10)
            """
        ]
            .Bind(1, home)
            .Bind(2, packet.Client)
            .Bind(3, packet.Retained)
            .Bind(4, packet.Sequence.Value)
            .Bind(5, packet.PacketId)
            .Bind(6, (long)packet.State)
            .Bind(7, packet.Retain)
            .Bind(8, packet.Topic)
            .Bind(9, string.Join(' ', packet.SubscriptionIds))
            .Bind(10, packet.Epoch)
            .Run();

    /// <summary>Takes away what a session needs no more: all that its cursor, as it is stored now,
    /// has passed.</summary>
    public void Trim(SessionRecord session)
    {
        database[
            """
            DELETE FROM sent WHERE home = ?1 AND client = ?2 AND retained = 0 AND sequence <=
                (SELECT cursor FROM sessions WHERE home = ?1 AND client = ?2)
            """
        ]
            .Bind(1, home)
            .Bind(2, session.Client)
            .Run();
        if (!session.AwaitsRetained)
        {
            database[
                """
                DELETE FROM sent WHERE home = ?1 AND client = ?2 AND retained = 1 AND ?3 =
                    (SELECT epoch FROM sessions WHERE home = ?1 AND client = ?2)
                """
            ]
                .Bind(1, home)
                .Bind(2, session.Client)
                .Bind(3, session.Epoch)
                .Run();
        }
    }

    /// <summary>In the order of sending.</summary>
    public IReadOnlyList<SentPacket> All()
    {
        var statement = database[
            """
            SELECT client, packet, sequence, state, retained, retain, topic, subscriptions
            FROM sent WHERE home = ?1 ORDER BY client, retained DESC, sequence
            """
        ]
            .Bind(1, home);
        var packets = new List<SentPacket>();
        while (statement.Step())
        {
            packets.Add(
                new SentPacket(
                    statement.Text(0),
                    Epoch: 0,
                    (ushort)statement.Long(1),
                    new Sequence(statement.Long(2)),
                    (SentState)statement.Long(3),
                    Retained: statement.Flag(4),
                    Retain: statement.Flag(5),
                    statement.OptionalText(6),
                    Ids(statement.Text(7))
                )
            );
        }

        return packets;
    }

    private static IReadOnlyList<uint> Ids(string text) =>
        [
            .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => uint.Parse(id, CultureInfo.InvariantCulture)),
        ];
}
