using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// Brings a group from its position to where the dispatcher is, at the pace of its members: what
/// came back from members that are gone first, then the log.
/// </summary>
internal sealed partial class GroupCatchUp(Broker broker, ShareGroup group, ILogger logger)
{
    private const int PageRows = 256;
    private const int PageBytes = 256 * 1024;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Ends when the group is live again, or no member is connected.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!broker.TryGoLive(group) && !group.TryPark())
            {
                await StepAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The hub goes down; where the group stands is written with its members' rows.
        }
        catch (Exception bug)
        {
            Log.Broken(logger, group.Name.Name, group.Name.Filter, bug);
            group.BrokeOff();
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAgainAsync(cancellationToken);
            if (await SendReturnedAsync())
            {
                await ReadOnAsync(cancellationToken);
            }
        }
        catch (HomeClosedException)
        {
            // The home is being reloaded; the position stays good.
            await Task.Delay(RetryAfter, broker.Clock, cancellationToken);
        }
        catch (Exception fault) when (fault is CursorGoneException or LogDamagedException)
        {
            // The group cannot have what is not there; the rest of the log is.
            Log.Hole(logger, group.Name.Name, group.Name.Filter, group.Position.Value, fault);
            group.MoveTo(broker.Dispatched);
        }
    }

    /// <summary>What members had and had not acknowledged when the hub went down.</summary>
    private async Task ReadAgainAsync(CancellationToken cancellationToken)
    {
        while (group.NextToReadAgain() is { } sequence)
        {
            OutgoingMessage? message = null;
            try
            {
                var before = new Sequence(sequence.Value - 1);
                var rows = await broker.Home.Feed.ReadAsync(before, 1, 1, cancellationToken);
                var item = rows.SelectMany(row => row.Events)
                    .FirstOrDefault(item => item.Sequence == sequence);
                message = item is null ? null : OutgoingMessage.Of(item);
            }
            catch (CursorGoneException)
            {
                // It was kept for as long as messages are.
            }

            group.IsReadAgain(sequence, message);
        }
    }

    private async Task<bool> SendReturnedAsync()
    {
        while (group.NextReturned() is { } message)
        {
            if (!await SendAsync(message))
            {
                return false;
            }

            group.ReturnedIsHandedOver();
        }

        return true;
    }

    private async Task ReadOnAsync(CancellationToken cancellationToken)
    {
        // Never ahead of the dispatcher: it tells the home of a command before the bytes go out.
        var until = broker.Dispatched;
        var position = group.Position;
        if (position >= until)
        {
            return;
        }

        var rows = await broker.Home.Feed.ReadAsync(
            position,
            PageRows,
            PageBytes,
            cancellationToken
        );
        foreach (var item in rows.SelectMany(row => row.Events))
        {
            if (item.Sequence > until || group.NextReturned() is not null)
            {
                return;
            }

            if (item.Sequence > position)
            {
                if (IsFor(item) && !await SendAsync(OutgoingMessage.Of(item)))
                {
                    return;
                }

                group.MoveTo(item.Sequence);
            }
        }
    }

    private bool IsFor(Event item) =>
        Topics.TopicFilter.Matches(group.Name.Filter, EventTopic.Of(item))
        // What nobody promised to keep is not kept for members that were away.
        && (
            item.Sequence > group.AwayUntil
            || item.Data is not MessageEvent { Qos: (int)Packets.Qos.AtMostOnce }
        );

    /// <returns>False when nobody is there to take it.</returns>
    private async Task<bool> SendAsync(OutgoingMessage message)
    {
        while (true)
        {
            switch (group.TryHandOver(message, broker.Clock.GetUtcNow()))
            {
                case HandedOver.Yes:
                    return true;
                case HandedOver.NobodyThere:
                    return false;
                default:
                    await group.Room.WaitAsync();
                    break;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Critical,
            "Shared subscription {Name} on {Filter} misses what lay in the log after {Sequence}."
        )]
        public static partial void Hole(
            ILogger logger,
            string name,
            string filter,
            long sequence,
            Exception fault
        );

        [LoggerMessage(LogLevel.Error, "Shared subscription {Name} on {Filter} broke off.")]
        public static partial void Broken(
            ILogger logger,
            string name,
            string filter,
            Exception bug
        );
    }
}
