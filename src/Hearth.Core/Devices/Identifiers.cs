namespace Hearth.Core.Devices;

/// <summary>The id of a registered component, chosen by the home: <c>desk_lamp</c>.</summary>
public readonly record struct DeviceId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The id of one thing a device reports or can be told: <c>light.desk</c>.</summary>
public readonly record struct EntityId(string Value)
{
    /// <summary>
    /// What is before the dot, <c>light</c>: which actions the entity understands.
    /// </summary>
    public string Domain => Value[..Math.Max(0, Value.IndexOf('.', StringComparison.Ordinal))];

    public override string ToString() => Value;
}
