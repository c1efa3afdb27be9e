using System.Text;

namespace Hearth.Sdk.Connection;

/// <summary>
/// Which handlers a message goes to. A handler that throws is told and does not disturb the
/// others: bad input from outside never takes a device down.
/// </summary>
internal sealed class Routes
{
    private readonly List<(TopicFilter Filter, MessageHandler Handle)> routes = [];

    public delegate Task MessageHandler(HearthMessage message, CancellationToken cancellationToken);

    public IReadOnlyList<TopicFilter> Filters => [.. routes.Select(route => route.Filter)];

    public void Add(TopicFilter filter, MessageHandler handle) => routes.Add((filter, handle));

    public async Task HandleAsync(
        HearthMessage message,
        Action<HearthNotice> notify,
        CancellationToken cancellationToken
    )
    {
        foreach (var (filter, handle) in routes)
        {
            if (!filter.Matches(message.Topic))
            {
                continue;
            }

            try
            {
                await handle(message, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception cause) when (cause is FormatException or DecoderFallbackException)
            {
                var sentence = $"A message on '{message.Topic}' was not understood.";
                notify(new HearthNotice(HearthNoticeKind.MessageIgnored, sentence, cause));
            }
            catch (Exception cause)
            {
                var sentence = $"A handler of '{message.Topic}' failed.";
                notify(new HearthNotice(HearthNoticeKind.HandlerFailed, sentence, cause));
            }
        }
    }
}
