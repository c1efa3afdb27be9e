using System.CommandLine;
using Hearth.Hub.Cli;
using Hearth.Hub.Demo;

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
                    LogLevel.Information,
                    Welcome.SayAsync,
                    cancellationToken
                )
        );
        root.Subcommands.Add(Demo(switches, clock));
        root.Subcommands.Add(WhyCommand.Make(parsed => Given(parsed, switches)));
        root.Subcommands.Add(RehearseCommand.Make(parsed => Given(parsed, switches), clock));
        var invocation = new InvocationConfiguration
        {
            // The host itself hears Ctrl+C and SIGTERM.
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        var parsed = root.Parse(args);
        return parsed.Errors.Count > 0
            ? NotUnderstoodAsync(parsed, invocation)
            : parsed.InvokeAsync(invocation, CancellationToken.None);
    }

    // Scripts tell wrong words from an answer that there is not; a hub that cannot start ends as it
    // always did.
    private static async Task<int> NotUnderstoodAsync(
        ParseResult parsed,
        InvocationConfiguration invocation
    )
    {
        var code = await parsed.InvokeAsync(invocation, CancellationToken.None);
        return parsed.CommandResult.Command.Options.Any(option => option.Name == HubCommand.HubName)
            ? ExitCode.NotAsked
            : code;
    }

    private static Command Demo(Dictionary<string, Option<string?>> switches, TimeProvider clock)
    {
        var once = new Option<bool>("--once")
        {
            Description = "End after one full round: with 0, or with 1 and the reason.",
        };
        var demo = new Command(
            "demo",
            "Run the hub with a lamp and an energy tracker beside it, and watch a rule at work."
        )
        {
            once,
        };
        demo.SetAction(
            (parsed, cancellationToken) =>
                HubProcess.RunAsync(
                    Given(parsed, switches),
                    clock,
                    // What is to be watched is what happens at home, not how the hub fares.
                    LogLevel.Error,
                    (app, stop) => new DemoRun(app, parsed.GetValue(once), clock).RunAsync(stop),
                    cancellationToken
                )
        );
        return demo;
    }

    private static Dictionary<string, string?> Given(
        ParseResult parsed,
        Dictionary<string, Option<string?>> switches
    ) =>
        switches
            .Where(item => parsed.GetResult(item.Value) is not null)
            .ToDictionary(item => item.Key, item => parsed.GetValue(item.Value));
}
