using System.Diagnostics;
using System.Text;

namespace Hearth.EndToEnd.Running;

/// <summary>
/// A process of ours: what it prints is kept for whoever has to say why something failed, and it
/// is gone when this is disposed, children included.
/// </summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private const int LinesMax = 2_000;

    private readonly Process _process;
    private readonly Queue<string> _lines = new();
    private readonly Task _reading;
    private int _linesDropped;

    private RunningProgram(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(
            ReadAsync(process.StandardOutput),
            ReadAsync(process.StandardError)
        );
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it printed on both outputs, the newest lines.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                var text = new StringBuilder();
                if (_linesDropped > 0)
                {
                    text.AppendLine($"({_linesDropped} lines before)");
                }

                return text.AppendJoin('\n', _lines).ToString();
            }
        }
    }

    /// <summary>Starts <c>dotnet ASSEMBLY ARGUMENTS…</c>.</summary>
    public static RunningProgram Start(
        string assembly,
        IEnumerable<string> arguments,
        string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder ?? Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What a test's machine has set for a hub of its own must not leak into ours.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new RunningProgram(Process.Start(start)!);
    }

    /// <summary>Ends it as a power cut would: SIGKILL, nothing is written any more.</summary>
    public async Task KillAsync()
    {
        Signal(Signals.Kill);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public void Interrupt() => Signal(Signals.Interrupt);

    public void Terminate() => Signal(Signals.Terminate);

    /// <summary>Holds it as a machine that sleeps does: it gets no processor, and time goes on.
    /// </summary>
    public void Suspend() => Signal(Signals.Suspend);

    public void Continue() => Signal(Signals.Continue);

    /// <summary>Waits for its end and everything it printed; its exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        using var late = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            await _reading.WaitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Still running after {within.TotalSeconds} s. It printed:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits for a line that it prints.</summary>
    public Task PrintsAsync(string text, TimeSpan within) =>
        Eventually.Holds(
            $"a line with \"{text}\"",
            within,
            () => Output.Contains(text, StringComparison.Ordinal),
            () => Output
        );

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        try
        {
            await _reading.WaitAsync(
                TimeSpan.FromSeconds(5),
                TimeProvider.System,
                CancellationToken.None
            );
        }
        catch (TimeoutException)
        {
            // A child that outlives it holds its output open; a test that minds looks for it.
        }

        _process.Dispose();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("Hearth", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);

    private void Signal(int number)
    {
        if (!_process.HasExited && !Signals.Send(_process.Id, number))
        {
            Assert.Fail($"Signal {number} did not reach process {_process.Id}.");
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > LinesMax)
                {
                    _lines.Dequeue();
                    _linesDropped++;
                }
            }
        }
    }
}
