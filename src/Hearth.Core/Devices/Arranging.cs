using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Devices;

/// <summary>Takes what people say of devices and areas, or says all that is wrong with it.
/// </summary>
internal sealed class Arranging(HomeState state)
{
    /// <summary>How many areas people can have said something of.</summary>
    public const int AreasMax = 1000;

    private const int LabelsMax = 50;
    private const int LengthMax = 255;

    public Refusal? Arrange(Turn turn, ArrangeDevice asked)
    {
        if (!state.Devices.Devices.TryGetValue(asked.Device, out var device))
        {
            return new Refusal(RefusalKind.NotFound, $"There is no device {asked.Device}.");
        }

        var faults = new List<Fault>();
        var json = Object(asked.Patch, faults, ["name", "area", "labels"]);
        // A member that is not there leaves things as they are, null takes them back (RFC 7396).
        var before = device.Says;
        var after = new Arrangement(
            Text(json, "name", before.Name, faults),
            Area(json, before.Area, faults),
            Texts(json, "labels", before.Labels, faults)
        );
        if (faults.Count > 0)
        {
            return Invalid("What is said of the device cannot be taken.", faults);
        }

        if (!after.Says(before))
        {
            turn.Emit(new DeviceArranged(device.Id, after));
        }

        return null;
    }

    public Refusal? Save(Turn turn, SaveArea asked)
    {
        var faults = new List<Fault>();
        if (AreaMap.IdOf(asked.Id) is var id && asked.Id != id)
        {
            faults.Add(
                new Fault(
                    "",
                    $"An area's id has lower-case letters, digits and underscores; write {id}.",
                    id
                )
            );
        }

        var json = Object(asked.Definition, faults, ["name", "floor", "labels"]);
        var area = new AreaSaved(
            asked.Id,
            Text(json, "name", null, faults) ?? "",
            Text(json, "floor", null, faults),
            Texts(json, "labels", [], faults)
        );
        if (json.ValueKind == JsonValueKind.Object && !Has(json, "name"))
        {
            faults.Add(new Fault("/name", "is missing; write what people call the area"));
        }

        if (faults.Count > 0)
        {
            return Invalid("The area cannot be taken.", faults);
        }

        var before = state.Areas.Find(asked.Id);
        if (before is null && state.Areas.All.Count >= AreasMax)
        {
            return new Refusal(
                RefusalKind.LimitReached,
                $"There are {AreasMax} areas already; say something else of one of them."
            );
        }

        if (before?.Says(area) != true)
        {
            turn.Emit(area);
        }

        return null;
    }

    // An area keeps its id however people call it, so a name is that of the area which has it now.
    // An id, as answers give it, is no name.
    private string? Area(JsonElement json, string? before, List<Fault> faults)
    {
        if (!Has(json, "area", out _))
        {
            return before;
        }

        if (Text(json, "area", null, faults) is not { } area)
        {
            return null;
        }

        var named = state.Areas.Find(area) is null
            ? state.Areas.All.FirstOrDefault(saved => AreaLookup.IsSame(saved.Name, area))
            : null;
        return named?.Area ?? area;
    }

    private static Refusal Invalid(string detail, List<Fault> faults) =>
        new(RefusalKind.Invalid, detail, faults);

    private static JsonElement Object(string text, List<Fault> faults, string[] known)
    {
        var json = JsonElement.Parse(text);
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault("", "Write an object."));
            return json;
        }

        if (JsonText.Compact(text) is null)
        {
            // Nothing of it can be read without care.
            faults.Add(new Fault("", "has half of a surrogate pair; write the whole character"));
            return default;
        }

        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                faults.Add(
                    new Fault(
                        "/" + JsonText.PointerStep(member.Name),
                        "is not known here; known are " + string.Join(", ", known)
                    )
                );
            }
        }

        return json;
    }

    private static string? Text(JsonElement json, string name, string? before, List<Fault> faults)
    {
        if (!Has(json, name, out var value))
        {
            return before;
        }

        return value.ValueKind == JsonValueKind.Null ? null : Read(value, "/" + name, faults);
    }

    private static IReadOnlyList<string> Texts(
        JsonElement json,
        string name,
        IReadOnlyList<string> before,
        List<Fault> faults
    )
    {
        if (!Has(json, name, out var value))
        {
            return before;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > LabelsMax)
        {
            faults.Add(new Fault("/" + name, $"must be a list of at most {LabelsMax} texts"));
            return [];
        }

        return
        [
            .. value
                .EnumerateArray()
                .Select((item, index) => Read(item, $"/{name}/{index}", faults) ?? "")
                .DistinctBy(AreaMap.IdOf),
        ];
    }

    private static string? Read(JsonElement value, string pointer, List<Fault> faults)
    {
        var text =
            value.ValueKind == JsonValueKind.String
            && JsonText.Compact(value.GetRawText()) is not null
                ? value.GetString()!.Trim()
                : "";
        if (text.Length is > 0 and <= LengthMax && !text.Any(char.IsControl))
        {
            return text;
        }

        faults.Add(new Fault(pointer, $"must be a text of one line, 1 to {LengthMax} characters"));
        return null;
    }

    private static bool Has(JsonElement json, string name) =>
        Has(json, name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static bool Has(JsonElement json, string name, out JsonElement value)
    {
        value = default;
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out value);
    }
}

/// <summary>The areas that people have said something of. Only events change it.</summary>
internal sealed class AreaBook
{
    private readonly SortedDictionary<string, AreaSaved> _all = new(StringComparer.Ordinal);

    public IReadOnlyCollection<AreaSaved> All => _all.Values;

    public AreaSaved? Find(string id) => _all.GetValueOrDefault(id);

    public void Apply(AreaSaved area) => _all[area.Area] = area;
}
