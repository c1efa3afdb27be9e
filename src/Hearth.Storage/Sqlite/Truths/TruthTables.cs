using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;
using Hearth.Storage.Sqlite.Subscriptions;

namespace Hearth.Storage.Sqlite.Truths;

/// <summary>How the current truths are written.</summary>
internal sealed class TruthTables(Database database, PublishedFilters filters)
{
    private readonly JsonWriter _json = new();

    private readonly Statement _report = database[
        """
        UPDATE entity_states SET
            state = ?3, attributes = ?4, available = ?5, last_changed = coalesce(?6, last_changed),
            changed = ?7
        WHERE home = ?1 AND entity = ?2
        """
    ];

    private readonly Statement _publish = database[
        "INSERT OR IGNORE INTO published VALUES (?1, ?2, ?3, ?4)"
    ];

    public void Report(
        long home,
        EntityId entity,
        EntityState state,
        DateTimeOffset? lastChanged,
        Sequence sequence
    )
    {
        _report.Bind(1, home).Bind(2, entity.Value).Bind(3, state.Value);
        BindAttributes(_report, 4, state.Attributes);
        _report
            .Bind(5, state.Available)
            .Bind(6, lastChanged is { } at ? LogKey.Ticks(at) : (long?)null)
            .Bind(7, sequence.Value)
            .Run();
    }

    public void Ask(long home, EntityId entity, EntityState desired, Sequence command)
    {
        _json.Clear();
        _json.BeginObject().Name("state").String(desired.Value).Name("attributes");
        desired.Attributes.Write(_json);
        _json.EndObject();
        database[
            """
            UPDATE entity_states SET desired = ?3, desired_by = ?4, changed = max(changed, ?4)
            WHERE home = ?1 AND entity = ?2
            """
        ]
            .Bind(1, home)
            .Bind(2, entity.Value)
            .BindText(3, _json.Written)
            .Bind(4, command.Value)
            .Run();
    }

    public void End(long home, EntityId entity, Sequence command, Sequence at) =>
        database[
            """
            UPDATE entity_states SET desired = NULL, desired_by = NULL, changed = max(changed, ?4)
            WHERE home = ?1 AND entity = ?2 AND desired_by = ?3
            """
        ]
            .Bind(1, home)
            .Bind(2, entity.Value)
            .Bind(3, command.Value)
            .Bind(4, at.Value)
            .Run();

    public void Change(long home, DeviceId device, DeviceChange change) =>
        database[
            """
            UPDATE devices SET
                state = coalesce(?3, state),
                state_reason = coalesce(?4, state_reason),
                since = coalesce(?5, since),
                connectivity = coalesce(?6, connectivity),
                health = coalesce(?7, health),
                health_detail = coalesce(?8, health_detail),
                health_reason = coalesce(?9, health_reason),
                enabled = coalesce(?10, enabled),
                changed = ?11
            WHERE home = ?1 AND device = ?2
            """
        ]
            .Bind(1, home)
            .Bind(2, device.Value)
            .Bind(3, change.State?.State)
            .Bind(4, change.State?.Reason)
            .Bind(5, change.State is { } state ? LogKey.Ticks(state.Since) : (long?)null)
            .Bind(6, change.Connectivity)
            .Bind(7, change.Health?.Health)
            .Bind(8, change.Health?.Detail)
            .Bind(9, change.Health?.Reason)
            .Bind(10, change.Enabled is { } enabled ? (enabled ? 1L : 0L) : (long?)null)
            .Bind(11, change.Changed.Value)
            .Run();

    /// <summary>A device as new: whatever was there under its id is forgotten.</summary>
    public void Register(long home, Event item, DeviceRegistered registered)
    {
        Remove(home, registered.Device);
        registered.Description.Write(Cleared());
        database[
            """
            INSERT INTO devices VALUES
                (?1, ?2, ?3, 'active', '', ?4, 'unknown', 'healthy', 'none', '', 1, ?5, '{}')
            """
        ]
            .Bind(1, home)
            .Bind(2, registered.Device.Value)
            .BindText(3, _json.Written)
            .Bind(4, LogKey.Ticks(item.Time))
            .Bind(5, item.Sequence.Value)
            .Run();
        Announce(home, item, registered.Device, registered.Entities);
    }

    public void Update(long home, Event item, DeviceUpdated updated)
    {
        updated.Description.Write(Cleared());
        database[
            "UPDATE devices SET description = ?3, changed = ?4 WHERE home = ?1 AND device = ?2"
        ]
            .Bind(1, home)
            .Bind(2, updated.Device.Value)
            .BindText(3, _json.Written)
            .Bind(4, item.Sequence.Value)
            .Run();
        foreach (var entity in updated.Removed)
        {
            Remove(home, entity);
        }

        Announce(home, item, updated.Device, updated.Entities);
    }

    public void Arrange(long home, Event item, DeviceArranged arranged)
    {
        arranged.Says.Write(Cleared());
        database["UPDATE devices SET arranged = ?3, changed = ?4 WHERE home = ?1 AND device = ?2"]
            .Bind(1, home)
            .Bind(2, arranged.Device.Value)
            .BindText(3, _json.Written)
            .Bind(4, item.Sequence.Value)
            .Run();
    }

    public void Save(long home, AreaSaved area) =>
        database["INSERT OR REPLACE INTO areas VALUES (?1, ?2, ?3)"]
            .Bind(1, home)
            .Bind(2, area.Area)
            .Bind(3, area.ToJson())
            .Run();

    public void Remove(long home, DeviceId device)
    {
        var ofDevice = database["SELECT entity FROM entities WHERE home = ?1 AND device = ?2"]
            .Bind(1, home)
            .Bind(2, device.Value);
        var entities = new List<EntityId>();
        while (ofDevice.Step())
        {
            entities.Add(new EntityId(ofDevice.Text(0)));
        }

        entities.ForEach(entity => Remove(home, entity));
        database["DELETE FROM devices WHERE home = ?1 AND device = ?2"]
            .Bind(1, home)
            .Bind(2, device.Value)
            .Run();
    }

    public void Triggered(long home, string automation, Sequence run, DateTimeOffset at) =>
        database[
            """
            UPDATE automations SET last_triggered = ?3, changed = max(changed, ?4)
            WHERE home = ?1 AND automation = ?2
            """
        ]
            .Bind(1, home)
            .Bind(2, automation)
            .Bind(3, LogKey.Ticks(at))
            .Bind(4, run.Value)
            .Run();

    /// <summary>An automation as it was saved, for the first time or again.</summary>
    /// <param name="enabled">Counts where it is new.</param>
    public void Define(
        long home,
        string automation,
        string definition,
        bool enabled,
        string? source,
        Sequence sequence
    ) =>
        database[
            """
            INSERT INTO automations (home, automation, definition, enabled, changed, source)
            VALUES (?1, ?2, ?3, ?5, ?4, ?6)
            ON CONFLICT (home, automation) DO UPDATE SET
                definition = excluded.definition, changed = excluded.changed,
                source = excluded.source
            """
        ]
            .Bind(1, home)
            .Bind(2, automation)
            .Bind(3, definition)
            .Bind(4, sequence.Value)
            .Bind(5, enabled)
            .Bind(6, source)
            .Run();

    public void Change(long home, AutomationHealthChanged health, Sequence sequence) =>
        database[
            """
            UPDATE automations SET
                health = ?3, health_detail = ?4, health_reason = ?5, changed = max(changed, ?6)
            WHERE home = ?1 AND automation = ?2
            """
        ]
            .Bind(1, home)
            .Bind(2, health.Automation)
            .Bind(3, health.To)
            .Bind(4, health.Detail)
            .Bind(5, health.Reason)
            .Bind(6, sequence.Value)
            .Run();

    public void Enable(long home, string automation, bool enabled, Sequence sequence) =>
        database[
            "UPDATE automations SET enabled = ?3, changed = ?4 WHERE home = ?1 AND automation = ?2"
        ]
            .Bind(1, home)
            .Bind(2, automation)
            .Bind(3, enabled)
            .Bind(4, sequence.Value)
            .Run();

    public void RemoveAutomation(long home, string automation) =>
        database["DELETE FROM automations WHERE home = ?1 AND automation = ?2"]
            .Bind(1, home)
            .Bind(2, automation)
            .Run();

    public void Apply(long home, Event item, SubscriptionEvent subscription) =>
        new SubscriptionTables(database, home).Apply(item, subscription);

    /// <summary>An announcement that stands refused, where the home has room to remember it.
    /// </summary>
    public void Refuse(long home, Event item, AnnouncementRefused refused) =>
        database[
            """
            INSERT INTO refused_announcements SELECT ?1, ?2, ?3, ?4
            WHERE (SELECT count(*) FROM refused_announcements WHERE home = ?1 AND topic <> ?2) < ?5
            ON CONFLICT (home, topic) DO UPDATE SET
                reason = excluded.reason, since = excluded.since
            """
        ]
            .Bind(1, home)
            .Bind(2, refused.Topic)
            .Bind(3, refused.Reason)
            .Bind(4, LogKey.Ticks(item.Time))
            .Bind(5, AnnouncementRefused.RememberedMax)
            .Run();

    public void Mend(long home, AnnouncementMended mended) =>
        database["DELETE FROM refused_announcements WHERE home = ?1 AND topic = ?2"]
            .Bind(1, home)
            .Bind(2, mended.Topic)
            .Run();

    /// <summary>A retained message takes the place of the one before; an empty one takes it away
    /// [MQTT-3.3.1-6].</summary>
    public void Retain(long home, string topic, Event item, MessageEvent message)
    {
        if (message.Payload.IsEmpty)
        {
            database["DELETE FROM retained WHERE home = ?1 AND topic = ?2"]
                .Bind(1, home)
                .Bind(2, topic)
                .Run();
            return;
        }

        database["INSERT OR REPLACE INTO retained VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"]
            .Bind(1, home)
            .Bind(2, topic)
            .BindBlob(3, message.Payload.Bytes.Span)
            .Bind(4, message.Qos)
            .Bind(5, message.Properties, _json)
            .Bind(6, (message as MessageReceived)?.Client ?? "")
            .Bind(7, LogKey.Ticks(item.Time))
            .Bind(8, item.Sequence.Value)
            .Run();
    }

    /// <summary>Remembers what programs published, and forgets about as much of what has expired,
    /// so that neither ever grows a commit by much.</summary>
    public void Published(long home, List<Event> events)
    {
        var today = PublishedKey.DayOf(events[^1].RecordedTime);
        var filter = filters.Of(home);
        Span<byte> key = stackalloc byte[PublishedKey.Bytes];
        foreach (var item in events)
        {
            var day = PublishedKey.DayOf(item.RecordedTime);
            PublishedKey.Write(item.Principal, item.Source, item.Id, key);
            // Before the commit: whoever may see it in the table finds it in the filter, too.
            filter?.Add(day, key);
            _publish.Bind(1, home).Bind(2, day).BindBlob(3, key).Bind(4, item.Sequence.Value).Run();
        }

        filter?.Forget(today - PublishedKey.DaysKept);

        database[
            """
            DELETE FROM published WHERE (home, day, key) IN (
                SELECT home, day, key FROM published WHERE home = ?1 AND day < ?2 LIMIT ?3)
            """
        ]
            .Bind(1, home)
            .Bind(2, today - PublishedKey.DaysKept)
            .Bind(3, 2 * events.Count + 10)
            .Run();
    }

    private void Announce(
        long home,
        Event item,
        DeviceId device,
        IReadOnlyList<EntityRegistration> entities
    )
    {
        foreach (var (entity, config) in entities)
        {
            database[
                """
                INSERT OR REPLACE INTO entities VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                """
            ]
                .Bind(1, home)
                .Bind(2, entity.Value)
                .Bind(3, device.Value)
                .Bind(4, config.Component)
                .Bind(5, config.DiscoveryId)
                .Bind(6, config.Options)
                .Run();
            database[
                """
                INSERT INTO entity_states VALUES (?1, ?2, ?3, NULL, 1, ?4, ?5, NULL, NULL)
                ON CONFLICT (home, entity) DO UPDATE SET changed = excluded.changed
                """
            ]
                .Bind(1, home)
                .Bind(2, entity.Value)
                .Bind(3, EntityState.Initial.Value)
                .Bind(4, LogKey.Ticks(item.Time))
                .Bind(5, item.Sequence.Value)
                .Run();
        }
    }

    private void Remove(long home, EntityId entity)
    {
        database["DELETE FROM entities WHERE home = ?1 AND entity = ?2"]
            .Bind(1, home)
            .Bind(2, entity.Value)
            .Run();
        database["DELETE FROM entity_states WHERE home = ?1 AND entity = ?2"]
            .Bind(1, home)
            .Bind(2, entity.Value)
            .Run();
    }

    private void BindAttributes(Statement statement, int index, Attributes attributes)
    {
        if (attributes.Count == 0)
        {
            statement.BindNull(index);
            return;
        }

        attributes.Write(Cleared());
        statement.BindText(index, _json.Written);
    }

    private JsonWriter Cleared()
    {
        _json.Clear();
        return _json;
    }
}
