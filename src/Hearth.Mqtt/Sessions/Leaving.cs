using Hearth.Mqtt.Packets;
using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>What becomes of a session, and of a will, when the connection has ended.</summary>
internal sealed class Leaving(Broker broker, Session session, SessionLine line)
{
    public async Task LeaveAsync(string? address, Will? will)
    {
        broker.Detach(session, line);
        session.DisconnectedAt = broker.Clock.GetUtcNow();
        session.IsUnsaved = true;
        if (will is not null)
        {
            await broker.Wills.PublishAsync(session.ClientId, address, will, session.ExpirySeconds);
        }

        if (!session.IsPersistent && broker.Forget(session) && session.IsStored)
        {
            await RemoveAsync();
        }
    }

    private async Task RemoveAsync()
    {
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
