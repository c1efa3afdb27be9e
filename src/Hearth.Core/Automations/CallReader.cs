using System.Text;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads action calls. Whom one is for may stand in <c>target</c> or, as older automations write
/// it, beside the action or inside its data.
/// </summary>
internal sealed class CallReader(FieldReader fields)
{
    private static readonly string[] TargetKeys =
    [
        "entity_id",
        "device_id",
        "area_id",
        "floor_id",
        "label_id",
    ];

    // All of a domain, or nobody: words that Home Assistant takes for an entity.
    private static readonly string[] EntityWords = ["all", "none"];

    // Of these every action is for somebody.
    private static readonly string[] AimedDomains = ["light", "switch"];

    public CallStep? Read(Node node, string path)
    {
        fields.RefuseUnknown(
            node,
            StepReader.Common,
            ["action", "service", "service_template", "target", "entity_id"],
            ["data", "data_template", "response_variable", "metadata"]
        );
        var word = fields.OneOf(node, "action", "service");
        if (node.Has("service_template"))
        {
            word = fields.OneOf(
                node,
                node.Has("action") ? "action" : "service",
                "service_template"
            );
        }

        if (ReadAction(word) is not { } action)
        {
            return null;
        }

        string[] aims = TakesItsDataWhole(action) ? [] : TargetKeys;
        var target = ReadTarget(node, aims);
        CheckAim(node, action, target);
        return new CallStep(
            DataTemplate.Read(
                JsonSerializer.SerializeToElement(action),
                word.Pointer,
                fields.Fault
            ),
            target with
            {
                Entities = target.Entities ?? DataTemplate.Of([]),
                Devices = target.Devices ?? DataTemplate.Of([]),
            },
            Merged(node, "data", "data_template", aims),
            fields.Text(node, "response_variable")
        )
        {
            Path = path,
        };
    }

    /// <summary>The short form <c>scene: scene.evening</c>.</summary>
    public CallStep? ReadScene(Node node, string path)
    {
        fields.RefuseUnknown(node, StepReader.Common, ["scene", "metadata"]);
        var value = node.Member("scene");
        if (
            fields.RequiredText(node, "scene", "name the scene, such as scene.evening")
            is not { } name
        )
        {
            return null;
        }

        if (fields.Names.Entity(value, name) is not { } scene)
        {
            return null;
        }

        fields.Names.Action(value, "scene.turn_on");
        return Call("scene.turn_on", scene, null, path);
    }

    /// <summary>A call of an action for one entity.</summary>
    public static CallStep Call(string action, EntityId entity, DataTemplate? data, string path) =>
        new(
            DataTemplate.Of(action),
            new CallTarget(DataTemplate.Of([entity.Value]), DataTemplate.Of([]), null, null, null),
            data,
            null
        )
        {
            Path = path,
        };

    /// <summary>Data in two spellings as one mapping, without the members that say whom it is
    /// for; null where there is none.</summary>
    public DataTemplate? Merged(Node node, string name, string older, string[] without)
    {
        var parts = new List<Node>();
        foreach (var part in new[] { node.Member(name), node.Member(older) })
        {
            if (
                part.Kind == JsonValueKind.String
                && DataTemplate.IsTemplate(part.Json.GetString()!)
            )
            {
                return DataTemplate.Read(part.Json, part.Pointer, fields.Fault);
            }

            if (!part.IsMissing && fields.IsMapping(part, "write a mapping of names to values"))
            {
                parts.Add(part);
            }
        }

        foreach (var part in parts)
        {
            // Read for its faults, which have its place.
            DataTemplate.Read(part.Json, part.Pointer, fields.Fault);
        }

        return parts.Count == 0
            ? null
            : DataTemplate.Read(Merge(parts, without), parts[0].Pointer, static (_, _) => { });
    }

    private static JsonElement Merge(List<Node> parts, string[] without)
    {
        var json = new JsonWriter();
        json.BeginObject();
        for (var index = 0; index < parts.Count; index++)
        {
            foreach (var member in parts[index].Json.EnumerateObject())
            {
                var isKept = !without.Contains(member.Name);
                if (isKept && !parts.Skip(index + 1).Any(later => later.Has(member.Name)))
                {
                    json.Name(member.Name).Raw(member.Value.GetRawText());
                }
            }
        }

        json.EndObject();
        return JsonElement.Parse(Encoding.UTF8.GetString(json.Written));
    }

    // A script called by its name gets its data as variables, whatever they are called.
    private static bool TakesItsDataWhole(string action) =>
        action.StartsWith("script.", StringComparison.Ordinal)
        && action
            is not ("script.turn_on" or "script.turn_off" or "script.toggle" or "script.reload");

    private string? ReadAction(Node word)
    {
        var action = fields.Text(word)?.Trim();
        if (string.IsNullOrEmpty(action))
        {
            fields.Fault(word, "is missing; write a domain and a verb, such as light.turn_off");
            return null;
        }

        if (DataTemplate.IsTemplate(action))
        {
            return action;
        }

        action = action.ToLowerInvariant();
        if (!NameCheck.IsId(action))
        {
            fields.Fault(
                word,
                $"is {word.Shown}; write a domain and a verb, such as light.turn_off"
            );
            return null;
        }

        fields.Names.Action(word, action);
        return action;
    }

    // Without anybody to act upon, the call could only ever fail.
    private void CheckAim(Node node, string action, CallTarget target)
    {
        var domain = action[..Math.Max(0, action.IndexOf('.', StringComparison.Ordinal))];
        var isAimed =
            target
            is not { Entities: null, Devices: null, Areas: null, Floors: null, Labels: null };
        if (!isAimed && AimedDomains.Contains(domain) && !DataTemplate.IsTemplate(action))
        {
            fields.Fault(
                node.Member("target"),
                "is missing; name an entity_id, a device_id or an area_id"
            );
        }
    }

    private CallTarget ReadTarget(Node node, string[] aims)
    {
        var target = node.Member("target");
        if (!target.IsMissing && fields.IsMapping(target, "write a mapping with entity_id"))
        {
            fields.RefuseUnknown(target, TargetKeys);
        }

        Node[] places =
            aims.Length == 0
                ? [node, target]
                : [node, node.Member("data"), node.Member("data_template"), target];
        return new CallTarget(
            Aim(places, "entity_id"),
            Aim(places, "device_id"),
            Aim(places, "area_id"),
            Aim(places, "floor_id"),
            Aim(places, "label_id")
        );
    }

    private DataTemplate? Aim(Node[] places, string key)
    {
        var written = places
            .Select(place => place.Member(key))
            .Where(value => value.Items().Any())
            .ToArray();
        if (written.Length == 0)
        {
            return null;
        }

        var names = written
            .SelectMany(fields.Scalars)
            .SelectMany(item => Names(item, key))
            .ToArray();
        // One text that is a template may make a list; it must not be put into one.
        return names is [var only] && DataTemplate.IsTemplate(only)
            ? DataTemplate.Read(
                JsonSerializer.SerializeToElement(only),
                written[0].Pointer,
                fields.Fault
            )
            : DataTemplate.Read(
                JsonSerializer.SerializeToElement(names.Distinct(StringComparer.Ordinal)),
                written[0].Pointer,
                fields.Fault
            );
    }

    private IEnumerable<string> Names(Node item, string key)
    {
        var text = fields.Text(item)!.Trim();
        if (DataTemplate.IsTemplate(text))
        {
            return [text];
        }

        switch (key)
        {
            case "entity_id":
                return
                [
                    .. text.Split(',')
                        .Select(name =>
                            EntityWords.Contains(name.Trim().ToLowerInvariant())
                                ? name.Trim().ToLowerInvariant()
                                : fields.Names.Entity(item, name)?.Value
                        )
                        .OfType<string>(),
                ];
            case "device_id":
                fields.Names.Device(item, text);
                break;
            case "area_id":
                fields.Names.Area(item, text);
                break;
        }

        return [text];
    }
}
