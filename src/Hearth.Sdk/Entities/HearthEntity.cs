using System.Text;
using System.Text.Json.Nodes;
using Hearth.Sdk.Connection;

namespace Hearth.Sdk;

/// <summary>
/// One thing the device reports or can be told. Made by <see cref="HearthDevice.AddEntity"/>;
/// lights, switches and sensors have a form of their own.
/// </summary>
public sealed class HearthEntity
{
    private readonly HearthDevice device;
    private readonly bool retainState;
    private byte[]? reported;

    internal HearthEntity(
        HearthDevice device,
        string component,
        string key,
        JsonObject config,
        bool retainState
    )
    {
        this.device = device;
        this.retainState = retainState;
        Component = component;
        Key = key;
        Config = config;
    }

    /// <summary>What it is in Home Assistant's words: <c>light</c>, <c>sensor</c> …</summary>
    public string Component { get; }

    /// <summary>Its name within the device, and in its topics.</summary>
    public string Key { get; }

    /// <summary>Where its state goes, <c>device/key/state</c>; null if it has none.</summary>
    public string? StateTopic => Config["state_topic"]?.ToString();

    /// <summary>Where its commands come, <c>device/key/set</c>; null if it takes none.</summary>
    public string? CommandTopic => Config["command_topic"]?.ToString();

    internal JsonObject Config { get; }

    /// <summary>
    /// What to do with a command; its payload is given as text. Commands are handled one at a
    /// time, in the order in which they came. A handler that throws is told to
    /// <see cref="HearthDevice.OnNotice"/>, and the device goes on.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The entity takes no commands, or the device already runs.
    /// </exception>
    public void OnCommand(Func<string, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var topic =
            CommandTopic
            ?? throw new InvalidOperationException($"A {Component} takes no commands.");
        device.OnMessage(topic, (message, token) => handler(message.Text, token));
    }

    /// <summary>
    /// Reports the state and returns when the hub has acknowledged it. While the device is not
    /// connected, the report is remembered, and the last one is sent when it is: for this, and
    /// whenever the hub starts again, nobody has to do anything.
    /// </summary>
    /// <param name="payload">The state as the entity's component spells it.</param>
    /// <param name="cancellationToken">Ends the waiting; the report stays remembered.</param>
    /// <exception cref="HearthException">
    /// The hub refused it; or it is an entity whose reports are not kept (such as an
    /// <c>event</c>), and the device is not connected.
    /// </exception>
    /// <exception cref="InvalidOperationException">The entity has no state.</exception>
    public async Task ReportAsync(string payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var topic =
            StateTopic ?? throw new InvalidOperationException($"A {Component} has no state.");
        var bytes = Encoding.UTF8.GetBytes(payload);
        await device.Reporting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            reported = retainState ? bytes : null;
            var session =
                device.Link.Current
                ?? (retainState ? null : throw new HearthException("The device is not connected."));
            if (session is not null)
            {
                await session
                    .PublishAsync(topic, bytes, retainState, contentType: null, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        catch (SessionLostException lost)
        {
            // Remembered: it goes out again as soon as there is a connection.
            if (!retainState)
            {
                throw new HearthException("The report was not acknowledged.", lost);
            }
        }
        finally
        {
            device.Reporting.Release();
        }
    }

    internal async Task ReportAgainAsync(Session session, CancellationToken cancellationToken)
    {
        await device.Reporting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (reported is not null)
            {
                await session
                    .PublishAsync(StateTopic!, reported, true, contentType: null, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        finally
        {
            device.Reporting.Release();
        }
    }
}
