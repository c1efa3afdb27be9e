using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Devices;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Devices;

/// <summary>Whom an action is for, and how it is to be done.</summary>
/// <param name="Data">The action's own fields, like brightness.</param>
internal sealed record ActionBody(ActionTargetBody Target, JsonElement? Data);

/// <summary>At least one id; each may be one text or a list.</summary>
internal sealed record ActionTargetBody(
    IReadOnlyList<string>? EntityId,
    IReadOnlyList<string>? DeviceId
);

/// <summary>Reads an <see cref="ActionBody"/> and says everything that is wrong with it.</summary>
internal sealed class ActionReader
{
    private readonly List<Fault> _faults = [];

    public static CallAction? Read(string action, JsonElement json, out Problem? problem)
    {
        var reader = new ActionReader();
        var call = reader.Read(action, json);
        problem = reader._faults.Count == 0 ? null : Problem.Invalid(reader._faults);
        return problem is null ? call : null;
    }

    private CallAction? Read(string action, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Fault("", "Expected an object with target and, if need be, data.");
            return null;
        }

        RefuseUnknown(json, "", ["target", "data"]);
        var (entities, devices) = ReadTarget(json);
        var data = json.TryGetProperty("data", out var given) ? given : default;
        if (data.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
        {
            Fault(
                "/data",
                "Expected an object with the action's fields, like {\"brightness\": 128}."
            );
        }

        return new CallAction(
            action,
            [.. entities.Select(id => new EntityId(id))],
            [.. devices.Select(id => new DeviceId(id))],
            data.ValueKind == JsonValueKind.Object ? data.GetRawText() : "{}"
        );
    }

    private (IReadOnlyList<string> Entities, IReadOnlyList<string> Devices) ReadTarget(
        JsonElement json
    )
    {
        if (!json.TryGetProperty("target", out var target))
        {
            Fault("/target", "target is missing; write {\"entity_id\": \"light.desk\"}.");
            return ([], []);
        }

        if (target.ValueKind != JsonValueKind.Object)
        {
            Fault("/target", "Expected an object with entity_id or device_id.");
            return ([], []);
        }

        RefuseUnknown(target, "/target", ["entity_id", "device_id"]);
        var entities = ReadIds(target, "entity_id");
        var devices = ReadIds(target, "device_id");
        if (entities.Count + devices.Count == 0 && _faults.Count == 0)
        {
            Fault("/target", "It names nobody; write an entity_id or a device_id.");
        }

        return (entities, devices);
    }

    private List<string> ReadIds(JsonElement target, string name)
    {
        var ids = new List<string>();
        if (!target.TryGetProperty(name, out var given))
        {
            return ids;
        }

        var pointer = "/target/" + name;
        if (given.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in given.EnumerateArray())
            {
                AddId(ids, item, $"{pointer}/{index++}");
            }
        }
        else
        {
            AddId(ids, given, pointer);
        }

        return ids;
    }

    private void AddId(List<string> ids, JsonElement json, string pointer)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            ids.Add(json.GetString()!);
        }
        else
        {
            Fault(
                pointer,
                $"Expected an id as text, found {json.ValueKind.ToString().ToLowerInvariant()}."
            );
        }
    }

    private void RefuseUnknown(JsonElement json, string pointer, string[] known)
    {
        foreach (var name in json.EnumerateObject().Select(member => member.Name).Except(known))
        {
            Fault(
                $"{pointer}/{name}",
                $"There is no {name} here; there are {string.Join(", ", known)}."
            );
        }
    }

    private void Fault(string pointer, string detail) => _faults.Add(new Fault(pointer, detail));
}
