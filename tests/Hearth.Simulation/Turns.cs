namespace Hearth.Simulation;

/// <summary>
/// One thread of the simulated world: a home's turn, a client, a follower. What is given to it runs
/// in order, when <see cref="World"/> lets it, and never again once its process has died.
/// </summary>
internal sealed class Turns(string name, World world) : TaskScheduler
{
    private readonly Queue<Task> _ready = new();
    private bool _isDead;

    public string Name => name;

    public bool IsReady => _ready.Count > 0;

    /// <summary>Everything runs on the thread that drives the world, one at a time.</summary>
    public override int MaximumConcurrencyLevel => 1;

    public void Start(Func<Task> work, Action<Exception> failed) =>
        _ = Task.Factory.StartNew(
            async () =>
            {
                try
                {
                    await work();
                }
                catch (Exception fault)
                {
                    failed(fault);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            this
        );

    /// <summary>Runs the next thing that is ready.</summary>
    public void Step() => TryExecuteTask(_ready.Dequeue());

    /// <summary>The process is gone, and with it everything that it was about to do.</summary>
    public void Die()
    {
        _isDead = true;
        _ready.Clear();
    }

    protected override void QueueTask(Task task)
    {
        world.OnItsThread(name);
        if (!_isDead)
        {
            _ready.Enqueue(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _ready];
}
