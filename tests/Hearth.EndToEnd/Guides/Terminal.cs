using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Guides;

/// <summary>A shell with commands in it, and what it prints on both its outputs, line by line.
/// </summary>
internal sealed class Terminal : IAsyncDisposable
{
    private readonly Tool _shell;
    private int _read;

    private Terminal(Tool shell) => _shell = shell;

    /// <summary>What was printed and not read yet.</summary>
    public IReadOnlyList<string> Unread => [.. _shell.Lines.Skip(_read)];

    /// <summary>Runs commands; the first that fails ends them.</summary>
    public static Terminal Open(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        string commands
    ) =>
        // A session of its own, so that Ctrl+C reaches everything in it and nothing else.
        new(
            Tool.Start(
                "setsid",
                folder,
                environment,
                "bash",
                "-euo",
                "pipefail",
                "-c",
                $"exec 2>&1\n{commands}"
            )
        );

    /// <summary>The next lines, as many as there are.</summary>
    public IReadOnlyList<string> Next(int countMax)
    {
        string[] next = [.. Unread.Take(countMax)];
        _read += next.Length;
        return next;
    }

    public Task<int> ExitAsync() => _shell.ExitAsync();

    /// <summary>Ctrl+C, and waits until it has ended.</summary>
    public async Task StopAsync()
    {
        Assert.False(_shell.HasExited, $"It ended by itself:\n{string.Join('\n', _shell.Lines)}");
        Signals.Send(-_shell.Id, Signals.Interrupt);
        await _shell.ExitAsync();
        await _shell.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_shell.HasExited)
        {
            Signals.Send(-_shell.Id, Signals.Kill);
        }

        await _shell.DisposeAsync();
    }
}
