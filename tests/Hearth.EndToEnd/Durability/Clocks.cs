using System.Diagnostics;
using System.Globalization;
using System.Net;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Durability;

/// <summary>
/// The machine sleeps, or somebody sets its clock: the process lives on, what runs for a time runs
/// for that time, and it happens once.
/// </summary>
public sealed class Clocks : IDisposable
{
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hub_that_was_suspended_goes_on_and_fires_at_the_time_that_was_due()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The signals have their Linux numbers.");
        await using var hub = await RunningHub.StartAsync();
        var rule = await AHoldingRule.StartAsync(hub, HeldFor);
        var suspended = Stopwatch.StartNew();
        hub.Program.Suspend();
        await Eventually.Holds(
            "the hub slept for long enough",
            HeldFor * 4,
            () => suspended.Elapsed > HeldFor * 2,
            () => $"{suspended.Elapsed}"
        );
        hub.Program.Continue();

        var triggered = await rule.FiresAsync(hub, Late);
        Assert.Equal(HeldFor, triggered.Time - (await rule.CrossingAsync(hub)).Time);
        await FiredOnceAsync(hub);
        Assert.Equal(HttpStatusCode.OK, await hub.Api.StatusAsync("/health/ready"));
    }

    [Theory]
    [InlineData(-3_600)]
    // A small computer without a battery: it starts in the past, and the network corrects it.
    [InlineData(400 * 86_400)]
    public async Task A_hub_whose_clock_is_set_says_so_and_holds_for_as_long_as_it_would_have(
        int seconds
    )
    {
        var library = FindLibrary();
        Assert.SkipWhen(library is null, "Setting the clock of one process needs libfaketime.");
        await using var hub = RunningHub.On();
        hub.Environment["LD_PRELOAD"] = library;
        hub.Environment["FAKETIME_TIMESTAMP_FILE"] = Offset;
        hub.Environment["FAKETIME_CACHE_DURATION"] = "1";
        hub.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        SetClock(0);
        await hub.StartAgainAsync();
        var held = Stopwatch.StartNew();
        var rule = await AHoldingRule.StartAsync(hub, HeldFor);
        var begun = held.Elapsed;
        SetClock(seconds);

        var changed = await NoticesAsync(hub);
        var by = TimeSpan.FromTicks(changed.Data.GetProperty("by_ticks").GetInt64());
        Assert.InRange(by.TotalSeconds, seconds - 1, seconds + 1);

        var triggered = await rule.FiresAsync(hub, HeldFor + Late);
        Assert.True(changed.Sequence < triggered.Sequence, $"{triggered} came before {changed}");
        // From before its beginning it took at least its time, from after it not much more.
        Assert.InRange(held.Elapsed, HeldFor, begun + HeldFor + Late);
        await FiredOnceAsync(hub);
        Assert.Equal(HttpStatusCode.OK, await hub.Api.StatusAsync("/health/ready"));
    }

    private string Offset => Path.Combine(_folder.Path, "offset");

    /// <summary>Its content changes at once, and the library reads it every second.</summary>
    private void SetClock(int seconds)
    {
        var next = Offset + ".next";
        File.WriteAllText(next, seconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture));
        File.Move(next, Offset, overwrite: true);
    }

    private static Task<LoggedEvent> NoticesAsync(RunningHub hub) =>
        Eventually.Finds(
            "the hub says that its clock was set",
            Late,
            async () =>
            {
                // To be asked whether it is ready makes it look at the clock.
                Assert.Equal(HttpStatusCode.OK, await hub.Api.StatusAsync("/health/ready"));
                LoggedEvent? found = null;
                await foreach (var item in hub.Api.EventsAsync())
                {
                    found = item.Type == "hearth.hub.clock_changed" ? item : found;
                }

                return (found, hub.Program.Output);
            }
        );

    private static async Task FiredOnceAsync(RunningHub hub)
    {
        var fired = 0;
        await foreach (var item in hub.Api.EventsAsync())
        {
            fired += item.Type == "hearth.automation.triggered" ? 1 : 0;
        }

        Assert.Equal(1, fired);
    }

    /// <summary>Where Debian and those after it put it; null where it is not installed.</summary>
    private static string? FindLibrary() =>
        OperatingSystem.IsLinux()
            ? Directory
                .EnumerateDirectories("/usr/lib")
                .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
                .FirstOrDefault(File.Exists)
            : null;
}
