using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Events;

/// <summary>Where a stream of events begins, or why it cannot.</summary>
/// <param name="Reading">The first rows after the cursor, under way.</param>
/// <param name="Head">Where the log ended when the stream began.</param>
internal sealed record StreamStart(
    Sequence After,
    Sequence Head,
    Task<IReadOnlyList<Row>> Reading,
    Problem? Problem
);

/// <summary>Followers of the log over any stream: how they begin, and how much they read at once.
/// </summary>
internal static class LogFollowing
{
    private const int RowsAtOnce = 256;
    private const int BytesAtOnce = 256 * 1024;

    public static async Task<StreamStart> BeginAsync(
        HomeFeed feed,
        EventQuery query,
        CancellationToken cancellationToken
    )
    {
        var head = await feed.HeadAsync(cancellationToken);
        var after = query.After ?? head;
        if (after > head)
        {
            var detail = $"The log ends at {head.Value}; {after.Value} is of another log.";
            var gone = new Problem(ProblemKinds.CursorGone, detail) { Oldest = head.ToString() };
            return new StreamStart(after, head, Task.FromResult<IReadOnlyList<Row>>([]), gone);
        }

        var reading = ReadAsync(feed, after, cancellationToken);
        if (after < head)
        {
            // Read before the answer begins, so that a cursor that is gone gets its status.
            await reading;
        }

        return new StreamStart(after, head, reading, null);
    }

    public static Task<IReadOnlyList<Row>> ReadAsync(
        HomeFeed feed,
        Sequence after,
        CancellationToken cancellationToken
    ) => feed.ReadAsync(after, RowsAtOnce, BytesAtOnce, cancellationToken).AsTask();
}
