using Hearth.Core.Events;
using Hearth.Storage.Sqlite.Truths;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// Something for the writer to do inside a shared transaction. It is written in its turn, behind a
/// savepoint, and told afterwards what became of it, once.
/// </summary>
internal abstract class Work(HomeId home)
{
    public HomeId Home { get; } = home;

    /// <summary>Takes over what comes right behind it for the same home, where both can be written
    /// as one.</summary>
    public virtual bool TryJoin(Work next) => false;

    /// <exception cref="LogFencedException">It alone is undone; the others are not concerned.
    /// </exception>
    public abstract void Write(LogTables tables);

    /// <summary>It is durable.</summary>
    public abstract void Complete();

    /// <summary>Nothing of it is there.</summary>
    public abstract void Fail(Exception reason);
}

/// <summary>Work that somebody waits for.</summary>
internal abstract class AwaitedWork<T>(HomeId home) : Work(home)
{
    // Whoever waits goes on elsewhere: the writer's thread belongs to the writer.
    private readonly TaskCompletionSource<T> _done = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public Task<T> Done => _done.Task;

    public override void Complete()
    {
        try
        {
            _done.TrySetResult(Result());
        }
        catch (IOException exception)
        {
            // It is durable, but its answer cannot be had; asking again is safe.
            Fail(new LogUnavailableException(exception.Message, exception));
        }
    }

    public override void Fail(Exception reason) => _done.TrySetException(reason);

    protected abstract T Result();
}

/// <summary>Nothing to write; wakes the writer so that it gives its sign of life.</summary>
internal sealed class SignOfLife() : Work(default)
{
    public override void Write(LogTables tables) { }

    public override void Complete() { }

    public override void Fail(Exception reason) { }
}

/// <summary>A home gets a new owner.</summary>
internal sealed class OpenHome(HomeId home, Marks marks, PublishedFilters published)
    : AwaitedWork<OpenedHome>(home)
{
    private HomeHead _head;

    public override void Write(LogTables tables) => _head = tables.TakeOver(Home);

    protected override OpenedHome Result()
    {
        published.Open(Home, _head.Number);
        return marks.Open(Home, _head);
    }
}

/// <summary>A home's number and what its log's end is.</summary>
internal readonly record struct HomeHead(long Number, Sequence Last, long Owner);

/// <summary>Rows of one home that follow each other, of one or more calls: fenced, written and
/// answered together.</summary>
internal sealed class Append(HomeCommit commit) : AwaitedWork<bool>(commit.Home)
{
    private readonly List<Append> _joined = [];

    public Sequence Last { get; private set; } =
        commit.Rows.Count > 0 ? commit.Rows[^1].Last : commit.ExpectedLast;

    public int Rows { get; private set; } = commit.Rows.Count;

    /// <summary>The home's number, known once it was written.</summary>
    public long Number { get; private set; }

    private DateTimeOffset? _nextWakeup = commit.NextWakeup;

    private HomeCommit Commit => commit;

    public override bool TryJoin(Work next)
    {
        if (
            next is not Append append
            || append.Commit.Owner != commit.Owner
            || append.Commit.ExpectedLast != Last
        )
        {
            return false;
        }

        _joined.Add(append);
        Last = append.Last;
        Rows += append.Rows;
        _nextWakeup = append._nextWakeup;
        return true;
    }

    public override void Write(LogTables tables)
    {
        Number = tables.Advance(Home, commit.Owner, commit.ExpectedLast, Last, _nextWakeup);
        WriteRows(tables, commit);
        foreach (var append in _joined)
        {
            WriteRows(tables, append.Commit);
        }

        tables.WriteTruths(Number);
    }

    public override void Complete()
    {
        base.Complete();
        _joined.ForEach(append => append.Complete());
    }

    public override void Fail(Exception reason)
    {
        base.Fail(reason);
        _joined.ForEach(append => append.Fail(reason));
    }

    protected override bool Result() => true;

    private void WriteRows(LogTables tables, HomeCommit rows)
    {
        foreach (var row in rows.Rows)
        {
            tables.Insert(Number, row);
        }

        foreach (var packet in rows.Received)
        {
            tables.Insert(Number, packet);
        }
    }
}

/// <summary>A part of a snapshot's bytes.</summary>
internal sealed class SaveSnapshotPart(HomeId home, long owner, StoredSnapshot snapshot, int part)
    : AwaitedWork<bool>(home)
{
    public override void Write(LogTables tables)
    {
        var start = part * SnapshotTables.PartBytes;
        var length = Math.Min(SnapshotTables.PartBytes, snapshot.Bytes.Length - start);
        tables
            .Snapshots(Home, owner, snapshot.Sequence)
            .SavePart(snapshot.Sequence, part, snapshot.Bytes.Span.Slice(start, length));
    }

    protected override bool Result() => true;
}

/// <summary>A snapshot whose parts are there, and older ones to let go.</summary>
/// <param name="keep">The newest older snapshot that verified; it stays.</param>
internal sealed class SaveSnapshot(HomeId home, long owner, StoredSnapshot snapshot, Sequence? keep)
    : AwaitedWork<bool>(home)
{
    public override void Write(LogTables tables) =>
        tables.Snapshots(Home, owner, snapshot.Sequence).Save(snapshot, keep);

    protected override bool Result() => true;
}

/// <summary>Sessions and wills as they are now.</summary>
internal sealed class SaveSessions(HomeId home, SessionChanges changes) : AwaitedWork<bool>(home)
{
    public override void Write(LogTables tables) => tables.SaveSessions(Home, changes);

    protected override bool Result() => true;
}
