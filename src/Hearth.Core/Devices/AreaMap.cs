using Hearth.Core.Templates;

namespace Hearth.Core.Devices;

/// <summary>
/// The areas, floors and labels of a home: those that people have said something of, and those that
/// devices, areas and people name. Ids are the names as slugs.
/// </summary>
public sealed class AreaMap
{
    /// <param name="saved">What people have said of areas.</param>
    /// <param name="devices">The area that each device is in, by name, and its labels.</param>
    public AreaMap(
        IEnumerable<AreaSaved> saved,
        IEnumerable<(string? Area, IReadOnlyList<string> Labels)> devices
    )
    {
        var known = saved.ToList();
        var all = devices.ToList();
        Areas =
        [
            .. known
                .Select(area => new AreaEntry(area.Area, area.Name)
                {
                    FloorId = area.Floor is { } floor ? IdOf(floor) : null,
                    Labels = IdsOf(area.Labels),
                })
                .Concat(
                    all.Select(device => device.Area)
                        .OfType<string>()
                        .Select(name => new AreaEntry(IdOf(name), name))
                )
                .DistinctBy(area => area.Id)
                .OrderBy(area => area.Id, StringComparer.Ordinal),
        ];
        Floors =
        [
            .. known
                .Select(area => area.Floor)
                .OfType<string>()
                .Select(name => new FloorEntry(IdOf(name), name))
                .DistinctBy(floor => floor.Id)
                .OrderBy(floor => floor.Id, StringComparer.Ordinal),
        ];
        Labels =
        [
            .. known
                .SelectMany(area => area.Labels)
                .Concat(all.SelectMany(device => device.Labels))
                .Select(name => new LabelEntry(IdOf(name), name))
                .DistinctBy(label => label.Id)
                .OrderBy(label => label.Id, StringComparer.Ordinal),
        ];
    }

    public IReadOnlyList<AreaEntry> Areas { get; }

    public IReadOnlyList<FloorEntry> Floors { get; }

    public IReadOnlyList<LabelEntry> Labels { get; }

    /// <summary>The id of an area, floor or label of this name.</summary>
    public static string IdOf(string name) => Slug.OfPlace(name);

    /// <summary>The ids of labels of these names.</summary>
    public static IReadOnlyList<string> IdsOf(IReadOnlyList<string> names) =>
        [.. names.Select(IdOf)];
}
