using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Discovery;

/// <summary>The device block of an announcement: what a person knows the device by.</summary>
public sealed record DeviceDescription
{
    /// <summary>What makes it the same device next time; at least one of these or of
    /// <see cref="Connections"/>.</summary>
    public IReadOnlyList<string> Identifiers { get; init; } = [];

    /// <summary>Pairs such as ("mac", "02:00:00:aa:bb:cc").</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Connections { get; init; } = [];

    public string? Name { get; init; }
    public string? Manufacturer { get; init; }
    public string? Model { get; init; }
    public string? ModelId { get; init; }
    public string? SwVersion { get; init; }
    public string? HwVersion { get; init; }
    public string? SerialNumber { get; init; }
    public string? SuggestedArea { get; init; }
    public string? ConfigurationUrl { get; init; }
    public string? ViaDevice { get; init; }

    /// <summary>Written with Home Assistant's member names; what is absent is left out.</summary>
    public void Write(JsonWriter json)
    {
        json.BeginObject();
        if (Identifiers.Count > 0)
        {
            json.Name("identifiers").BeginArray();
            foreach (var identifier in Identifiers)
            {
                json.String(identifier);
            }

            json.EndArray();
        }

        if (Connections.Count > 0)
        {
            json.Name("connections").BeginArray();
            foreach (var (kind, value) in Connections)
            {
                json.BeginArray().String(kind).String(value).EndArray();
            }

            json.EndArray();
        }

        foreach (var (name, value) in Texts())
        {
            if (value is not null)
            {
                json.Name(name).String(value);
            }
        }

        json.EndObject();
    }

    internal static DeviceDescription Read(JsonElement json) =>
        new()
        {
            Identifiers = json.TryGetProperty("identifiers", out var identifiers)
                ? [.. identifiers.EnumerateArray().Select(item => item.GetString()!)]
                : [],
            Connections = json.TryGetProperty("connections", out var connections)
                ?
                [
                    .. connections
                        .EnumerateArray()
                        .Select(item =>
                            KeyValuePair.Create(item[0].GetString()!, item[1].GetString()!)
                        ),
                ]
                : [],
            Name = JsonRead.Text(json, "name"),
            Manufacturer = JsonRead.Text(json, "manufacturer"),
            Model = JsonRead.Text(json, "model"),
            ModelId = JsonRead.Text(json, "model_id"),
            SwVersion = JsonRead.Text(json, "sw_version"),
            HwVersion = JsonRead.Text(json, "hw_version"),
            SerialNumber = JsonRead.Text(json, "serial_number"),
            SuggestedArea = JsonRead.Text(json, "suggested_area"),
            ConfigurationUrl = JsonRead.Text(json, "configuration_url"),
            ViaDevice = JsonRead.Text(json, "via_device"),
        };

    private IEnumerable<(string Name, string? Value)> Texts() =>
        [
            ("name", Name),
            ("manufacturer", Manufacturer),
            ("model", Model),
            ("model_id", ModelId),
            ("sw_version", SwVersion),
            ("hw_version", HwVersion),
            ("serial_number", SerialNumber),
            ("suggested_area", SuggestedArea),
            ("configuration_url", ConfigurationUrl),
            ("via_device", ViaDevice),
        ];
}

/// <summary>
/// What one entity was announced with: abbreviations expanded, <c>~</c> replaced, what the device
/// form shares filled in. The log carries it by value, so a restart needs no announcement.
/// </summary>
/// <param name="Component">Home Assistant's component, <c>light</c>.</param>
/// <param name="DiscoveryId">What identifies the item on the discovery topics: node and object id,
/// and the key below <c>components</c> in the device form.</param>
/// <param name="Options">The announcement's members as a JSON object, expanded.</param>
public sealed record EntityConfig(string Component, string DiscoveryId, string Options)
{
    private EntityBehaviour? _behaviour;
    private JsonElement _json;

    /// <summary>The options, parsed when first asked for.</summary>
    public JsonElement Json =>
        _json.ValueKind == JsonValueKind.Undefined ? _json = JsonElement.Parse(Options) : _json;

    /// <summary>What the entity does with messages and actions, compiled when first asked for.
    /// </summary>
    internal EntityBehaviour Behaviour => _behaviour ??= EntityBehaviour.Of(this);

    /// <summary>Attributes that come from the announcement alone: options, supported colour modes.
    /// </summary>
    public Attributes Announced => Behaviour.Announced;

    public DiscoveryKey Key => new(Component, DiscoveryId);

    /// <summary>True where it came with the announcement of a whole device.</summary>
    internal bool IsOfWholeDevice => DiscoveryId.StartsWith("device/", StringComparison.Ordinal);

    public string? UniqueId => JsonRead.Text(Json, "unique_id");

    public string? DeviceClass => JsonRead.Text(Json, "device_class");

    /// <summary>What a person calls it; null for the device's main entity, which has the device's
    /// name, and where nothing was said.</summary>
    public string? Name => JsonRead.Text(Json, "name");

    /// <summary>The entity id that the device would like: <c>default_entity_id</c>, or the older
    /// <c>object_id</c> without a domain.</summary>
    public string? WantedEntityId =>
        JsonRead.Text(Json, "default_entity_id") ?? JsonRead.Text(Json, "object_id");

    /// <summary>True where the announcement says <c>name: null</c>: the device itself.</summary>
    public bool IsMain =>
        Json.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.Null;

    /// <summary>False where a person has to switch the entity on before it counts.</summary>
    public bool EnabledByDefault =>
        !Json.TryGetProperty("enabled_by_default", out var enabled)
        || enabled.ValueKind != JsonValueKind.False;

    /// <summary>The state before the first message: unknown, and not available until an
    /// availability topic says so, where there is one.</summary>
    public EntityState InitialState =>
        EntityState.Initial with
        {
            Available =
                !Json.TryGetProperty("availability", out _)
                && !Json.TryGetProperty("availability_topic", out _),
        };

    public bool Equals(EntityConfig? other) =>
        other is not null
        && Component == other.Component
        && DiscoveryId == other.DiscoveryId
        && Options == other.Options;

    public override int GetHashCode() => Options.GetHashCode(StringComparison.Ordinal);

    public void Write(JsonWriter json) =>
        json.BeginObject()
            .Name("component")
            .String(Component)
            .Name("discovery_id")
            .String(DiscoveryId)
            .Name("options")
            .Raw(Options)
            .EndObject();

    /// <summary>Left out where there are none.</summary>
    internal static void WriteAll(JsonWriter json, string name, IReadOnlyList<EntityConfig> configs)
    {
        if (configs.Count == 0)
        {
            return;
        }

        json.Name(name).BeginArray();
        foreach (var config in configs)
        {
            config.Write(json);
        }

        json.EndArray();
    }

    internal static IReadOnlyList<EntityConfig> ReadAll(JsonElement json, string name) =>
        json.TryGetProperty(name, out var configs)
            ? [.. configs.EnumerateArray().Select(Read)]
            : [];

    internal static EntityConfig Read(JsonElement json) =>
        new(
            JsonRead.Required(json, "component"),
            JsonRead.Required(json, "discovery_id"),
            JsonRead.Raw(json, "options")!
        );
}
