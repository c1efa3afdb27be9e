using System.Security.Cryptography;
using Hearth.Core.Events;
using Hearth.Homes;

namespace Hearth.Simulation;

/// <summary>
/// A run: two homes, three processes, one disk, clients and followers, all drawn from one seed and
/// driven by one thread, so that the same seed is the same run, byte for byte.
/// </summary>
internal sealed class World
{
    public static readonly HomesOptions Options = new()
    {
        UncommittedRowsMax = 40,
        SnapshotRows = 60,
        OwnerCheck = TimeSpan.FromSeconds(10),
        RingRows = 32,
        RingBytes = 16 << 10,
    };

    private static readonly TimeSpan Foul = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Turns> _threads = [];
    private readonly List<Turns> _ready = [];
    private readonly Node[] _nodes;
    private readonly Dictionary<HomeId, Lodging> _directory = [];
    private Exception? _failure;
    private bool _isClosing;
    private int _busy;
    private long _steps;

    public World(int seed)
    {
        Random = new Random(seed);
        Disk = new MemoryLog(Clock);
        Invariants = new Invariants(this);
        Weather = Weather.Draw(Random);
        _nodes = [.. Enumerable.Range(0, 3).Select(number => new Node(this, number))];
    }

    public Random Random { get; }

    public SimulatedClock Clock { get; } = new();

    public MemoryLog Disk { get; }

    public Weather Weather { get; private set; }

    public bool IsOutage { get; private set; }

    public Invariants Invariants { get; }

    public IReadOnlyList<HomeId> Homes { get; } = [new("home"), new("cabin")];

    /// <summary>Runs it to its end.</summary>
    /// <returns>A digest of everything that was committed, and how much happened.</returns>
    public RunReport Run()
    {
        var population = new Population(this);
        population.Settle();
        foreach (var node in _nodes)
        {
            population.Inhabit(node);
        }

        Disturb(population);
        RunUntil(() => Clock.Elapsed >= Foul, Foul);
        Calm(population);
        RunUntil(() => _busy == 0, Clock.Elapsed + Patience);
        Check(_busy == 0, $"{_busy} clients have not come to their end though all is well");
        // Whatever is pending has its deadline within this time, and nobody calls.
        var later = Clock.Elapsed + TimeSpan.FromSeconds(100);
        RunUntil(() => false, later);
        RunUntil(population.FollowersAreThere, Clock.Elapsed + Patience);
        Check(population.FollowersAreThere(), "followers have not seen the whole log");
        Invariants.AtTheEnd();
        StopInOrder();
        return new RunReport(Digest(), Homes.Sum(home => Disk.Last(home).Value), _steps);
    }

    /// <summary>Begins something that must come to its end.</summary>
    public void Live(Turns turns, Func<Task> life)
    {
        _busy++;
        turns.Start(
            async () =>
            {
                await life();
                _busy--;
            },
            Fail
        );
    }

    public Task WaitAsync(double secondsMax)
    {
        var wait = TimeSpan.FromSeconds(0.001 + (Random.NextDouble() * secondsMax));
        // Simulated time: it passes at once when nobody has anything else to do.
        return Task.Delay(wait, Clock, CancellationToken.None);
    }

    public void Fail(Exception fault) => _failure ??= fault;

    public static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException("Violated: " + otherwise + ".");
        }
    }

    /// <summary>Nothing may run but on the thread that drives the world, or a seed would not be
    /// the same run twice.</summary>
    public void OnItsThread(string name)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Fail(new InvalidOperationException($"{name} was called from a stray thread."));
        }
    }

    public void Add(Turns turns) => _threads.Add(turns);

    public void Remove(Turns turns) => _threads.Remove(turns);

    public HomeDirectory DirectoryOver(LocalHomes local, SimulatedLog log) =>
        new(home => new SimulatedGrain(this, home), log, null!, local);

    /// <summary>Where a home lives; brings it to life somewhere when it lives nowhere.</summary>
    public Lodging? Locate(HomeId home)
    {
        if (_directory.TryGetValue(home, out var lodging) && lodging.Node.IsAlive)
        {
            return lodging;
        }

        var free = _nodes
            .Where(node => !_isClosing && node.IsAlive && !node.Lodges(home))
            .ToArray();
        if (free.Length == 0)
        {
            return null;
        }

        lodging = free[Random.Next(free.Length)].Activate(home);
        _directory[home] = lodging;
        return lodging;
    }

    public void Forget(Lodging lodging)
    {
        if (_directory.TryGetValue(lodging.Home, out var current) && current == lodging)
        {
            _directory.Remove(lodging.Home);
        }
    }

    private void RunUntil(Func<bool> isOver, TimeSpan until)
    {
        while (!isOver())
        {
            _ready.Clear();
            _ready.AddRange(_threads.Where(thread => thread.IsReady));
            if (_ready.Count > 0)
            {
                _ready[Random.Next(_ready.Count)].Step();
            }
            else if (!Clock.Advance(until))
            {
                return;
            }

            if (_failure is not null)
            {
                throw _failure;
            }

            // Often enough to meet every kind of moment, seldom enough to be fast.
            if (_steps++ % 2_048 == 0)
            {
                Invariants.LiveIsWhatTheLogSays(_nodes.SelectMany(node => node.Lodgings));
            }
        }
    }

    private void Disturb(Population population)
    {
        Every(Weather.Crash, () => Crash(population));
        Every(
            Weather.Outage,
            () =>
            {
                IsOutage = true;
                var ends = TimeSpan.FromSeconds(Random.NextDouble() * 20);
                Clock.After(ends, () => IsOutage = false);
            }
        );
        Every(Weather.Split, () => Move(Homes[Random.Next(Homes.Count)]));
        Every(
            Weather.Jump,
            () =>
            {
                var most = Random.Next(2) == 0 ? 50 : 7200;
                Clock.SetWall(TimeSpan.FromSeconds((Random.NextDouble() * 2 * most) - most));
            }
        );
    }

    private void Every(TimeSpan? mean, Action action)
    {
        if (mean is not { } time)
        {
            return;
        }

        Clock.After(
            time * (-Math.Log(1 - Random.NextDouble())),
            () =>
            {
                if (Clock.Elapsed < Foul)
                {
                    action();
                    Every(mean, action);
                }
            }
        );
    }

    /// <summary>A home goes elsewhere: sent away with whatever is under way, or, as after a split
    /// of the network, without knowing.</summary>
    private void Move(HomeId home)
    {
        if (_directory.Remove(home, out var lodging) && Random.Next(2) == 0)
        {
            lodging.Turns.Start(
                () =>
                {
                    lodging.Hosted.Leave();
                    return Task.CompletedTask;
                },
                Fail
            );
        }
    }

    private void Crash(Population population)
    {
        var index = Random.Next(_nodes.Length);
        if (!_nodes[index].IsAlive)
        {
            return;
        }

        _nodes[index].Die();
        foreach (var lodging in _nodes[index].Lodgings)
        {
            Forget(lodging);
        }

        Clock.After(
            TimeSpan.FromSeconds(Random.NextDouble() * 15),
            () => Restart(index, population)
        );
    }

    private void Calm(Population population)
    {
        Weather = Weather.Fair;
        IsOutage = false;
        for (var index = 0; index < _nodes.Length; index++)
        {
            Restart(index, population);
        }
    }

    private void Restart(int index, Population population)
    {
        if (!_nodes[index].IsAlive)
        {
            _nodes[index] = new Node(this, index);
            population.Inhabit(_nodes[index]);
        }
    }

    private void StopInOrder()
    {
        _isClosing = true;
        foreach (var lodging in _nodes.SelectMany(node => node.Lodgings).ToArray())
        {
            Live(lodging.Turns, () => lodging.Node.StopAsync(lodging));
        }

        RunUntil(() => _busy == 0, Clock.Elapsed + Patience);
        Check(_busy == 0, "a home does not stop in order");
        Invariants.Stopped();
    }

    private string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in Homes.SelectMany(Disk.Rows))
        {
            hash.AppendData(row.Body.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

/// <param name="Digest">Of every committed byte.</param>
internal sealed record RunReport(string Digest, long Events, long Steps);
