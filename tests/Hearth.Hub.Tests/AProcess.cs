using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hearth.Hub.Tests;

/// <summary>The program <c>hearth</c> as people start it.</summary>
internal sealed class AProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("hearth-run-").FullName;

    public AProcess(params string[] arguments)
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\'));
        var bin = Path.Combine(AppContext.BaseDirectory, "../../Hearth.Hub", configuration);
        var start = new ProcessStartInfo(Path.GetFullPath(Path.Combine(bin, "hearth")))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.Append(line).Append('\n');
        }
    }
}
