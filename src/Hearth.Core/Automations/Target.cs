using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>Whom a call is for, by name.</summary>
internal sealed record Target(
    IReadOnlyList<string> Entities,
    IReadOnlyList<string> Devices,
    IReadOnlyList<string> Areas,
    IReadOnlyList<string> Floors,
    IReadOnlyList<string> Labels
)
{
    public bool IsEmpty =>
        Entities.Count + Devices.Count + Areas.Count + Floors.Count + Labels.Count == 0;

    /// <summary>The areas that are meant: those that are named, those of the floors, and those that
    /// carry one of the labels.</summary>
    public IReadOnlySet<string> AreasOf(AreaMap map) =>
        Areas
            .Concat(
                map.Areas.Where(area =>
                        (area.FloorId is { } floor && Floors.Contains(floor))
                        || area.Labels.Any(Labels.Contains)
                    )
                    .Select(area => area.Id)
            )
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Renders a target. Where the data names entities, they are meant as well, and are
    /// no data.</summary>
    public static Target Of(CallTarget target, TemplateDict data, TemplateContext context) =>
        new(
            [
                .. Names(target.Entities, context),
                .. data.TryGet("entity_id", out var more) ? Names(more) : [],
            ],
            Names(target.Devices, context),
            Names(target.Areas, context),
            Names(target.Floors, context),
            Names(target.Labels, context)
        );

    public void Write(JsonWriter json)
    {
        json.BeginObject();
        foreach (
            var (name, values) in ((string, IReadOnlyList<string>)[])
                [
                    ("entity_id", Entities),
                    ("device_id", Devices),
                    ("area_id", Areas),
                    ("floor_id", Floors),
                    ("label_id", Labels),
                ]
        )
        {
            if (values.Count == 0)
            {
                continue;
            }

            json.Name(name).BeginArray();
            foreach (var value in values)
            {
                json.String(value);
            }

            json.EndArray();
        }

        json.EndObject();
    }

    private static IReadOnlyList<string> Names(DataTemplate? field, TemplateContext context) =>
        field is null ? [] : Names(field.Render(context));

    private static IReadOnlyList<string> Names(TemplateValue value) =>
        value.Kind switch
        {
            TemplateKind.None or TemplateKind.Undefined => [],
            TemplateKind.List or TemplateKind.Tuple => [.. value.AsItems.SelectMany(Names)],
            _ =>
            [
                .. value
                    .ToString()
                    .Split(',', StringSplitOptions.TrimEntries)
                    .Where(name => name.Length > 0 && name != "none"),
            ],
        };
}
