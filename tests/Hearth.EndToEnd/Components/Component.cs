using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Components;

/// <summary>The components as they are started on a machine: each a process of its own.</summary>
internal static class Component
{
    public static RunningProgram Lamp(RunningHub hub, string name, params string[] more) =>
        Start(Built.LightBulb, hub, name, more);

    public static RunningProgram Tracker(RunningHub hub, string name, params string[] more) =>
        Start(Built.EnergyTracker, hub, name, ["--interval", "100ms", .. more]);

    private static RunningProgram Start(
        string assembly,
        RunningHub hub,
        string name,
        IEnumerable<string> more
    ) =>
        RunningProgram.Start(
            assembly,
            ["--host", "127.0.0.1", "--port", hub.MqttPort.ToString(), "--name", name, .. more]
        );
}
