using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite.Truths;

/// <summary>How the current truths of one home are read.</summary>
internal readonly struct TruthReader(Database database, long home)
{
    private const string SelectDevices = """
        SELECT device, description, state, state_reason, since, connectivity, health,
            health_detail, health_reason, enabled, changed, arranged
        FROM devices WHERE home = ?1
        """;

    private const string SelectEntities = """
        SELECT entity, device, component, discovery_id, options, state, attributes, available,
            last_changed, changed, desired
        FROM entities JOIN entity_states USING (home, entity) WHERE home = ?1
        """;

    public IReadOnlyList<DeviceRecord> Devices() =>
        ReadDevices(Select(SelectDevices + " ORDER BY device"));

    public DeviceRecord? Device(DeviceId id) =>
        ReadDevices(Select(SelectDevices + " AND device = ?2").Bind(2, id.Value)).FirstOrDefault();

    public IReadOnlyList<EntityRecord> Entities() =>
        ReadEntities(Select(SelectEntities + " ORDER BY entity"));

    public IReadOnlyList<EntityRecord> EntitiesOf(DeviceId id) =>
        ReadEntities(Select(SelectEntities + " AND device = ?2 ORDER BY entity").Bind(2, id.Value));

    public EntityRecord? Entity(EntityId id) =>
        ReadEntities(Select(SelectEntities + " AND entity = ?2").Bind(2, id.Value))
            .FirstOrDefault();

    public IReadOnlyList<AreaSaved> Areas()
    {
        var statement = Select("SELECT definition FROM areas WHERE home = ?1 ORDER BY area");
        var areas = new List<AreaSaved>();
        while (statement.Step())
        {
            areas.Add(AreaSaved.Read(JsonElement.Parse(statement.Text(0))));
        }

        return areas;
    }

    public IReadOnlyList<RefusedAnnouncementRecord> RefusedAnnouncements()
    {
        var statement = Select(
            "SELECT topic, reason, since FROM refused_announcements WHERE home = ?1 ORDER BY topic"
        );
        var refused = new List<RefusedAnnouncementRecord>();
        while (statement.Step())
        {
            refused.Add(
                new RefusedAnnouncementRecord(
                    statement.Text(0),
                    Reason: statement.Text(1),
                    Since: LogKey.Time(statement.Long(2))
                )
            );
        }

        return refused;
    }

    public IReadOnlyList<AutomationRecord> Automations()
    {
        var statement = Select(
            """
            SELECT automation, definition, enabled, last_triggered, changed, health, health_detail,
                health_reason, source
            FROM automations WHERE home = ?1 ORDER BY automation
            """
        );
        var automations = new List<AutomationRecord>();
        while (statement.Step())
        {
            automations.Add(
                new AutomationRecord(
                    statement.Text(0),
                    Definition: statement.Text(1),
                    Enabled: statement.Flag(2),
                    LastTriggered: statement.OptionalLong(3) is { } at ? LogKey.Time(at) : null,
                    Changed: new Sequence(statement.Long(4)),
                    Health: statement.Text(5),
                    HealthDetail: statement.Text(6),
                    HealthReason: statement.Text(7),
                    Source: statement.OptionalText(8)
                )
            );
        }

        return automations;
    }

    public IReadOnlyList<RetainedRecord> Retained()
    {
        var statement = Select(
            """
            SELECT topic, payload, qos, properties, client, time, sequence
            FROM retained WHERE home = ?1 ORDER BY topic
            """
        );
        var retained = new List<RetainedRecord>();
        while (statement.Step())
        {
            retained.Add(
                new RetainedRecord(
                    statement.Text(0),
                    new Payload(statement.Bytes(1).ToArray()),
                    Qos: (int)statement.Long(2),
                    Properties: statement.Properties(3),
                    Client: statement.Text(4),
                    LogKey.Time(statement.Long(5)),
                    new Sequence(statement.Long(6))
                )
            );
        }

        return retained;
    }

    /// <param name="today">Ids of more than seven days before are no longer known, though they may
    /// still lie there.</param>
    public Sequence? Published(ReadOnlySpan<byte> key, long today)
    {
        var statement = database[
            "SELECT sequence FROM published WHERE home = ?1 AND day = ?2 AND key = ?3"
        ];
        // A day ahead, too: the clock may have been set back since.
        for (var day = today + 1; day >= today - PublishedKey.DaysKept; day--)
        {
            if (statement.Bind(1, home).Bind(2, day).BindBlob(3, key).Step())
            {
                var found = new Sequence(statement.Long(0));
                statement.Reset();
                return found;
            }
        }

        return null;
    }

    /// <summary>Reads everything that is still known into a filter.</summary>
    public void ReadPublished(PublishedFilter filter, long today)
    {
        var statement = database["SELECT day, key FROM published WHERE home = ?1 AND day >= ?2"]
            .Bind(1, home)
            .Bind(2, today - PublishedKey.DaysKept);
        while (statement.Step())
        {
            filter.Add(statement.Long(0), statement.Bytes(1));
        }
    }

    private Statement Select(string sql) => database[sql].Bind(1, home);

    private static List<DeviceRecord> ReadDevices(Statement statement)
    {
        var devices = new List<DeviceRecord>();
        while (statement.Step())
        {
            devices.Add(
                new DeviceRecord(
                    new DeviceId(statement.Text(0)),
                    Description: statement.Text(1),
                    State: statement.Text(2),
                    StateReason: statement.Text(3),
                    Since: LogKey.Time(statement.Long(4)),
                    Connectivity: statement.Text(5),
                    Health: statement.Text(6),
                    HealthDetail: statement.Text(7),
                    HealthReason: statement.Text(8),
                    Enabled: statement.Flag(9),
                    Changed: new Sequence(statement.Long(10)),
                    Says: Arrangement.Read(JsonElement.Parse(statement.Text(11)))
                )
            );
        }

        return devices;
    }

    private static List<EntityRecord> ReadEntities(Statement statement)
    {
        var entities = new List<EntityRecord>();
        while (statement.Step())
        {
            entities.Add(
                new EntityRecord(
                    new EntityId(statement.Text(0)),
                    new DeviceId(statement.Text(1)),
                    Component: statement.Text(2),
                    DiscoveryId: statement.Text(3),
                    Options: statement.Text(4),
                    State: statement.Text(5),
                    Attributes: statement.OptionalText(6) ?? "{}",
                    Available: statement.Flag(7),
                    LastChanged: LogKey.Time(statement.Long(8)),
                    Changed: new Sequence(statement.Long(9)),
                    Desired: statement.OptionalText(10)
                )
            );
        }

        return entities;
    }
}
