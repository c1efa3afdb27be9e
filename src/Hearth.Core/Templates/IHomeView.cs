namespace Hearth.Core.Templates;

/// <summary>
/// What templates can see of a home at one moment: the states of its entities, and how entities,
/// devices, areas, floors and labels belong together. Reading it changes nothing, and while one
/// template is rendered it answers the same.
/// </summary>
public interface IHomeView
{
    /// <summary>The states of all entities, in ordinal order of their ids.</summary>
    IReadOnlyList<StateView> States { get; }

    /// <summary>Every registered entity, in ordinal order of their ids.</summary>
    IReadOnlyList<EntityEntry> Entities { get; }

    /// <summary>Every device, in ordinal order of their ids.</summary>
    IReadOnlyList<DeviceEntry> Devices { get; }

    /// <summary>Every area, in ordinal order of their ids.</summary>
    IReadOnlyList<AreaEntry> Areas { get; }

    /// <summary>Every floor, in ordinal order of their ids.</summary>
    IReadOnlyList<FloorEntry> Floors { get; }

    /// <summary>Every label, in ordinal order of their ids.</summary>
    IReadOnlyList<LabelEntry> Labels { get; }

    /// <summary>The state of one entity; null where there is none.</summary>
    StateView? State(string entityId);

    /// <summary>Where one entity belongs; null where it is not registered.</summary>
    EntityEntry? Entity(string entityId);

    /// <summary>One device; null where there is none.</summary>
    DeviceEntry? Device(string deviceId);
}

/// <summary>Where an entity belongs. Its area and labels are its own, not its device's.</summary>
public sealed record EntityEntry(string Id)
{
    public string? DeviceId { get; init; }

    public string? AreaId { get; init; }

    public string? Name { get; init; }

    public bool IsHidden { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];
}

/// <summary>A device. <c>Facts</c> are what <c>device_attr</c> answers besides: its manufacturer,
/// model, <c>sw_version</c> and the like.</summary>
public sealed record DeviceEntry(string Id)
{
    public string? Name { get; init; }

    /// <summary>What a person calls it, where that is not its own name.</summary>
    public string? NameByUser { get; init; }

    public string? AreaId { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public IReadOnlyDictionary<string, TemplateValue> Facts { get; init; } =
        new Dictionary<string, TemplateValue>();
}

/// <summary>An area of the home, such as a room.</summary>
public sealed record AreaEntry(string Id, string Name)
{
    public string? FloorId { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public IReadOnlyList<string> Labels { get; init; } = [];
}

/// <summary>A floor of the home; areas lie on it.</summary>
public sealed record FloorEntry(string Id, string Name)
{
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <summary>A label that entities, devices and areas may carry.</summary>
public sealed record LabelEntry(string Id, string Name)
{
    public string? Description { get; init; }
}
