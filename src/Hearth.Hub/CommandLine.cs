using System.CommandLine;

namespace Hearth.Hub;

/// <summary>What can be written behind <c>hearth</c>.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args, TimeProvider clock)
    {
        var root = new RootCommand(
            "The Hearth hub: what happens at home, durable and in order, over HTTP and MQTT."
        );
        var switches = Settings
            .All.Where(setting => setting.Switch is not null)
            .ToDictionary(
                setting => setting.Key,
                setting => new Option<string?>(setting.Switch!)
                {
                    Description = $"{setting.Meaning} Default: {setting.Default}.",
                    Recursive = true,
                }
            );
        foreach (var option in switches.Values)
        {
            root.Options.Add(option);
        }

        root.SetAction(
            (parsed, cancellationToken) =>
                HubProcess.RunAsync(
                    Given(parsed, switches),
                    clock,
                    Welcome.SayAsync,
                    cancellationToken
                )
        );
        var invocation = new InvocationConfiguration
        {
            // The host itself hears Ctrl+C and SIGTERM.
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        return root.Parse(args).InvokeAsync(invocation, CancellationToken.None);
    }

    private static Dictionary<string, string?> Given(
        ParseResult parsed,
        Dictionary<string, Option<string?>> switches
    ) =>
        switches
            .Where(item => parsed.GetResult(item.Value) is not null)
            .ToDictionary(item => item.Key, item => parsed.GetValue(item.Value));
}
