using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;
using Microsoft.Extensions.Logging;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// The broker's one reader of the log: rows are matched and handed out as they are committed.
/// </summary>
internal sealed partial class Dispatcher(Broker broker, ILogger logger)
{
    private const int PageRows = 1_024;
    private const int PageBytes = 1024 * 1024;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var rows = await broker.Home.Feed.ReadAsync(
                    broker.Dispatched,
                    PageRows,
                    PageBytes,
                    cancellationToken
                );
                broker.Dispatch(rows, Report);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (HomeClosedException)
            {
                await Task.Delay(RetryAfter, broker.Clock, cancellationToken);
            }
            catch (Exception fault) when (fault is CursorGoneException or LogDamagedException)
            {
                // Live sessions cannot have what is not there; the rest of the log is.
                Log.Hole(logger, broker.Home.Id, broker.Dispatched.Value, fault);
                broker.SkipTo(broker.Home.Feed.Head);
            }
        }
    }

    private void Report(IReadOnlyList<Core.Delivery> deliveries) =>
        _ = ReportAsync(new ReportDelivery(deliveries) { Principal = Principal.Hub });

    private async Task ReportAsync(ReportDelivery report)
    {
        try
        {
            await broker.Home.SubmitAsync(report, CancellationToken.None);
        }
        catch (HomeClosedException)
        {
            // The home comes back with these commands requested and not sent, and sees to them.
        }
        catch (Exception fault)
        {
            Log.ReportFailed(logger, broker.Home.Id, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The log of home {Home} has a hole after {Sequence}.")]
        public static partial void Hole(
            ILogger logger,
            HomeId home,
            long sequence,
            Exception fault
        );

        [LoggerMessage(LogLevel.Error, "Home {Home} broke on a report of sent commands.")]
        public static partial void ReportFailed(ILogger logger, HomeId home, Exception fault);
    }
}
