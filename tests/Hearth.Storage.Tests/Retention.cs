using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Tests;

/// <summary>Rows live as long as the longest-lived of their events, and no commit waits.</summary>
public sealed class Retention(ITestOutputHelper output) : IDisposable
{
    private static readonly EventData[] Message =
    [
        new MessageReceived("a/b", Payload.FromText("same as ever"), 1, false, "z2m"),
    ];
    private static readonly EventData[] Fired =
    [
        .. AHome.Reading(7),
        new AutomationTriggered(
            "lights-out",
            "0",
            new EntityId("sensor.desk_power"),
            "{\"above\":50}"
        ),
    ];
    private static readonly EventData[] Audit = [new HubStarted("0.1.0")];

    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.9, 0, new long[] { 1, 3, 6, 7 })]
    [InlineData(1.1, 1, new long[] { 3, 6, 7 })]
    [InlineData(10.1, 3, new long[] { 6, 7 })]
    [InlineData(365.1, 6, new long[] { 7 })]
    [InlineData(3_650, 6, new long[] { 7 })]
    public async Task A_row_lives_as_long_as_its_longest_lived_event(
        double days,
        long thinned,
        long[] left
    )
    {
        await using var log = await OpenAsync();
        var home = await WithRowsAsync(log, Message, AHome.Reading(1), Fired, Audit);
        await SnapshotAsync(log, home);
        await PassAsync(log, days);

        Assert.Equal(left, await LastsAsync(log, home));
        Assert.Equal(thinned, (await log.ThinnedAsync(home.Id, Token)).Value);
    }

    [Fact]
    public async Task What_the_older_snapshot_needs_stays()
    {
        await using var log = await OpenAsync();
        var home = await WithRowsAsync(log, Message, Message);
        await PassAsync(log, 2);
        Assert.Equal([1, 2], await LastsAsync(log, home));

        await SnapshotAsync(log, home);
        await home.AppendAsync(Message, Message);
        await SnapshotAsync(log, home);
        await PassAsync(log, 2);

        Assert.Equal([3, 4], await LastsAsync(log, home));
    }

    [Fact]
    public async Task What_is_missing_above_retention_is_still_damage()
    {
        await using (var log = await _folder.OpenAsync())
        {
            var home = await WithRowsAsync(log, Message, Audit, Message, Audit);
            await SnapshotAsync(log, home);
            await PassAsync(log, 2);
            await home.AppendAsync(Message, Audit, Audit);
            Assert.Equal([2, 4, 5, 6, 7], await LastsAsync(log, home));
        }

        using (var database = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            database.Open();
            using var command = database.CreateCommand();
            command.CommandText = "DELETE FROM log WHERE key & 17592186044415 = 6";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        await using var again = await OpenAsync();
        await Assert.ThrowsAsync<LogDamagedException>(() => LastsAsync(again, new AHome(again)));
    }

    [Fact]
    public async Task It_goes_in_steps_beside_commits_and_goes_on_after_a_restart()
    {
        const int Rows = 3_000;
        await using (var log = await _folder.OpenAsync())
        {
            var home = await WithRowsAsync(log);
            await home.AppendAsync([.. Enumerable.Repeat(Message, Rows)]);
            await SnapshotAsync(log, home);
            _folder.Time.Advance(TimeSpan.FromDays(2));
            var thinning = log.ThinAsync(Token);
            for (var number = 0; number < 100; number++)
            {
                await home.AppendAsync(Audit);
            }

            await thinning;
            Assert.Equal(100, (await LastsAsync(log, home)).Count);
            await home.AppendAsync(Message, Audit);
            await SnapshotAsync(log, home);
            await SnapshotAsync(log, home);
        }

        await using var again = await OpenAsync();
        var same = new AHome(again);
        await same.OpenAsync();
        await same.AppendAsync(Audit);
        await SnapshotAsync(again, same);
        await PassAsync(again, 2);
        var lasts = await LastsAsync(again, same);
        Assert.DoesNotContain(Rows + 101, lasts);
        Assert.Equal(102, lasts.Count);
    }

    [Fact]
    public async Task It_runs_by_itself()
    {
        await using var log = await OpenAsync();
        var home = await WithRowsAsync(log, Message, Audit);
        await SnapshotAsync(log, home);
        _folder.Time.Advance(TimeSpan.FromDays(2));
        for (var minute = 0; (await LastsAsync(log, home)).Count > 1; minute++)
        {
            Assert.True(minute < 10_000, "Nothing was taken away.");
            _folder.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Run it by name: what a year of a busy home leaves, in bytes.</summary>
    [Fact(Explicit = true)]
    public async Task A_year_of_a_busy_home()
    {
        const int Days = 365;
        const int Readings = 20_000;
        var watch = Stopwatch.StartNew();
        await using var log = await _folder.OpenAsync(options =>
            options with
            {
                ThinEvery = TimeSpan.FromDays(40),
                SignOfLifeEvery = TimeSpan.FromDays(40),
            }
        );
        // A day's events: half of the readings change a state, one in a hundred fires a rule.
        var events = Readings + Readings / 2 + Readings / 100 * 3 + 5;
        var home = new AHome(log) { Pace = TimeSpan.FromDays(1) / events };
        await home.OpenAsync();
        var slowest = TimeSpan.Zero;
        for (var day = 0; day < Days; day++)
        {
            for (var part = 0; part < 20; part++)
            {
                var rows = new List<EventData[]>(Readings / 20 + 1);
                for (var number = 0; number < Readings / 20; number++)
                {
                    rows.Add(
                        number % 100 == 0 ? Fired
                        : number % 2 == 0 ? Message
                        : AHome.Reading(number)
                    );
                }

                var started = watch.Elapsed;
                await home.AppendAsync([.. rows]);
                var took = watch.Elapsed - started;
                slowest = took > slowest ? took : slowest;
            }

            await home.AppendAsync(Audit);
            _folder.Time.Advance(TimeSpan.FromDays(1));
            await SnapshotAsync(log, home);
            await log.ThinAsync(Token);
        }

        var length = new FileInfo(_folder.Database).Length;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Days} days of {Readings:N0} readings ({home.Last.Value:N0} events): "
                    + $"{length / 1e6:N1} MB left, {watch.Elapsed.TotalSeconds:N0} s, slowest "
                    + $"commit of 1,000 rows {slowest.TotalMilliseconds:N1} ms"
            )
        );
        Assert.InRange(length, 1, 10L << 30);
    }

    /// <summary>A fake clock that goes on by years would ring a timer of a second for minutes.
    /// </summary>
    private Task<SqliteEventLog> OpenAsync() =>
        _folder.OpenAsync(options => options with { SignOfLifeEvery = TimeSpan.FromDays(40) });

    private static async Task<AHome> WithRowsAsync(SqliteEventLog log, params EventData[][] rows)
    {
        var home = new AHome(log);
        await home.OpenAsync();
        await home.AppendAsync(rows);
        return home;
    }

    private static Task SnapshotAsync(SqliteEventLog log, AHome home) =>
        log.SaveSnapshotAsync(
            home.Id,
            home.Owner,
            new StoredSnapshot(home.Last, 1, AHome.Start, Encoding.UTF8.GetBytes("a state")),
            Token
        );

    private Task PassAsync(SqliteEventLog log, double days)
    {
        _folder.Time.Advance(TimeSpan.FromDays(days) - TimeSpan.FromHours(1));
        return log.ThinAsync(Token);
    }

    private static async Task<List<long>> LastsAsync(SqliteEventLog log, AHome home)
    {
        var rows = await log.ReadAsync(home.Id, Sequence.None, 9_999, int.MaxValue, Token);
        return [.. rows.Select(row => row.Last.Value)];
    }
}
