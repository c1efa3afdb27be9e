using System.Runtime.InteropServices;

namespace Hearth.Sdk;

/// <summary>
/// Tells a program that somebody wants it to stop: Ctrl+C, or SIGTERM from a service manager or
/// a container engine. The first signal cancels <see cref="Token"/> so that the device can go
/// offline politely; a second one ends the process at once.
/// </summary>
public sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Starts to listen for the signals.</summary>
    public StopSignal() =>
        registrations = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        ];

    /// <summary>Cancelled when the program was asked to stop.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Stops listening for the signals.</summary>
    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }
}
