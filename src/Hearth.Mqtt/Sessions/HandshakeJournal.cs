using Hearth.Storage;

namespace Hearth.Mqtt.Sessions;

/// <summary>The handshakes of one session that are written together.</summary>
/// <param name="Epoch">That the session had then.</param>
internal sealed record HandshakeBatch(
    Session Session,
    Sending Sending,
    long Epoch,
    IReadOnlyList<(SentMessage Message, SentPacket Row)> Items
);

/// <summary>
/// Writes what has changed of QoS 2 messages to clients: under which id each goes out, before it
/// does, and that the client has it, before PUBREL says so. Whatever changes while a commit is
/// under way, in any session, shares the next one.
/// </summary>
internal sealed class HandshakeJournal(SessionStore store)
{
    private readonly Lock _lock = new();
    private HashSet<Session> _changed = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    /// <summary>The session has something to write, and waits for it.</summary>
    public void Add(Session session)
    {
        lock (_lock)
        {
            _changed.Add(session);
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = Task.Run(WriteAsync);
            }
        }
    }

    /// <summary>Completes when nothing is being written any more.</summary>
    public Task SettledAsync()
    {
        lock (_lock)
        {
            return _writing;
        }
    }

    private async Task WriteAsync()
    {
        while (Take() is { } sessions)
        {
            var batches = sessions
                .Select(session => session.TakeHandshakes())
                .Where(batch => batch.Items.Count > 0)
                .ToList();
            var isDurable = await SaveAsync(batches);
            foreach (var batch in batches)
            {
                batch.Session.HandshakesWritten(batch, isDurable);
            }
        }
    }

    private async Task<bool> SaveAsync(List<HandshakeBatch> batches)
    {
        try
        {
            await store.SaveAsync(
                new SessionChanges
                {
                    Sent = [.. batches.SelectMany(batch => batch.Items.Select(item => item.Row))],
                },
                CancellationToken.None
            );
            return true;
        }
        catch (LogUnavailableException)
        {
            return false;
        }
    }

    private HashSet<Session>? Take()
    {
        lock (_lock)
        {
            if (_changed.Count == 0)
            {
                _isWriting = false;
                return null;
            }

            var taken = _changed;
            _changed = [];
            return taken;
        }
    }
}
