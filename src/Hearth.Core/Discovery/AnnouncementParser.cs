using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Discovery;

/// <summary>
/// Reads announcements as loosely as devices write them, and makes one form of all of them: short
/// names written out, <c>~</c> replaced, what the device form shares filled in, availability always
/// a list. What Hearth does not know is left alone and never a fault of the rest; an entity with a
/// fault is left out and never a fault of the others.
/// </summary>
internal sealed class AnnouncementParser
{
    private static readonly string[] Shared =
    [
        "availability",
        "availability_mode",
        "command_topic",
        "state_topic",
        "qos",
        "encoding",
    ];

    private readonly List<Fault> _faults = [];

    // Where components that name no topics get theirs; null where they must name them.
    private string? _topics;

    public static ParsedAnnouncement Parse(string topic, Payload payload)
    {
        if (!DiscoveryTopic.TryParse(topic, out var address))
        {
            return Refused(
                "The topic must be homeassistant/<component>/[<node>/]<object>/config, its ids of "
                    + "letters, digits, _ and -."
            );
        }

        if (address.IsDevice)
        {
            return ParseDevice(address.Item, payload);
        }

        if (payload.IsEmpty)
        {
            return new ParsedAnnouncement(
                new Announcement(address.Item, false, null, [], [address.Key]),
                []
            );
        }

        return new AnnouncementParser().ReadSingle(address, payload);
    }

    public static ParsedAnnouncement ParseDevice(string item, Payload payload)
    {
        var id = "device/" + item;
        return payload.IsEmpty
            ? new ParsedAnnouncement(new Announcement(id, true, null, [], []), [])
            : new AnnouncementParser().ReadDevice(id, payload);
    }

    /// <summary>A registration without a topic: its first identifier stands for one. Whoever
    /// sends it waits for the answer, so it is all or nothing.</summary>
    public static ParsedAnnouncement ParseBody(Payload body)
    {
        var parser = new AnnouncementParser();
        if (parser.ReadObject(body) is not { } root)
        {
            return new ParsedAnnouncement(null, parser._faults);
        }

        var described = parser.ReadDescription(Members.Of(root, Abbreviations.OfEntity));
        var identity = described is null
            ? null
            : described.Identifiers.Concat(described.Connections.Select(pair => pair.Value));
        var slug = Slug.Of(identity?.FirstOrDefault() ?? "");
        parser._faults.Clear();
        parser._topics = "hearth/devices/" + slug;
        var parsed = parser.ReadDevice("device/" + slug, body);
        return parsed.Faults.Count == 0 ? parsed : new ParsedAnnouncement(null, parsed.Faults);
    }

    private ParsedAnnouncement ReadSingle(DiscoveryTopic address, Payload payload)
    {
        if (ReadObject(payload) is not { } root)
        {
            return new ParsedAnnouncement(null, _faults);
        }

        var announced = Members.Of(root, Abbreviations.OfEntity);
        if (announced.Has("migrate_discovery"))
        {
            return HandingOver(address.Item);
        }

        announced.ExpandBase(announced.Text("~"));
        var description = ReadDescription(announced);
        var isKnown = EntityOptions.IsKnown(address.Component, announced.Text("schema"));
        var entity = isKnown ? ReadEntity(address.Component, address.Item, announced, "") : null;
        return _faults.Count > 0
            ? new ParsedAnnouncement(null, _faults)
            : new ParsedAnnouncement(
                new Announcement(
                    address.Item,
                    false,
                    description,
                    entity is null ? [] : [entity],
                    []
                )
                {
                    Others = isKnown ? [] : [Inert(address.Component, address.Item, announced)],
                },
                []
            );
    }

    private ParsedAnnouncement ReadDevice(string id, Payload payload)
    {
        if (ReadObject(payload) is not { } root)
        {
            return new ParsedAnnouncement(null, _faults);
        }

        var announced = Members.Of(root, Abbreviations.OfEntity);
        if (announced.Has("migrate_discovery"))
        {
            return HandingOver(id);
        }

        var description = ReadDescription(announced);
        if (description is null && _faults.Count == 0)
        {
            Fault("/device", "is missing; say its identifiers or connections");
        }

        if (
            !announced.TryGet("components", out var components)
            || components.ValueKind != JsonValueKind.Object
        )
        {
            Fault("/components", "is missing; it must be an object with an entity per key");
            return new ParsedAnnouncement(null, _faults);
        }

        announced.ExpandBase(announced.Text("~"));
        var entities = new List<EntityConfig>();
        var (removed, others) = (new List<DiscoveryKey>(), new List<EntityConfig>());
        foreach (var member in components.EnumerateObject())
        {
            ReadComponent(id, announced, member, entities, removed, others);
        }

        return new ParsedAnnouncement(
            description is null
                ? null
                : new Announcement(id, true, description, entities, removed) { Others = others },
            _faults
        );
    }

    private void ReadComponent(
        string id,
        Members root,
        JsonProperty member,
        List<EntityConfig> entities,
        List<DiscoveryKey> removed,
        List<EntityConfig> others
    )
    {
        var pointer = "/components/" + JsonText.PointerStep(member.Name);
        if (member.Value.ValueKind != JsonValueKind.Object)
        {
            Fault(pointer, "must be an object");
            return;
        }

        var announced = Members.Of(member.Value, Abbreviations.OfEntity);
        if (announced.Text("platform") is not { } component)
        {
            Fault(pointer + "/platform", "is missing; say which component it is, such as light");
            return;
        }

        var key = $"{id} {member.Name}";
        if (announced.Count == 1)
        {
            removed.Add(new DiscoveryKey(component, key));
            return;
        }

        announced.ExpandBase(announced.Text("~") ?? root.Text("~"));
        announced.Fill(root, Shared);
        if (_topics is not null)
        {
            announced.Default("state_topic", $"{_topics}/{member.Name}/state");
            if (EntityOptions.RequiredOf(component, null).Contains("command_topic"))
            {
                announced.Default("command_topic", $"{_topics}/{member.Name}/set");
            }
        }

        if (!EntityOptions.IsKnown(component, announced.Text("schema")))
        {
            others.Add(Inert(component, key, announced));
        }
        else if (ReadEntity(component, key, announced, pointer) is { } entity)
        {
            entities.Add(entity);
        }
    }

    private EntityConfig? ReadEntity(
        string component,
        string discoveryId,
        Members announced,
        string pointer
    )
    {
        var before = _faults.Count;
        EntityOptions.Normalise(announced);
        EntityOptions.Check(component, announced, pointer, _faults);
        return _faults.Count > before
            ? null
            : new EntityConfig(component, discoveryId, EntityOptions.Write(announced));
    }

    private static EntityConfig Inert(string component, string discoveryId, Members announced) =>
        new(component, discoveryId, EntityOptions.WriteOther(component, announced));

    private DeviceDescription? ReadDescription(Members announced)
    {
        if (!announced.TryGet("device", out var json))
        {
            return null;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            Fault("/device", "must be an object with identifiers or connections");
            return null;
        }

        var device = Members.Of(json, Abbreviations.OfDevice);
        var identifiers = device.Texts("identifiers");
        var connections = device.Pairs("connections");
        if (identifiers.Count == 0 && connections.Count == 0)
        {
            Fault("/device", "needs identifiers or connections, to be the same device next time");
            return null;
        }

        return new DeviceDescription
        {
            Identifiers = identifiers,
            Connections = connections,
            Name = device.Text("name"),
            Manufacturer = device.Text("manufacturer"),
            Model = device.Text("model"),
            ModelId = device.Text("model_id"),
            SwVersion = device.Text("sw_version"),
            HwVersion = device.Text("hw_version"),
            SerialNumber = device.Text("serial_number"),
            SuggestedArea = device.Text("suggested_area"),
            ConfigurationUrl = device.Text("configuration_url"),
            ViaDevice = device.Text("via_device"),
        };
    }

    // Blanks go, so that the log carries what was said and not how it was laid out.
    private JsonElement? ReadObject(Payload payload)
    {
        if (payload.Json.ValueKind != JsonValueKind.Object)
        {
            Fault("", "is no JSON object");
            return null;
        }

        if (JsonText.Compact(payload.Text!) is { } compact)
        {
            return JsonElement.Parse(compact);
        }

        Fault("", "has half of a surrogate pair in a text");
        return null;
    }

    // The device is about to go over to the other form of topics: nothing changes yet.
    private static ParsedAnnouncement HandingOver(string id) =>
        new(new Announcement(id, false, null, [], []), []);

    private static ParsedAnnouncement Refused(string sentence) =>
        new(null, [new Fault("", sentence)]);

    private void Fault(string pointer, string detail) => _faults.Add(new Fault(pointer, detail));
}
