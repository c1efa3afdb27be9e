namespace Hearth.Sdk.Tests;

/// <summary>
/// What was seen so far, and waiting for something in it: no sleeping, and a deadline that says
/// what was there instead.
/// </summary>
internal sealed class Seen<T>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int ShownMax = 20;

    private readonly Lock gate = new();
    private readonly List<T> items = [];
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<T> All
    {
        get
        {
            lock (gate)
            {
                return [.. items];
            }
        }
    }

    public void Add(T item)
    {
        lock (gate)
        {
            items.Add(item);
            more.TrySetResult();
            more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            items.Clear();
        }
    }

    /// <summary>The first one that fits, now or later.</summary>
    public async Task<T> WaitForAsync(Func<T, bool> fits)
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (items.FindIndex(item => fits(item)) is >= 0 and var found)
                {
                    return items[found];
                }

                next = more.Task;
            }

            try
            {
                await next.WaitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                var last = string.Join("\n", All.TakeLast(ShownMax));
                Assert.Fail($"It did not come within {Patience}. Seen last:\n{last}");
            }
        }
    }
}
