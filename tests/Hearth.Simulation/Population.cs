using Hearth.Core.Events;
using Hearth.Homes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Simulation;

/// <summary>Who lives in the world: clients outside the processes, followers inside and outside.
/// </summary>
internal sealed class Population
{
    private readonly World _world;
    private readonly HomeDirectory _outside;
    private readonly List<Cursor> _cursors = [];
    private readonly Dictionary<HomeId, LampAndTracker> _devices = [];

    public Population(World world)
    {
        _world = world;
        _outside = world.DirectoryOver(new LocalHomes(), new SimulatedLog(world));
    }

    /// <summary>Clients that outlive every process.</summary>
    public void Settle()
    {
        foreach (var id in _world.Homes)
        {
            var home = _outside.Open(id);
            for (var number = 0; number < 2; number++)
            {
                var program = new ProgramClient(_world, home, $"{id}-{number}");
                _world.Live(NewThread($"program {number}"), program.LiveAsync);
            }

            var devices = new LampAndTracker(_world, home);
            _devices.Add(id, devices);
            _world.Live(NewThread("lamp"), devices.LiveAsync);
            _world.Live(NewThread("tracker"), devices.TrackAsync);
            _world.Live(NewThread("person"), new Person(_world, home).LiveAsync);
            Follow(NewThread("dispatcher"), _outside, NewCursor(id), devices);
            Follow(NewThread("follower"), _outside, NewCursor(id), null);
        }
    }

    /// <summary>A process has started: whoever has something pending is woken, and followers go
    /// on from where they were.</summary>
    public void Inhabit(Node node)
    {
        var nobody = NullLogger<HomeWaker>.Instance;
        var waker = new HomeWaker(node.Log, node.Homes, _world.Clock, nobody);
        node.NewThread("waker").Start(() => waker.RunAsync(CancellationToken.None), _world.Fail);
        var cursors = _cursors.Where(cursor => cursor.Node == node.Number).ToArray();
        if (cursors.Length == 0)
        {
            cursors = [.. _world.Homes.Select(home => NewCursor(home, node.Number))];
        }

        foreach (var cursor in cursors)
        {
            Follow(node.NewThread("follower"), node.Homes, cursor, null);
        }
    }

    public bool FollowersAreThere() =>
        _cursors.All(cursor => cursor.At == _world.Disk.Last(cursor.Home));

    private void Follow(Turns turns, HomeDirectory homes, Cursor cursor, LampAndTracker? devices) =>
        turns.Start(() => FollowAsync(homes.Open(cursor.Home), cursor, devices), _world.Fail);

    private async Task FollowAsync(HomeClient home, Cursor cursor, LampAndTracker? devices)
    {
        var random = _world.Random;
        while (true)
        {
            try
            {
                var rowsMax = 1 + random.Next(20);
                var bytesMax = 200 + random.Next(20_000);
                var rows = await home.Feed.ReadAsync(cursor.At, rowsMax, bytesMax, default);
                _world.Invariants.Shown(cursor.Home, cursor.At, rows);
                cursor.At = rows[^1].Last;
                devices?.Deliver(rows);
            }
            catch (HomeClosedException)
            {
                await _world.WaitAsync(1);
            }

            if (random.Next(20) == 0)
            {
                await _world.WaitAsync(10);
            }
        }
    }

    private Turns NewThread(string name)
    {
        var turns = new Turns(name, _world);
        _world.Add(turns);
        return turns;
    }

    private Cursor NewCursor(HomeId home, int node = -1)
    {
        var cursor = new Cursor(home, node);
        _cursors.Add(cursor);
        return cursor;
    }

    private sealed class Cursor(HomeId home, int node)
    {
        public HomeId Home => home;

        /// <summary>The process that it is followed in; -1 for outside.</summary>
        public int Node => node;

        public Sequence At { get; set; }
    }
}
