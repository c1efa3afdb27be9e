using Hearth.Core.Devices;

namespace Hearth.Core.Templates;

/// <summary>
/// The state of one entity as templates see it: <c>states.sensor.x</c>, <c>this</c>,
/// <c>trigger.to_state</c>. Attributes become values when they are first asked for.
/// </summary>
public sealed class StateView
{
    private TemplateDict? _dict;

    public required string EntityId { get; init; }

    /// <summary>The state as people see it, <c>unavailable</c> included.</summary>
    public required string State { get; init; }

    public Attributes Attributes { get; init; } = Attributes.Empty;

    /// <summary>When the state itself last became another.</summary>
    public DateTimeOffset LastChanged { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>When the state or an attribute last became another.</summary>
    public DateTimeOffset LastUpdated { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>When it was last heard of, changed or not.</summary>
    public DateTimeOffset LastReported { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The event that made the state.</summary>
    public string? ContextId { get; init; }

    /// <summary>The event that led to it.</summary>
    public string? ContextParentId { get; init; }

    /// <summary>The person who did.</summary>
    public string? ContextUserId { get; init; }

    public string Domain =>
        EntityId[..Math.Max(EntityId.IndexOf('.', StringComparison.Ordinal), 0)];

    public string ObjectId => EntityId[(EntityId.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>The attribute <c>friendly_name</c>, or the id in words.</summary>
    public string Name =>
        TryAttribute("friendly_name", out var name) ? name.ToString() : ObjectId.Replace('_', ' ');

    /// <summary>Neither unknown nor unavailable.</summary>
    public bool HasValue => State is not (EntityState.Unknown or EntityState.Unavailable);

    internal TemplateDict AttributeDict => _dict ??= ReadAttributes();

    public bool TryAttribute(string name, out TemplateValue value)
    {
        if (_dict is not null)
        {
            return _dict.TryGet(name, out value);
        }
        value = default;
        return Attributes.Get(name) is { } json && PythonJson.TryParse(json, out value);
    }

    private TemplateDict ReadAttributes()
    {
        var dict = new TemplateDict(Attributes.Count);
        foreach (var (name, json) in Attributes)
        {
            if (PythonJson.TryParse(json, out var value))
            {
                dict.Set(name, value);
            }
        }
        return dict;
    }
}
