using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Automations;

/// <summary>A home with a plug and a lamp, and what its automations did in few words.</summary>
internal static class ARun
{
    public static AHome Home()
    {
        var home = AHome.WithAPlug();
        home.Receive(
            "homeassistant/light/lamp/config",
            """
            {"name":null,"unique_id":"lamp","command_topic":"lamp/set","state_topic":"lamp/state",
            "device":{"identifiers":["lamp"],"name":"Lamp","suggested_area":"Living room"} }
            """
        );
        home.Receive("lamp/state", "OFF");
        home.Receive("desk/state", "OFF");
        home.Power("10");
        return home;
    }

    /// <summary>An automation with this id; the text has triggers, conditions, actions and so on.
    /// </summary>
    public static AHome With(this AHome home, string id, string members) =>
        home.Saved($"{{\"id\":\"{id}\",{members}}}");

    /// <summary>Triggered by the event <c>go</c>.</summary>
    public static AHome OnGo(this AHome home, string actions, string more = "") =>
        home.With(
            "it",
            "\"triggers\":[{\"trigger\":\"event\",\"event_type\":\"go\"}],"
                + $"{more}\"actions\":{actions}"
        );

    public static Outcome Publish(this AHome home, string type, string data = "{}") =>
        home.Ask(
            new PublishEvents([
                new NewEvent(
                    $"{home.Home.Last}",
                    "/tests",
                    null,
                    new ProgramEvent(type, null, null, null, ContentKind.Json, data, [])
                ),
            ])
        );

    public static void Go(this AHome home, string data = "{}") => home.Publish("go", data);

    /// <summary>What automations published on the bus, <c>type data</c>.</summary>
    public static IEnumerable<string> Said(this AHome home) =>
        home
            .Events.Where(item =>
                item.Principal.Value.StartsWith("automation:", StringComparison.Ordinal)
            )
            .Select(item => item.Data)
            .OfType<ProgramEvent>()
            .Select(item => $"{item.ProgramType} {item.Content}");

    /// <summary>What automations told to do, <c>entity action</c>.</summary>
    public static IEnumerable<string> Told(this AHome home) =>
        home.Of<CommandRequested>().Select(command => $"{command.Entity} {command.Action}");

    /// <summary>How runs ended, oldest first.</summary>
    public static IEnumerable<string> Ends(this AHome home) =>
        home
            .Events.Select(item => item.Data)
            .Select(data =>
                data switch
                {
                    AutomationFinished finished => finished.Result,
                    AutomationFailed failed => $"{failed.Step}: {failed.Reason}",
                    AutomationTriggered { StoppedBy: { } stopped } => stopped,
                    _ => null,
                }
            )
            .OfType<string>();

    /// <summary>The paths of the trace of all runs, in order.</summary>
    public static IEnumerable<string> Paths(this AHome home) =>
        home.Traces()
            .SelectMany(trace =>
                JsonElement
                    .Parse(trace)
                    .EnumerateArray()
                    .Select(step => step.GetProperty("path").GetString()!)
            );

    public static IEnumerable<string> Traces(this AHome home) =>
        home
            .Events.Select(item => item.Data)
            .Select(data =>
                data switch
                {
                    AutomationTriggered triggered => triggered.Trace,
                    AutomationRunEvent run => run.Trace,
                    _ => null,
                }
            )
            .OfType<string>();

    /// <summary>The home dies and is back at once; the rest of the test goes on with it.
    /// </summary>
    public static AHome Restarted(this AHome home)
    {
        home.Crash(secondsDown: 0);
        return home;
    }
}
