namespace Hearth.EndToEnd.Durability;

/// <summary>Open while a hub is there to talk to.</summary>
internal sealed class Gate
{
    private volatile TaskCompletionSource _opening = New();

    public bool IsOpen => _opening.Task.IsCompleted;

    public void Open() => _opening.TrySetResult();

    public void Close()
    {
        if (IsOpen)
        {
            _opening = New();
        }
    }

    public Task PassAsync(CancellationToken cancellationToken) =>
        _opening.Task.WaitAsync(cancellationToken);

    private static TaskCompletionSource New() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
