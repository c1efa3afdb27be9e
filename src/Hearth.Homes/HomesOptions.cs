using Hearth.Core;

namespace Hearth.Homes;

/// <summary>How homes are kept; every limit is per home.</summary>
public sealed record HomesOptions
{
    /// <summary>The version of the hub, as its first event after a start says it.</summary>
    public string Version { get; init; } = "0.1.0";

    /// <summary>Where the homes are: their time zone and where the sun rises; null = UTC, and no
    /// sun.</summary>
    public LocationChanged? Location { get; init; }

    /// <summary>Decided rows that wait for their commit; when there are more, inputs wait before
    /// they are decided. Default 20,000.</summary>
    public int UncommittedRowsMax { get; init; } = 20_000;

    /// <summary>Committed rows after which a snapshot is taken. Default 20,000.</summary>
    public int SnapshotRows { get; init; } = 20_000;

    /// <summary>Committed bytes of rows after which a snapshot is taken. Default 8 MiB.</summary>
    public long SnapshotBytes { get; init; } = 8 << 20;

    /// <summary>Recent rows that are kept for followers. Default 4,096.</summary>
    public int RingRows { get; init; } = 4_096;

    /// <summary>Bytes of recent rows that are kept for followers. Default 4 MiB.</summary>
    public int RingBytes { get; init; } = 4 << 20;

    /// <summary>
    /// After how long without a commit a home asks the log whether it is still its own, so that
    /// its followers do not wait at a home that lives elsewhere by now. Null, the default, where
    /// no other process can reach the log.
    /// </summary>
    public TimeSpan? OwnerCheck { get; init; }

    /// <summary>Deciding one input should not take longer; it is said when it does. Default 500 ms:
    /// the first inputs after a cold start run code that is compiled only then.</summary>
    public TimeSpan SlowInput { get; init; } = TimeSpan.FromMilliseconds(500);
}
