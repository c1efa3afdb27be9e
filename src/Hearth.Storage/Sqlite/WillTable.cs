using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite;

/// <summary>The wills of one home's clients.</summary>
internal readonly struct WillTable(Database database, long home)
{
    public void Write(SessionChanges changes)
    {
        foreach (var key in changes.WillsRemoved)
        {
            database["DELETE FROM wills WHERE home = ?1 AND client = ?2 AND connection = ?3"]
                .Bind(1, home)
                .Bind(2, key.Client)
                .Bind(3, key.Connection)
                .Run();
        }

        foreach (var will in changes.WillsSaved)
        {
            Save(will);
        }
    }

    public IReadOnlyList<WillRecord> All()
    {
        var statement = database[
            """
            SELECT client, connection, topic, payload, qos, retain, properties, delay_seconds,
                grace_seconds, address, due_at
            FROM wills WHERE home = ?1 ORDER BY client, connection
            """
        ]
            .Bind(1, home);
        var wills = new List<WillRecord>();
        while (statement.Step())
        {
            wills.Add(
                new WillRecord(
                    new WillKey(statement.Text(0), statement.Long(1)),
                    statement.Text(2),
                    new Payload(statement.Bytes(3).ToArray()),
                    Qos: (int)statement.Long(4),
                    Retain: statement.Flag(5),
                    Properties: statement.Properties(6),
                    DelaySeconds: (uint)statement.Long(7),
                    GraceSeconds: (uint)statement.Long(8),
                    Address: statement.OptionalText(9),
                    DueAt: statement.OptionalLong(10) is { } at ? LogKey.Time(at) : null
                )
            );
        }

        return wills;
    }

    private void Save(WillRecord will) =>
        database[
            """
            INSERT OR REPLACE INTO wills
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """
        ]
            .Bind(1, home)
            .Bind(2, will.Key.Client)
            .Bind(3, will.Key.Connection)
            .Bind(4, will.Topic)
            .BindBlob(5, will.Payload.Bytes.Span)
            .Bind(6, will.Qos)
            .Bind(7, will.Retain)
            .Bind(8, will.Properties, new JsonWriter())
            .Bind(9, will.DelaySeconds)
            .Bind(10, will.GraceSeconds)
            .Bind(11, will.Address)
            .Bind(12, will.DueAt is { } at ? LogKey.Ticks(at) : (long?)null)
            .Run();
}
