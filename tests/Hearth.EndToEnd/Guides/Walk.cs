using System.Text.RegularExpressions;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Guides;

/// <summary>
/// Somebody who does what a guide says, step by step, on a hub and ports of their own, and compares
/// what is printed with what the page shows.
/// </summary>
internal sealed class Walk : IAsyncDisposable
{
    private const string HubTerminal = "hub";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly RunningHub _hub = RunningHub.On();
    private readonly int _sinkPort = Ports.Take();
    private readonly Dictionary<string, Terminal> _terminals = [];
    private string _lastTerminal = "";

    public string Folder => _folder.Path;

    public async Task GoAsync(IReadOnlyList<Step> steps)
    {
        for (var at = 0; at < steps.Count; at++)
        {
            switch (steps[at])
            {
                case Step.Command { Terminal: HubTerminal } start:
                    await StartHubAsync(start);
                    break;
                case Step.Command { Terminal: { } name } command:
                    await OpenAsync(name, command);
                    break;
                case Step.Command command:
                    var shown = at + 1 < steps.Count ? steps[at + 1] as Step.Output : null;
                    await RunAsync(command, shown is { Terminal: null } ? shown : null);
                    break;
                case Step.Output { Terminal: { } name } output:
                    await SeesAsync(name, output);
                    break;
                case Step.Output output:
                    var before = at > 0 ? steps[at - 1] as Step.Command : null;
                    Assert.True(before?.Terminal is null && before is not null, Orphan(output));
                    break;
                case Step.File file:
                    await File.WriteAllTextAsync(
                        Path.Combine(Folder, file.Name),
                        Here(file.Text),
                        TestContext.Current.CancellationToken
                    );
                    break;
                case Step.Stop:
                    await _terminals[_lastTerminal].StopAsync();
                    _terminals.Remove(_lastTerminal);
                    break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var terminal in _terminals.Values)
        {
            await terminal.DisposeAsync();
        }

        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The hub that was built with these tests, with what stands before the command as
    /// its environment.</summary>
    private async Task StartHubAsync(Step.Command start)
    {
        var words = Here(start.Text).Split(' ');
        Assert.Equal("dotnet run --project src/Hearth.Hub", string.Join(' ', words[^4..]));
        foreach (var setting in words[..^4])
        {
            var (name, value) = (setting.Split('=')[0], setting[(setting.IndexOf('=') + 1)..]);
            _hub.Environment[name] = value;
        }

        // Pages show no heartbeats; a slow machine would.
        _hub.Environment["Hearth__Followers__HeartbeatSeconds"] = "600";
        await _hub.StartAgainAsync();
    }

    private Task OpenAsync(string name, Step.Command command)
    {
        Assert.False(
            _terminals.ContainsKey(name),
            $"Line {command.Line}: what runs in {name} was not stopped; say so with Ctrl+C."
        );
        _terminals[name] = Terminal.Open(Folder, Environment(), Here(command.Text));
        _lastTerminal = name;
        return Task.CompletedTask;
    }

    private async Task RunAsync(Step.Command command, Step.Output? shown)
    {
        await using var terminal = Terminal.Open(Folder, Environment(), Here(command.Text));
        var code = await terminal.ExitAsync();
        var printed = terminal.Next(int.MaxValue);
        Assert.True(
            code == 0,
            $"Line {command.Line} ended with {code}:\n{string.Join('\n', printed)}"
        );
        Compare(shown?.Line ?? command.Line, shown?.Lines ?? [], printed);
    }

    private async Task SeesAsync(string name, Step.Output output)
    {
        var terminal = _terminals[name];
        await Eventually.Holds(
            $"{output.Lines.Count} more lines in {name}, as in line {output.Line} of the page",
            Patience,
            () => terminal.Unread.Count >= output.Lines.Count,
            () => string.Join('\n', terminal.Unread)
        );
        Compare(output.Line, output.Lines, terminal.Next(output.Lines.Count));
    }

    private static void Compare(
        int line,
        IReadOnlyList<string> shown,
        IReadOnlyList<string> printed
    )
    {
        var isSame =
            shown.Count == printed.Count
            && shown.Zip(printed).All(pair => Fits(pair.First, pair.Second));
        Assert.True(
            isSame,
            $"Line {line} shows\n{string.Join('\n', shown)}\nand printed was\n"
                + string.Join('\n', printed)
        );
    }

    private static bool Fits(string shown, string printed) =>
        Regex.IsMatch(
            printed,
            "^" + Regex.Escape(shown).Replace("…", ".*", StringComparison.Ordinal) + "$",
            RegexOptions.NonBacktracking
        );

    /// <summary>With the ports and programs that are there.</summary>
    private string Here(string text)
    {
        var here = Port.Replace(
            text,
            port =>
                port.Value switch
                {
                    "8080" => $"{_hub.HttpPort}",
                    "1883" => $"{_hub.MqttPort}",
                    _ => $"{_sinkPort}",
                }
        );
        // The module paho that the tests have is one of the system's Python. The SDK is the one
        // that was built with them, which Directory.Build.props refers to.
        return here.Replace("python3 ", "/usr/bin/python3 ", StringComparison.Ordinal)
            .Replace("#:project hearth/src/Hearth.Sdk\n", "", StringComparison.Ordinal);
    }

    private Dictionary<string, string> Environment() =>
        new()
        {
            ["HEARTH_PORT"] = $"{_hub.MqttPort}",
            ["PORT"] = $"{_sinkPort}",
            ["PYTHONUNBUFFERED"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            // Build servers that outlive a test keep its output open.
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };

    private static string Orphan(Step output) =>
        $"Line {output.Line}: no command stands right before this output.";

    private static readonly Regex Port = new(
        @"\b(8080|1883|9000)\b",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    );
}
