using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>What one rendering looked at, so that it is rendered again when that changes.</summary>
internal sealed class Glance
{
    /// <summary>Entities that were asked for, there or not.</summary>
    public HashSet<EntityId> Entities { get; } = [];

    /// <summary>True where all states were looked through.</summary>
    public bool All { get; set; }
}

/// <summary>
/// A home as templates and conditions see it now: its entities, its automations as
/// <c>automation.*</c>, and the sun as <c>sun.sun</c>.
/// </summary>
internal sealed class HomeView(
    DeviceBook devices,
    AreaBook areas,
    AutomationBook automations,
    RunBook runs,
    HomeLocation location
) : IHomeView
{
    public static readonly EntityId Sun = new("sun.sun");

    private Glance? _glance;
    private DateTimeOffset _now;

    public IReadOnlyList<StateView> States
    {
        get
        {
            if (_glance is not null)
            {
                _glance.All = true;
            }

            return
            [
                .. devices
                    .Entities.Values.Select(Of)
                    .Concat(automations.All.Values.Select(Of))
                    .Append(SunState())
                    .OfType<StateView>()
                    .OrderBy(state => state.EntityId, StringComparer.Ordinal),
            ];
        }
    }

    public IReadOnlyList<EntityEntry> Entities =>
        [
            .. devices
                .Entities.Values.OrderBy(entity => entity.Id.Value, StringComparer.Ordinal)
                .Select(Entry),
        ];

    public IReadOnlyList<DeviceEntry> Devices =>
        [
            .. devices
                .Devices.Values.OrderBy(device => device.Id.Value, StringComparer.Ordinal)
                .Select(Entry),
        ];

    public IReadOnlyList<AreaEntry> Areas => Map.Areas;

    public IReadOnlyList<FloorEntry> Floors => Map.Floors;

    public IReadOnlyList<LabelEntry> Labels => Map.Labels;

    /// <summary>The areas, floors and labels as they are now.</summary>
    public AreaMap Map =>
        new(
            areas.All,
            devices
                .Devices.Values.OrderBy(device => device.Id.Value, StringComparer.Ordinal)
                .Select(device => (device.Area, device.Says.Labels))
        );

    public StateView? State(string entityId)
    {
        var id = new EntityId(entityId);
        _glance?.Entities.Add(id);
        return devices.Entities.TryGetValue(id, out var entity) ? Of(entity)
            : id == Sun ? SunState()
            : automations.FindByEntity(id) is { } automation ? Of(automation)
            : null;
    }

    public EntityEntry? Entity(string entityId) =>
        devices.Entities.TryGetValue(new EntityId(entityId), out var entity) ? Entry(entity) : null;

    public DeviceEntry? Device(string deviceId) =>
        devices.Devices.TryGetValue(new DeviceId(deviceId), out var device) ? Entry(device) : null;

    /// <summary>A state, without its being noted that somebody looked.</summary>
    public StateView? Peek(EntityId id)
    {
        var before = _glance;
        _glance = null;
        var state = State(id.Value);
        _glance = before;
        return state;
    }

    /// <summary>What templates rendered now see.</summary>
    public TemplateContext Context(DateTimeOffset now, TemplateVariables? variables = null)
    {
        _now = now;
        return new TemplateContext
        {
            Home = this,
            Now = now,
            TimeZone = location.Zone,
            Variables = variables,
        };
    }

    /// <summary>Does something and remembers what it looked at.</summary>
    public T Watched<T>(Glance glance, Func<T> look)
    {
        var before = _glance;
        _glance = glance;
        try
        {
            return look();
        }
        finally
        {
            _glance = before;
        }
    }

    /// <summary>The state of an entity as it is now; null where there is none.</summary>
    public EntityState? StateOf(EntityId id, DateTimeOffset now)
    {
        if (devices.Entities.TryGetValue(id, out var entity))
        {
            return entity.State;
        }

        _now = now;
        return State(id.Value) is { } view
            ? new EntityState(view.State, view.Attributes, Available: true)
            : null;
    }

    /// <summary>A state as templates see it, be it one that has been.</summary>
    public static StateView Of(
        EntityId id,
        EntityState state,
        DateTimeOffset changed,
        DateTimeOffset updated
    ) =>
        new()
        {
            EntityId = id.Value,
            State = state.Shown,
            Attributes = state.Attributes,
            LastChanged = changed,
            LastUpdated = updated,
            LastReported = updated,
        };

    public StateView Of(Automation automation)
    {
        var running = runs.Of(automation.Id).Count;
        var attributes = new List<KeyValuePair<string, string>>
        {
            new("id", JsonWriter.Quote(automation.Id)),
            new("friendly_name", JsonWriter.Quote(automation.Name)),
            new("mode", JsonWriter.Quote(automation.Rules.Mode.ToString().ToLowerInvariant())),
            new("current", $"{running}"),
        };
        if (automation.LastTriggered is { } last)
        {
            attributes.Add(new("last_triggered", JsonWriter.Quote(Timestamp.ToText(last))));
        }

        return new StateView
        {
            EntityId = automations.EntityOf(automation.Id).Value,
            State = automation.Enabled ? "on" : "off",
            Attributes = Attributes.Of(attributes),
            LastChanged = automation.Changed,
            LastUpdated = automation.LastTriggered ?? automation.Changed,
        };
    }

    private StateView Of(Entity entity) =>
        Of(entity.Id, WithName(entity), entity.Changed, entity.Updated);

    // Templates ask for the name, the unit and the class as Home Assistant gives them: as
    // attributes.
    private EntityState WithName(Entity entity)
    {
        var attributes = entity.State.Attributes;
        foreach (var name in (string[])["unit_of_measurement", "device_class", "state_class"])
        {
            if (
                entity.Config.Json.TryGetProperty(name, out var value)
                && attributes.Get(name) is null
            )
            {
                attributes = attributes.With(name, value.GetRawText());
            }
        }

        return entity.State with
        {
            Attributes = attributes.Get("friendly_name") is null
                ? attributes.WithText("friendly_name", NameOf(entity))
                : attributes,
        };
    }

    // "Desk Power": the device's name and the entity's; the main entity has the device's alone.
    private string NameOf(Entity entity)
    {
        var device = devices.Devices[entity.Device].Name;
        return entity.Config.Name is { } name ? $"{device} {name}" : device;
    }

    private StateView? SunState() =>
        location.SunAt(_now) is not { } sun
            ? null
            : new StateView
            {
                EntityId = Sun.Value,
                State = sun.State.Value,
                Attributes = sun.State.Attributes,
                LastChanged = sun.Changed,
                LastUpdated = _now,
            };

    private static EntityEntry Entry(Entity entity) =>
        new(entity.Id.Value)
        {
            DeviceId = entity.Device.Value,
            Name = entity.Config.Name,
            IsHidden = !entity.Config.EnabledByDefault,
        };

    private static DeviceEntry Entry(Device device)
    {
        var about = device.Description;
        var facts = new Dictionary<string, TemplateValue>();
        foreach (
            var (name, value) in ((string, string?)[])
                [
                    ("manufacturer", about.Manufacturer),
                    ("model", about.Model),
                    ("model_id", about.ModelId),
                    ("sw_version", about.SwVersion),
                    ("hw_version", about.HwVersion),
                    ("serial_number", about.SerialNumber),
                    ("configuration_url", about.ConfigurationUrl),
                ]
        )
        {
            facts[name] = value is null ? TemplateValue.None : TemplateValue.From(value);
        }

        return new DeviceEntry(device.Id.Value)
        {
            Name = about.Name ?? device.Id.Value,
            NameByUser = device.Says.Name,
            AreaId = device.Area is { } area ? AreaMap.IdOf(area) : null,
            Labels = AreaMap.IdsOf(device.Says.Labels),
            Facts = facts,
        };
    }
}
