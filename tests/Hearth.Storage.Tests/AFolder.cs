using Hearth.Storage.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Hearth.Storage.Tests;

/// <summary>A data directory of its own for one test, and logs opened on it.</summary>
internal sealed class AFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hearth-log-").FullName;

    public FakeTimeProvider Time { get; } = new(AHome.Start.AddHours(1));

    public Spoken Spoken { get; } = new();

    public string Database => System.IO.Path.Combine(Path, "hearth.db");

    public string WriteAhead => Database + "-wal";

    public string Mark => System.IO.Path.Combine(Path, "hearth.mark");

    public Task<SqliteEventLog> OpenAsync(Func<SqliteLogOptions, SqliteLogOptions>? with = null)
    {
        var options = new SqliteLogOptions(Path);
        return SqliteEventLog.OpenAsync(
            with?.Invoke(options) ?? options,
            Time,
            Spoken,
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>The files as they are now, in another folder: what a crash would leave.</summary>
    public AFolder Crashed()
    {
        var copy = new AFolder();
        foreach (var file in new[] { Database, WriteAhead, Mark }.Where(File.Exists))
        {
            File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>What was logged, by level.</summary>
internal sealed class Spoken : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(LogLevel Level, string Text)> _lines = [];

    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines.Where(line => line.Level >= LogLevel.Error).Select(l => l.Text)];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        lock (_gate)
        {
            _lines.Add((logLevel, formatter(state, exception)));
        }
    }

    public void Dispose() { }
}
