using Hearth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hearth.Homes;

/// <summary>
/// Wakes every home that has something pending, though nobody calls it: after a start, and every
/// half minute in case a home was alive in a process that is not there any more. An alive home then
/// sees to its own deadlines.
/// </summary>
internal sealed partial class HomeWaker(
    IEventLog log,
    HomeDirectory homes,
    TimeProvider clock,
    ILogger<HomeWaker> logger
) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await WakeAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is LogUnavailableException or HomeClosedException)
            {
                Log.NotWoken(logger, fault);
            }

            await Task.Delay(Again, clock, stoppingToken);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RunAsync(stoppingToken);

    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        foreach (var wakeup in await log.WakeupsAsync(cancellationToken))
        {
            // Those that are due later are woken now, too: they hold their own timers.
            await homes.Open(wakeup.Home).TouchAsync().WaitAsync(cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Not every home could be woken; it is tried again.")]
        public static partial void NotWoken(ILogger logger, Exception fault);
    }
}
