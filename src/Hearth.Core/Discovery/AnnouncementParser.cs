using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>
/// Reads announcements as loosely as devices write them, and makes one form of all of them: short
/// names written out, <c>~</c> replaced, what the device form shares filled in, availability always
/// a list. What Hearth does not know is left alone and never a fault of the rest.
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
            var key = new DiscoveryKey(address.Component, address.Item);
            return new ParsedAnnouncement(
                new Announcement(address.Item, false, null, [], [key]),
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

    /// <summary>A registration without a topic: its first identifier stands for one.</summary>
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
        return parser.ReadDevice("device/" + slug, body);
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
            // The topics are about to be handed over to the device form: nothing changes.
            return new ParsedAnnouncement(new Announcement(address.Item, false, null, [], []), []);
        }

        announced.ExpandBase(announced.Text("~"));
        var entity = ReadEntity(address.Component, address.Item, announced, "");
        return Finished(
            new Announcement(
                address.Item,
                false,
                ReadDescription(announced),
                entity is null ? [] : [entity],
                []
            )
        );
    }

    private ParsedAnnouncement ReadDevice(string id, Payload payload)
    {
        if (ReadObject(payload) is not { } root)
        {
            return new ParsedAnnouncement(null, _faults);
        }

        var announced = Members.Of(root, Abbreviations.OfEntity);
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
        var removed = new List<DiscoveryKey>();
        foreach (var member in components.EnumerateObject())
        {
            ReadComponent(id, announced, member, entities, removed);
        }

        return Finished(new Announcement(id, true, description, entities, removed));
    }

    private void ReadComponent(
        string id,
        Members root,
        JsonProperty member,
        List<EntityConfig> entities,
        List<DiscoveryKey> removed
    )
    {
        var pointer = "/components/" + member.Name;
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
            if (EntityBehaviour.RequiredOf(component).Contains("command_topic"))
            {
                announced.Default("command_topic", $"{_topics}/{member.Name}/set");
            }
        }

        if (ReadEntity(component, key, announced, pointer) is { } entity)
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
        if (!EntityBehaviour.IsKnown(component, announced.Text("schema")))
        {
            return null;
        }

        announced.NormaliseAvailability();
        announced.NormaliseFlag("enabled_by_default");
        var options = announced.ToJson(except: ["device", "origin", "components", "~", "platform"]);
        var config = new EntityConfig(component, discoveryId, options);
        foreach (var name in EntityBehaviour.RequiredOf(component))
        {
            if (string.IsNullOrEmpty(announced.Text(name)))
            {
                Fault($"{pointer}/{name}", $"is missing; a {component} needs it");
                return null;
            }
        }

        // One that is not enabled costs nothing, not even a look at its templates.
        if (config.EnabledByDefault && BehaviourFault(config) is { } fault)
        {
            Fault(pointer, fault);
            return null;
        }

        return config;
    }

    private static string? BehaviourFault(EntityConfig config)
    {
        try
        {
            _ = config.Behaviour;
            return null;
        }
        catch (TemplateException failure)
        {
            return $"has a template that cannot be read: {failure.Message}";
        }
    }

    private DeviceDescription? ReadDescription(Members announced)
    {
        if (!announced.TryGet("device", out var json) || json.ValueKind != JsonValueKind.Object)
        {
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

    private JsonElement? ReadObject(Payload payload)
    {
        if (payload.Json.ValueKind == JsonValueKind.Object)
        {
            return payload.Json;
        }

        Fault("", "is no JSON object");
        return null;
    }

    private ParsedAnnouncement Finished(Announcement announcement) =>
        new(_faults.Count == 0 ? announcement : null, _faults);

    private static ParsedAnnouncement Refused(string sentence) =>
        new(null, [new Fault("", sentence)]);

    private void Fault(string pointer, string detail) => _faults.Add(new Fault(pointer, detail));
}
