using Hearth.Core.Events;
using Hearth.Homes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Simulation;

/// <summary>One life of a process that homes live in; a restart is a new one.</summary>
internal sealed class Node
{
    private readonly World _world;
    private readonly Turns _background;
    private readonly List<Turns> _threads = [];
    private readonly Dictionary<HomeId, Lodging> _lodgings = [];
    private readonly List<Action> _whenItDies = [];

    public Node(World world, int number)
    {
        _world = world;
        Number = number;
        Log = new SimulatedLog(world);
        Homes = world.DirectoryOver(Local, Log);
        _background = NewThread("background");
    }

    public int Number { get; }

    public bool IsAlive { get; private set; } = true;

    public SimulatedLog Log { get; }

    public LocalHomes Local { get; } = new();

    /// <summary>What edges in this process speak to homes through.</summary>
    public HomeDirectory Homes { get; }

    public IEnumerable<Lodging> Lodgings => _lodgings.Values;

    public bool Lodges(HomeId home) => _lodgings.ContainsKey(home);

    public Turns NewThread(string name)
    {
        var turns = new Turns($"node {Number} {name}", _world);
        _threads.Add(turns);
        _world.Add(turns);
        return turns;
    }

    /// <summary>Activates a home here.</summary>
    public Lodging Activate(HomeId home)
    {
        var turns = NewThread(home.Value);
        var around = new HomeSurroundings(
            Log,
            _world.Clock,
            new Random(_world.Random.Next()),
            World.Options,
            turns,
            _background,
            NullLogger.Instance
        );
        var lodging = new Lodging(this, home, new HostedHome(home, Local, around), turns);
        _lodgings.Add(home, lodging);
        turns.Start(
            async () =>
            {
                lodging.Hosted.Start();
                await lodging.Hosted.Ended;
                Remove(lodging);
            },
            _world.Fail
        );
        return lodging;
    }

    /// <summary>Stops in order, as a hub that is told to.</summary>
    public async Task StopAsync(Lodging lodging)
    {
        await lodging.Hosted.StopAsync();
        Remove(lodging);
    }

    public void Die()
    {
        IsAlive = false;
        foreach (var thread in _threads)
        {
            thread.Die();
            _world.Remove(thread);
        }

        Log.Die();
        foreach (var action in _whenItDies)
        {
            action();
        }
    }

    public void WhenItDies(Action action) => _whenItDies.Add(action);

    private void Remove(Lodging lodging)
    {
        lodging.Hosted.Leave();
        if (_lodgings.Remove(lodging.Home))
        {
            _world.Forget(lodging);
        }
    }
}

/// <summary>A home alive in a process.</summary>
internal sealed record Lodging(Node Node, HomeId Home, HostedHome Hosted, Turns Turns);

/// <summary>
/// The way to a home as Orleans gives it: to where the home is believed to live, in order while it
/// lives there; calls and answers can be lost, and a call that takes too long fails.
/// </summary>
internal sealed class SimulatedGrain(World world, HomeId home) : IHomeGrain
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);
    private Lodging? _believed;

    public ValueTask<RowBatch> Open() => Call(hosted => hosted.OpenAsync());

    public ValueTask<AnswerBatch> Submit(SubmissionBatch batch) =>
        Call(hosted => hosted.SubmitAsync(batch));

    public ValueTask<StateBytes> Capture() => Call(hosted => hosted.CaptureAsync());

    public ValueTask<RowBatch> ReadCommitted(ReadRequest request) =>
        Call(hosted => hosted.ReadAsync(request));

    private ValueTask<T> Call<T>(Func<HostedHome, ValueTask<T>> ask)
    {
        var answered = new TaskCompletionSource<T>();
        var lost = new TimeoutException("The simulated network lost a call.");
        world.Clock.After(AnswerMax, () => answered.TrySetException(lost));
        var isLost = world.Random.NextDouble() < world.Weather.Lose;
        var lodging = Find();
        if (lodging is null || (isLost && world.Random.Next(2) == 0))
        {
            world.Clock.After(TimeSpan.FromSeconds(1), () => answered.TrySetException(lost));
            return new ValueTask<T>(answered.Task);
        }

        lodging.Node.WhenItDies(() => answered.TrySetException(lost));
        lodging.Turns.Start(
            async () =>
            {
                var answer = await ask(lodging.Hosted);
                if (!isLost)
                {
                    answered.TrySetResult(answer);
                }
            },
            fault => answered.TrySetException(fault)
        );
        return new ValueTask<T>(answered.Task);
    }

    /// <summary>A directory that was changed is believed late, now and then.</summary>
    private Lodging? Find()
    {
        if (_believed is not { Node.IsAlive: true } || world.Random.Next(10) == 0)
        {
            _believed = world.Locate(home);
        }

        return _believed;
    }
}
