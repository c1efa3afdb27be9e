using Hearth.Core;
using Hearth.Core.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hearth.Homes.Tests;

/// <summary>One live home without a silo: on a turn of its own, over a scripted log, at a time that
/// the test sets.</summary>
internal sealed class AHome : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TaskScheduler _turns =
        new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly HostedHome _hosted;

    private AHome(ScriptedLog log, WallClock clock, HomesOptions options)
    {
        Log = log;
        Clock = clock;
        var around = new HomeSurroundings(
            log,
            clock,
            new Random(1),
            options,
            _turns,
            TaskScheduler.Default,
            NullLogger.Instance
        );
        _hosted = new HostedHome(HomeId.Default, new LocalHomes(), around);
    }

    public ScriptedLog Log { get; }

    public WallClock Clock { get; }

    public IReadOnlyList<Row> Rows => Log.Memory.Rows(HomeId.Default);

    public IEnumerable<string> Types => Rows.SelectMany(row => row.Events).Select(one => one.Type);

    public static WallClock NewClock() =>
        new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    /// <summary>An open home; another life of the same one where log and clock are given.</summary>
    public static async Task<AHome> OpenAsync(
        ScriptedLog? log = null,
        WallClock? clock = null,
        HomesOptions? options = null
    )
    {
        clock ??= NewClock();
        var home = new AHome(log ?? new ScriptedLog(clock), clock, options ?? new HomesOptions());
        await home.OnTurnAsync(() =>
        {
            home._hosted.Start();
            return Task.CompletedTask;
        });
        await home.AskAsync();
        return home;
    }

    public static ReceiveMessage Message(string topic) =>
        new(topic, Payload.FromText("on"), 1, false, "lamp");

    public static PublishEvents Events(params string[] ids) =>
        new([
            .. ids.Select(id => new NewEvent(
                id,
                "/test",
                null,
                new ProgramEvent("test.happened", null, null, null, ContentKind.Json, "{}", [])
            )),
        ]);

    /// <summary>Hands over inputs; the call has had its turn when this returns, if it could.
    /// </summary>
    public async Task<Task<IReadOnlyList<Answer>>> SubmitAsync(params Input[] inputs)
    {
        Task<IReadOnlyList<Answer>> answers = null!;
        await OnTurnAsync(() =>
        {
            answers = _hosted.Live.SubmitAsync([.. inputs.Select(input => new Submission(input))]);
            return Task.CompletedTask;
        });
        return answers;
    }

    /// <summary>Hands over inputs as calls that reach the home at the same moment.</summary>
    public Task<Task[]> SubmitTogetherAsync(Input[] inputs) =>
        OnTurnAsync(() =>
            Task.FromResult<Task[]>([
                .. inputs.Select(input => _hosted.Live.SubmitAsync([new Submission(input)])),
            ])
        );

    public async Task<IReadOnlyList<Answer>> AskAsync(params Input[] inputs) =>
        await InTime(await SubmitAsync(inputs));

    public Task StopAsync() => OnTurnAsync(_hosted.StopAsync);

    public Task<RowBatch> ReadAsync(long after) =>
        OnTurnAsync(() =>
            _hosted
                .ReadAsync(
                    new ReadRequest(new Sequence(after), 100, 1 << 20, TimeSpan.FromSeconds(9))
                )
                .AsTask()
        );

    public Task Ended =>
        _hosted.Ended.WaitAsync(
            Deadline,
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );

    /// <summary>Everything that was on its way to the home has had its turn.</summary>
    public Task SettledAsync() => OnTurnAsync(() => Task.CompletedTask);

    /// <summary>Lets time pass in small steps until something holds; turns run between.</summary>
    public async Task PassAsync(TimeSpan step, Func<bool> until)
    {
        for (var steps = 0; !until(); steps++)
        {
            Assert.True(steps < 1_000, "It did not come true however much time passed.");
            Clock.Advance(step);
            await SettledAsync();
        }
    }

    public void Dispose() => _hosted.Dispose();

    private Task<bool> OnTurnAsync(Func<Task> action) =>
        OnTurnAsync(async () =>
        {
            await action();
            return true;
        });

    private Task<T> OnTurnAsync<T>(Func<Task<T>> action) =>
        InTime(
            Task.Factory.StartNew(
                    action,
                    TestContext.Current.CancellationToken,
                    TaskCreationOptions.DenyChildAttach,
                    _turns
                )
                .Unwrap()
        );

    /// <summary>What does not come within a real while has gone wrong.</summary>
    private static Task<T> InTime<T>(Task<T> task) =>
        task.WaitAsync(Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
}

/// <summary>A clock whose wall somebody can set, while its timers go on as they were.</summary>
internal sealed class WallClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _ahead;

    public void SetWall(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
