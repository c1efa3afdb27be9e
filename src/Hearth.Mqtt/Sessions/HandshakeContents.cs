using Hearth.Core.Events;
using Hearth.Homes;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// After a restart, finds in the log again what was on its way with QoS 2, when its client is back.
/// </summary>
internal static class HandshakeContents
{
    private const int PageRows = 256;
    private const int PageBytes = 256 * 1024;

    public static async Task FindAsync(
        Broker broker,
        Session session,
        CancellationToken cancellationToken
    )
    {
        var missing = session.WithoutContent().OrderBy(message => message.Sequence).ToList();
        var at = 0;
        while (at < missing.Count)
        {
            var rows = await ReadAsync(broker, missing[at].Sequence, cancellationToken);
            var events = rows.SelectMany(row => row.Events).ToDictionary(item => item.Sequence);
            var until = rows.Count > 0 ? rows[^1].Last : missing[at].Sequence;
            for (; at < missing.Count && missing[at].Sequence <= until; at++)
            {
                var message = events.TryGetValue(missing[at].Sequence, out var item)
                    ? OutgoingMessage.Of(item)
                    : broker.RetainedAt(missing[at].Delivery.Message);
                session.Found(missing[at], message);
            }
        }
    }

    private static async Task<IReadOnlyList<Row>> ReadAsync(
        Broker broker,
        Sequence sequence,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await broker.Home.Feed.ReadAsync(
                new Sequence(sequence.Value - 1),
                PageRows,
                PageBytes,
                cancellationToken
            );
        }
        catch (CursorGoneException)
        {
            return [];
        }
    }
}
