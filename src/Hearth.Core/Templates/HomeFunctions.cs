namespace Hearth.Core.Templates;

/// <summary>What templates ask about areas, floors, devices and labels of the home.</summary>
internal static class HomeFunctions
{
    private static readonly TemplateValue None = TemplateValue.None;

    /// <summary>Those that stand as a filter and as a function alike.</summary>
    public static (string Name, string Parameters, FunctionBody Body)[] Shared { get; } =
    [
        ("area_id", "lookup_value", (f, a) => Text(Areas(f).IdOf(a.Text(0)))),
        ("area_name", "lookup_value", (f, a) => Text(Areas(f).NameOf(a.Text(0)))),
        ("area_entities", "area_id_or_name", (f, a) => Texts(Areas(f).EntitiesIn(a.Text(0)))),
        ("area_devices", "area_id_or_name", (f, a) => Texts(Areas(f).DevicesIn(a.Text(0)))),
        ("floor_id", "lookup_value", (f, a) => Text(Areas(f).FloorIdOf(a.Text(0)))),
        ("floor_name", "lookup_value", (f, a) => Text(Areas(f).FloorNameOf(a.Text(0)))),
        ("floor_areas", "floor_id_or_name", (f, a) => Texts(Areas(f).AreasOn(a.Text(0)))),
        ("floor_entities", "floor_id_or_name", (f, a) => Texts(Areas(f).EntitiesOn(a.Text(0)))),
        ("device_id", "entity_id_or_device_name", (f, a) => Text(DeviceId(f, a.Text(0)))),
        ("device_name", "lookup_value", DeviceName),
        ("device_entities", "_device_id", DeviceEntities),
        ("device_attr", "device_or_entity_id attr_name", DeviceAttr),
        ("entity_name", "entity_id", EntityName),
        ("labels", "lookup_value", Labels),
        ("label_id", "lookup_value", (f, a) => Text(LabelNamed(f, a.Text(0))?.Id)),
        ("label_name", "lookup_value", (f, a) => Text(Label(f, a.Text(0))?.Name)),
        ("label_description", "lookup_value", (f, a) => Text(Label(f, a.Text(0))?.Description)),
        (
            "label_areas",
            "label_id_or_name",
            (f, a) => Texts(Carrying(f, a, f.Context.Home.Areas, x => x.Labels, x => x.Id))
        ),
        (
            "label_devices",
            "label_id_or_name",
            (f, a) => Texts(Carrying(f, a, f.Context.Home.Devices, x => x.Labels, x => x.Id))
        ),
        (
            "label_entities",
            "label_id_or_name",
            (f, a) => Texts(Carrying(f, a, f.Context.Home.Entities, x => x.Labels, x => x.Id))
        ),
    ];

    public static (string Name, string Parameters, FunctionBody Body)[] Functions { get; } =
    [
        .. Shared,
        ("areas", "", (f, _) => Texts(f.Context.Home.Areas.Select(area => area.Id))),
        ("floors", "", (f, _) => Texts(f.Context.Home.Floors.Select(floor => floor.Id))),
        .. Tests,
    ];

    /// <summary>Those that are tests as well.</summary>
    public static (string Name, string Parameters, FunctionBody Body)[] Tests =>
        [
            (
                "is_device_attr",
                "device_or_entity_id attr_name attr_value",
                (f, a) => TemplateValue.From(DeviceAttr(f, a).Equals(a[2]))
            ),
            (
                "is_hidden_entity",
                "entity_id",
                (f, a) => TemplateValue.From(f.Context.Home.Entity(a.Text(0)) is { IsHidden: true })
            ),
        ];

    private static AreaLookup Areas(Frame frame)
    {
        // One of these walks over what the home has, once.
        var home = frame.Context.Home;
        frame.ChargeItems(16 + ((home.Entities.Count + home.Devices.Count) >> 4));
        return new AreaLookup(home);
    }

    private static string? DeviceId(Frame frame, string entityOrName)
    {
        var home = frame.Context.Home;
        if (home.Entity(entityOrName) is { } entity)
        {
            return entity.DeviceId;
        }
        frame.ChargeItems(home.Devices.Count >> 2);
        return home
            .Devices.FirstOrDefault(device => (device.NameByUser ?? device.Name) == entityOrName)
            ?.Id;
    }

    private static DeviceEntry? Device(Frame frame, string lookup)
    {
        var home = frame.Context.Home;
        return home.Device(lookup)
            ?? (home.Entity(lookup)?.DeviceId is { } id ? home.Device(id) : null);
    }

    private static TemplateValue DeviceName(Frame frame, Arguments a) =>
        Device(frame, a.Text(0)) is { } device ? Text(device.NameByUser ?? device.Name) : None;

    private static TemplateValue DeviceEntities(Frame frame, Arguments a)
    {
        string device = a.Text(0);
        var home = frame.Context.Home;
        frame.ChargeItems(home.Entities.Count >> 2);
        return Texts(home.Entities.Where(e => e.DeviceId == device).Select(e => e.Id));
    }

    private static TemplateValue DeviceAttr(Frame frame, Arguments a)
    {
        if (!a[0].IsText)
        {
            throw a.Fault("needs the id of a device or an entity.");
        }
        if (Device(frame, a.Text(0)) is not { } device)
        {
            return None;
        }
        return a.Text(1) switch
        {
            "id" => Text(device.Id),
            "name" => Text(device.Name),
            "name_by_user" => Text(device.NameByUser),
            "area_id" => Text(device.AreaId),
            "labels" => Texts(device.Labels),
            var name => device.Facts.TryGetValue(name, out var fact) ? fact : None,
        };
    }

    private static TemplateValue EntityName(Frame frame, Arguments a)
    {
        string id = a.Text(0);
        return Text(frame.Context.Home.Entity(id)?.Name ?? frame.Context.Home.State(id)?.Name);
    }

    private static TemplateValue Labels(Frame frame, Arguments a)
    {
        var home = frame.Context.Home;
        if (!a.Has(0) || a[0].IsNone)
        {
            return Texts(home.Labels.Select(label => label.Id));
        }
        string lookup = a.Text(0);
        return Texts(
            home.Entity(lookup)?.Labels
                ?? home.Device(lookup)?.Labels
                ?? home.Areas.FirstOrDefault(area => area.Id == lookup)?.Labels
                ?? []
        );
    }

    private static LabelEntry? Label(Frame frame, string id) =>
        frame.Context.Home.Labels.FirstOrDefault(label => label.Id == id);

    private static LabelEntry? LabelNamed(Frame frame, string name) =>
        frame.Context.Home.Labels.FirstOrDefault(label => AreaLookup.IsSame(label.Name, name));

    private static IEnumerable<string> Carrying<T>(
        Frame frame,
        Arguments a,
        IReadOnlyList<T> entries,
        Func<T, IReadOnlyList<string>> labels,
        Func<T, string> id
    )
    {
        frame.ChargeItems(entries.Count >> 2);
        string given = a.Text(0);
        var label = Label(frame, given) ?? LabelNamed(frame, given);
        return label is null ? [] : entries.Where(e => labels(e).Contains(label.Id)).Select(id);
    }

    private static TemplateValue Text(string? text) =>
        text is null ? None : TemplateValue.From(text);

    private static TemplateValue Texts(IEnumerable<string> texts) => PythonStrings.TextList(texts);
}

/// <summary>Finds areas and floors by what templates call them: an id, a name, an alias, or a
/// device or entity that is there.</summary>
internal sealed class AreaLookup(IHomeView home)
{
    /// <summary>True for names that differ only in case and blanks.</summary>
    public static bool IsSame(string left, string right) =>
        string.Equals(Plain(left), Plain(right), StringComparison.OrdinalIgnoreCase);

    public string? IdOf(string lookup) =>
        home.Areas.FirstOrDefault(area => IsSame(area.Name, lookup))?.Id
        ?? home.Areas.FirstOrDefault(area => area.Aliases.Any(a => IsSame(a, lookup)))?.Id
        ?? IdAround(lookup);

    public string? NameOf(string lookup) => (Area(lookup) ?? Area(IdAround(lookup)))?.Name;

    public IEnumerable<string> DevicesIn(string idOrName)
    {
        string? id = Known(idOrName);
        return id is null ? [] : home.Devices.Where(d => d.AreaId == id).Select(d => d.Id);
    }

    public IEnumerable<string> EntitiesIn(string idOrName) => EntitiesAt(Known(idOrName));

    public string? FloorIdOf(string lookup) =>
        home.Floors.FirstOrDefault(floor => IsSame(floor.Name, lookup))?.Id
        ?? home.Floors.FirstOrDefault(floor => floor.Aliases.Any(a => IsSame(a, lookup)))?.Id
        ?? Area(IdOf(lookup))?.FloorId;

    public string? FloorNameOf(string lookup) =>
        (Floor(lookup) ?? Floor(Area(IdOf(lookup))?.FloorId))?.Name;

    public IEnumerable<string> AreasOn(string idOrName)
    {
        string? id = FloorNameOf(idOrName) is not null ? idOrName : FloorIdOf(idOrName);
        return id is null ? [] : home.Areas.Where(area => area.FloorId == id).Select(a => a.Id);
    }

    public IEnumerable<string> EntitiesOn(string idOrName) =>
        AreasOn(idOrName).SelectMany(EntitiesAt);

    // Those that were put there themselves first, then those whose device was.
    private IEnumerable<string> EntitiesAt(string? id)
    {
        if (id is null)
        {
            return [];
        }
        var devices = home.Devices.Where(d => d.AreaId == id).Select(d => d.Id).ToHashSet();
        var own = home.Entities.Where(entity => entity.AreaId == id);
        var inherited = home.Entities.Where(entity =>
            entity.AreaId is null && entity.DeviceId is { } device && devices.Contains(device)
        );
        return own.Concat(inherited).Select(entity => entity.Id);
    }

    private string? Known(string idOrName) =>
        NameOf(idOrName) is not null ? idOrName : IdOf(idOrName);

    private string? IdAround(string lookup)
    {
        var entity = home.Entity(lookup);
        string? device = entity is null ? lookup : entity.DeviceId;
        return entity?.AreaId ?? (device is null ? null : home.Device(device)?.AreaId);
    }

    private AreaEntry? Area(string? id) => home.Areas.FirstOrDefault(area => area.Id == id);

    private FloorEntry? Floor(string? id) => home.Floors.FirstOrDefault(floor => floor.Id == id);

    private static string Plain(string name) => name.Replace(" ", "", StringComparison.Ordinal);
}
