using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>What becomes of the will of a connection that has ended.</summary>
internal enum WillFate
{
    Published,

    /// <summary>The client said goodbye.</summary>
    TakenBack,

    /// <summary>The hub goes down, not the client: the next start sees whether it comes back.
    /// </summary>
    Kept,
}

/// <summary>
/// What becomes of a session, and of a will, when the connection has ended. Until that is settled
/// the session stays bound, so that a new connection waits for it.
/// </summary>
internal sealed class Leaving(Broker broker, Session session)
{
    public async Task LeaveAsync(WillRecord? will, WillFate fate)
    {
        broker.Pause(session);
        session.DisconnectedAt = broker.Clock.GetUtcNow();
        session.IsUnsaved = true;
        try
        {
            if (will is not null && fate == WillFate.Published)
            {
                await broker.Wills.PublishAsync(will, session.ExpirySeconds);
            }
            else if (will is not null && fate == WillFate.TakenBack)
            {
                await broker.Wills.TakeBackAsync(will);
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
            await broker.Store.SaveAsync(
                new SessionChanges { Removed = [session.ClientId] },
                CancellationToken.None
            );
        }
        catch (LogUnavailableException)
        {
            // Its row says when it ends; the upkeep after the next start takes it away.
        }
    }
}
