using Hearth.Core.Events;
using Hearth.Mqtt.Packets;

namespace Hearth.Mqtt.Sessions;

/// <summary>What a session needs of the connection that it is bound to.</summary>
internal sealed class SessionLine(Outbox outbox, int unacknowledgedMax)
{
    public Outbox Outbox { get; } = outbox;

    /// <summary>Messages with QoS 1 or 2 that the client takes before it acknowledges.</summary>
    public int UnacknowledgedMax { get; } = unacknowledgedMax;

    /// <summary>Where the log was when the client came: what lies before, it was away for.
    /// </summary>
    public Sequence AwayUntil { get; set; }

    /// <summary>There may be room again for who waits to send, or it has ended.</summary>
    public Signal Room { get; } = new();

    /// <summary>Says so to the groups that the session belongs to.</summary>
    public Action? RoomForShares { get; set; }

    /// <summary>There may be room again.</summary>
    public void HasRoom()
    {
        Room.Set();
        RoomForShares?.Invoke();
    }

    /// <summary>Starts to catch up.</summary>
    public required Action<Session> FellBehind { get; init; }

    /// <summary>Ends the connection, for the first reason that somebody gives.</summary>
    public required Action<ReasonCode, string> End { get; init; }

    /// <summary>Completes when the connection has ended and its will is settled.</summary>
    public required Task Ended { get; init; }
}
