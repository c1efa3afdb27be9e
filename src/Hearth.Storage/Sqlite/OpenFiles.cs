using Hearth.Storage.Sqlite.Search;
using Hearth.Storage.Sqlite.Subscriptions;
using Hearth.Storage.Sqlite.Truths;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Hearth.Storage.Sqlite;

/// <summary>A data directory that is held, and those who work on the files in it.</summary>
internal sealed class OpenFiles : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly Mark _mark;

    private OpenFiles(
        DataDirectory directory,
        Mark mark,
        SqliteLogOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        _directory = directory;
        _mark = mark;
        Marks = new Marks(mark, time, options.MarkEvery);
        Writer = new LogWriter(directory, options, Marks, Published, time, logger);
        Readers = new Readers(directory.DatabaseFile, options.ReadersMax);
        Thinning = new Thinning(Writer, Readers, options, time, logger);
        CatchUp = new SearchCatchUp(Writer, Readers, logger);
        Writer.SearchLost = CatchUp.BeginAll;
    }

    public Marks Marks { get; }

    public PublishedFilters Published { get; } = new();

    public LogWriter Writer { get; }

    public Readers Readers { get; }

    public Thinning Thinning { get; }

    public SearchCatchUp CatchUp { get; }

    /// <exception cref="DataDirectoryException">The directory cannot be used.</exception>
    public static OpenFiles Open(SqliteLogOptions options, TimeProvider time, ILogger logger)
    {
        var directory = DataDirectory.Claim(options.Directory);
        Mark? mark = null;
        try
        {
            Schema.BringUpToDate(directory.DatabaseFile);
            OrphanSecrets.Forget(directory.DatabaseFile);
            mark = Mark.Open(directory.MarkFile);
            return new OpenFiles(directory, mark, options, time, logger);
        }
        catch (Exception exception)
        {
            mark?.Dispose();
            directory.Dispose();
            throw exception is SqliteException or IOException or UnauthorizedAccessException
                ? DataDirectory.Unusable(directory.Path, exception)
                : exception;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Thinning.DisposeAsync();
        await CatchUp.DisposeAsync();
        await Readers.DisposeAsync();
        await Writer.DisposeAsync();
        _mark.Dispose();
        _directory.Dispose();
    }
}
