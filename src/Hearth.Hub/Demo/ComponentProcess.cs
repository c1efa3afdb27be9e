using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hearth.Hub.Demo;

/// <summary>
/// A component as a process of its own, which lies in <c>components/</c> beside the hub. What it
/// prints is kept, and shown when it ends before it should.
/// </summary>
internal sealed class ComponentProcess : IAsyncDisposable
{
    private const int LinesKept = 10;
    private const int Terminate = 15;

    /// <summary>Ctrl+C in a terminal reaches components, too; a second signal would cut their
    /// farewell short.</summary>
    private static readonly TimeSpan OwnAccordMax = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(3);

    private readonly Process _process;
    private readonly TimeProvider _clock;
    private readonly Queue<string> _printed = new();

    private ComponentProcess(string name, Process process, TimeProvider clock)
    {
        Name = name;
        _process = process;
        _clock = clock;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public string Name { get; }

    /// <exception cref="FileNotFoundException">The component is not there; the message says where
    /// it should be.</exception>
    public static ComponentProcess Start(
        string name,
        IEnumerable<string> arguments,
        TimeProvider clock
    )
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "components", name);
        var program = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
        var library = Path.Combine(folder, name + ".dll");
        if (!File.Exists(library))
        {
            throw new FileNotFoundException(
                $"The component {name} is not where it is built to: {library}."
            );
        }

        var start = new ProcessStartInfo(File.Exists(program) ? program : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (start.FileName == "dotnet")
        {
            start.ArgumentList.Add(library);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var component = new ComponentProcess(name, new Process { StartInfo = start }, clock);
        component._process.Start();
        component._process.BeginOutputReadLine();
        component._process.BeginErrorReadLine();
        return component;
    }

    /// <summary>Completes when it has ended, with what there is to say about it.</summary>
    public async Task<string> EndedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        lock (_printed)
        {
            var last = _printed.Count == 0 ? " It printed nothing." : " It last printed:";
            return $"{Name} has ended by itself (exit code {_process.ExitCode})."
                + last
                + string.Concat(_printed.Select(line => $"{Environment.NewLine}    {line}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!await HasEndedAsync(OwnAccordMax))
        {
            AskToStop();
            if (!await HasEndedAsync(StopMax))
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private async Task<bool> HasEndedAsync(TimeSpan patience)
    {
        using var enough = new CancellationTokenSource(patience, _clock);
        try
        {
            await _process.WaitForExitAsync(enough.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void AskToStop()
    {
        if (OperatingSystem.IsWindows())
        {
            // A console program there cannot be asked from outside; its last will says the rest.
            _process.Kill();
        }
        else
        {
            _ = SendSignal(_process.Id, Terminate);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_printed)
        {
            _printed.Enqueue(line);
            if (_printed.Count > LinesKept)
            {
                _printed.Dequeue();
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
