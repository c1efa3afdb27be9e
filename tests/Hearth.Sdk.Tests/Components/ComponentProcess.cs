using System.Diagnostics;

namespace Hearth.Sdk.Tests.Components;

/// <summary>A component as delivered: a process, known by what it prints.</summary>
internal sealed class ComponentProcess : IAsyncDisposable
{
    private readonly Process process;

    private ComponentProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Remember(Output, line.Data);
        process.ErrorDataReceived += (_, line) => Remember(Errors, line.Data);
    }

    public Seen<string> Output { get; } = new();

    public Seen<string> Errors { get; } = new();

    public static ComponentProcess Start(string component, params string[] args)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, $"{component}.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", dll, .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("HEARTH_")).ToList())
        {
            start.Environment.Remove(name);
        }

        var started = new ComponentProcess(new Process { StartInfo = start });
        started.process.Start();
        started.process.BeginOutputReadLine();
        started.process.BeginErrorReadLine();
        return started;
    }

    /// <summary>No goodbye: what a power cut does.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Asks it to stop as a service manager does. Answers its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await process.WaitForExitAsync(late.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private static void Remember(Seen<string> seen, string? line)
    {
        if (line is not null)
        {
            seen.Add(line);
        }
    }
}
