namespace Hearth.Sdk;

/// <summary>Something that is on or off and can be told so.</summary>
public sealed class HearthSwitch
{
    internal HearthSwitch(HearthEntity entity) => Entity = entity;

    /// <summary>Its topics, and the way around this class.</summary>
    public HearthEntity Entity { get; }

    /// <summary>
    /// What to do with a command: true is on. The handler reports what became of it.
    /// </summary>
    public void OnCommand(Func<bool, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Entity.OnCommand(
            (payload, token) =>
                payload switch
                {
                    "ON" => handler(true, token),
                    "OFF" => handler(false, token),
                    _ => throw new FormatException($"A switch is ON or OFF, not '{payload}'."),
                }
        );
    }

    /// <summary>Reports whether it is on; see <see cref="HearthEntity.ReportAsync"/>.</summary>
    public Task ReportAsync(bool on, CancellationToken cancellationToken = default) =>
        Entity.ReportAsync(on ? "ON" : "OFF", cancellationToken);
}
