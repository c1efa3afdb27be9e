using Microsoft.Extensions.Time.Testing;

namespace Hearth.Sdk.Tests;

/// <summary>A device on a clock of its own, with everything that it tells.</summary>
internal sealed class RunningDevice : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private int noticesFollowed;

    public RunningDevice(string id = "desk-lamp", string? name = "Desk lamp")
    {
        Device = new HearthDevice(id, name)
        {
            OnNotice = Notices.Add,
            TimeProvider = Clock,
            Random = new Random(1),
        };
    }

    public FakeTimeProvider Clock { get; } = new(new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public Seen<HearthNotice> Notices { get; } = new();

    public HearthDevice Device { get; }

    public Task Running { get; private set; } = Task.CompletedTask;

    public void Start(HearthConnection connection) =>
        Running = Device.RunAsync(connection, stop.Token);

    public async Task ConnectAsync(HearthConnection connection)
    {
        Start(connection);
        await ConnectedAsync();
    }

    /// <summary>
    /// Follows the notices until the device is connected; whenever it wants to wait before the
    /// next attempt, that time passes.
    /// </summary>
    public async Task ConnectedAsync()
    {
        while (true)
        {
            var next = await NextNoticeAsync();
            if (next.Kind == HearthNoticeKind.Connected)
            {
                return;
            }

            Clock.Advance(next.RetryIn ?? TimeSpan.Zero);
        }
    }

    public async Task<HearthNotice> NextNoticeAsync()
    {
        await Notices.WaitForAsync(_ => Notices.All.Count > noticesFollowed);
        return Notices.All[noticesFollowed++];
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Running;
    }

    public async ValueTask DisposeAsync()
    {
        await Device.DisposeAsync();
        stop.Dispose();
    }
}
