namespace Hearth.Mqtt.Sessions;

/// <summary>Holds <see cref="Session.Turn"/> until it is disposed.</summary>
internal sealed class SessionTurn : IDisposable
{
    private readonly Session _session;

    private SessionTurn(Session session)
    {
        _session = session;
    }

    public static async Task<SessionTurn> TakeAsync(
        Session session,
        CancellationToken cancellationToken
    )
    {
        await session.Turn.WaitAsync(cancellationToken);
        return new SessionTurn(session);
    }

    /// <returns>Null when somebody else has it now.</returns>
    public static SessionTurn? TryTake(Session session) =>
        session.Turn.Wait(0, CancellationToken.None) ? new SessionTurn(session) : null;

    public void Dispose() => _session.Turn.Release();
}
