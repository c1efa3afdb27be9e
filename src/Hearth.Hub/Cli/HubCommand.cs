using System.CommandLine;
using Spectre.Console;

namespace Hearth.Hub.Cli;

/// <summary>How a command that asks a running hub ends.</summary>
internal static class ExitCode
{
    /// <summary>The hub answered what was asked.</summary>
    public const int Answered = 0;

    /// <summary>The hub understood, and there is no such answer.</summary>
    public const int Refused = 1;

    /// <summary>Nobody could be asked: the words were wrong, or no hub answers.</summary>
    public const int NotAsked = 2;
}

/// <summary>
/// A command that asks a running hub something over HTTP: where that is, what is printed where, and
/// how it ends.
/// </summary>
internal sealed class HubCommand
{
    /// <summary>What every such command has.</summary>
    public const string HubName = "--hub";

    private readonly Command _command;
    private readonly Option<string?> _hub = new(HubName)
    {
        Description =
            "The address of the hub. Default: this machine, at the port of the hub's settings.",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print the hub's answer as it is.",
    };

    public HubCommand(Command command)
    {
        _command = command;
        _command.Options.Add(_hub);
        _command.Options.Add(_json);
    }

    /// <summary>Answers on the standard output, what went wrong on the error stream.</summary>
    /// <param name="given">Settings from the command line, by key.</param>
    /// <param name="patience">How long one answer may take.</param>
    /// <param name="ask">Asks the hub; null where it has found something to complain of itself, and
    /// said so.</param>
    /// <param name="show">Shows a good answer to a person.</param>
    public Command Does(
        Func<ParseResult, IReadOnlyDictionary<string, string?>> given,
        TimeSpan patience,
        Func<ParseResult, RunningHub, CancellationToken, Task<HubReply?>> ask,
        Action<ParseResult, IAnsiConsole, HubReply> show
    )
    {
        _command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var address = HubAddress.Read(
                    parsed.GetValue(_hub),
                    given(parsed),
                    out var sentence
                );
                if (address is null)
                {
                    await Console.Error.WriteLineAsync(sentence);
                    return ExitCode.NotAsked;
                }

                using var hub = new RunningHub(address, patience);
                try
                {
                    return await ask(parsed, hub, cancellationToken) is { } reply
                        ? await AnswerAsync(parsed, reply, show)
                        : ExitCode.NotAsked;
                }
                catch (HubAwayException away)
                {
                    await Console.Error.WriteLineAsync(away.Message);
                    return ExitCode.NotAsked;
                }
            }
        );
        return _command;
    }

    private async Task<int> AnswerAsync(
        ParseResult parsed,
        HubReply reply,
        Action<ParseResult, IAnsiConsole, HubReply> show
    )
    {
        if (parsed.GetValue(_json))
        {
            await Console.Out.WriteLineAsync(reply.Body);
        }
        else if (reply.IsGood)
        {
            show(parsed, Screen(), reply);
        }
        else
        {
            foreach (var sentence in reply.Refusal())
            {
                await Console.Error.WriteLineAsync(sentence);
            }
        }

        return reply.IsGood ? ExitCode.Answered : ExitCode.Refused;
    }

    // Colours where a person looks; where the output goes into a file or a pipe, plain text.
    private static IAnsiConsole Screen()
    {
        var screen = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }
        );
        if (Console.IsOutputRedirected)
        {
            screen.Profile.Width = PlainWidth;
        }

        return screen;
    }

    private const int PlainWidth = 80;
}
