using System.Diagnostics;

namespace Hearth.EndToEnd.Mqtt;

/// <summary>A program that is not ours, while it runs: everything that it prints is kept.</summary>
internal sealed class Tool : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Task _output;
    private readonly Task<string> _errors;

    private Tool(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public static Tool Start(string program, string? folder, params string[] arguments) =>
        Start(program, folder, new Dictionary<string, string>(), arguments);

    /// <param name="program">Its name, as a shell finds it.</param>
    /// <param name="folder">Where it runs; null where that does not matter.</param>
    /// <param name="environment">What it has in its environment besides.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Tool Start(
        string program,
        string? folder,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new Tool(Process.Start(start)!);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has printed so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Runs it to its end, which must be a good one; what it printed.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string program,
        string? folder,
        params string[] arguments
    )
    {
        await using var tool = Start(program, folder, arguments);
        return await tool.OutputAsync();
    }

    /// <summary>Waits for its end, which must be a good one; what it printed.</summary>
    public async Task<IReadOnlyList<string>> OutputAsync()
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        late.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"Not at its end: {await SaidAsync()}");
        }

        Assert.True(_process.ExitCode == 0, $"Ended with {_process.ExitCode}: {await SaidAsync()}");
        await _output;
        return Lines;
    }

    /// <summary>Waits for its end, however it ends; its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        late.CancelAfter(Patience);
        await _process.WaitForExitAsync(late.Token);
        await _output.WaitAsync(late.Token);
        return _process.ExitCode;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task<string> SaidAsync() =>
        $"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)}\n"
        + $"{string.Join('\n', Lines)}\n{await _errors}";

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }
}
