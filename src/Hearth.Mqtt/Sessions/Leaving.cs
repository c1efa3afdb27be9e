using Hearth.Mqtt.Packets;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// What becomes of a session, and of a will, when the connection has ended. Until that is settled
/// the session stays bound, so that a new connection waits for it.
/// </summary>
internal sealed class Leaving(Broker broker, Session session)
{
    public async Task LeaveAsync(string? address, Will? will)
    {
        broker.Pause(session);
        session.DisconnectedAt = broker.Clock.GetUtcNow();
        session.IsUnsaved = true;
        try
        {
            if (will is not null)
            {
                await broker.Wills.PublishAsync(
                    session.ClientId,
                    address,
                    will,
                    session.ExpirySeconds
                );
            }

            if (!session.IsPersistent)
            {
                broker.Forget(session);
                await RemoveAsync();
            }
        }
        finally
        {
            session.Detach();
        }
    }

    private async Task RemoveAsync()
    {
        if (!session.IsStored)
        {
            return;
        }

        try
        {
            await broker.Store.SaveAsync([], [session.ClientId], CancellationToken.None);
        }
        catch (LogUnavailableException)
        {
            // Its row says when it ends; the upkeep after the next start takes it away.
        }
    }
}
