using Hearth.Core.Events;

namespace Hearth.Homes;

/// <summary>
/// A home as a grain; its key is the home's id. Everything that goes in or out is immutable, so
/// inside a process a call hands over references and copies nothing.
/// </summary>
internal interface IHomeGrain : IGrainWithStringKey
{
    /// <summary>Brings the home to life; answers no rows, but where its log ends.</summary>
    ValueTask<RowBatch> Open();

    ValueTask<AnswerBatch> Submit(SubmissionBatch batch);

    /// <summary>The committed rows after a sequence; waits for one, but not for ever.</summary>
    ValueTask<RowBatch> ReadCommitted(ReadRequest request);

    /// <summary>The state as it is, once everything that it rests on is durable.</summary>
    ValueTask<StateBytes> Capture();
}

/// <param name="Bytes">A snapshot in its wire form; empty where there is none.</param>
/// <param name="Closed">Why there is none now.</param>
[Immutable]
internal sealed record StateBytes(ReadOnlyMemory<byte> Bytes, string? Closed = null);

/// <summary>The inputs of one call: decided in order in one turn, committed together.</summary>
[Immutable]
internal sealed class SubmissionBatch(IReadOnlyList<Submission> items)
{
    public IReadOnlyList<Submission> Items { get; } = items;
}

/// <summary>The answers to one call, in the order of its inputs; or why there are none.</summary>
[Immutable]
internal sealed class AnswerBatch
{
    private AnswerBatch(IReadOnlyList<Answer> items, string? closed)
    {
        Items = items;
        Closed = closed;
    }

    public IReadOnlyList<Answer> Items { get; }

    /// <summary>Why the home takes nothing now; null when it did.</summary>
    public string? Closed { get; }

    public static AnswerBatch Of(IReadOnlyList<Answer> items) => new(items, null);

    public static AnswerBatch HomeClosed(string reason) => new([], reason);
}

/// <param name="Wait">How long to wait for a row when there is none yet.</param>
[Immutable]
internal sealed record ReadRequest(Sequence After, int RowsMax, int BytesMax, TimeSpan Wait);

/// <param name="Oldest">Set when retention has taken rows after the cursor.</param>
/// <param name="Closed">Why nothing can be read now.</param>
[Immutable]
internal sealed record RowBatch(
    IReadOnlyList<Row> Rows,
    Sequence Head,
    Sequence? Oldest = null,
    string? Closed = null
);
