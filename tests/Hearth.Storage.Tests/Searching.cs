using Hearth.Core.Events;
using Hearth.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Tests;

/// <summary>Rows are found by what is said in them, whether the index has come to them or not.
/// </summary>
public sealed class Searching : IDisposable
{
    private static readonly SearchTerm Opened = new(SearchKind.Type, "com.example.opened");
    private static readonly SearchTerm Closed = new(SearchKind.Type, "com.example.closed");
    private static readonly SearchTerm Gate = new(SearchKind.Subject, "gate");

    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_has_a_term_is_found_in_both_orders(bool isIndexed)
    {
        await using var log = await _folder.OpenAsync();
        var home = await FilledAsync(log, 300);
        await IndexAsync(log, isIndexed);

        Assert.Equal(Multiples(7), await AllAsync(log, home, newestFirst: false, [Opened]));
        Assert.Equal(
            Multiples(7).Reverse(),
            await AllAsync(log, home, newestFirst: true, [Opened])
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terms_of_one_kind_are_either_and_kinds_are_both(bool isIndexed)
    {
        await using var log = await _folder.OpenAsync();
        var home = await FilledAsync(log, 300);
        await IndexAsync(log, isIndexed);

        Assert.Equal(
            Multiples(7).Concat(Multiples(11)).Distinct().Order(),
            await AllAsync(log, home, newestFirst: false, [Opened, Closed])
        );
        Assert.Equal(
            Multiples(35),
            await AllAsync(log, home, newestFirst: false, [Opened], [Gate])
        );
        Assert.Equal(
            Multiples(35).Reverse(),
            await AllAsync(log, home, newestFirst: true, [Opened], [Gate])
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_search_keeps_to_its_bounds(bool newestFirst)
    {
        await using var log = await _folder.OpenAsync();
        var home = await FilledAsync(log, 300);
        await IndexAsync(log, isIndexed: true);
        await FillAsync(home, 300, 600);

        var found = await BetweenAsync(
            log,
            home,
            newestFirst,
            [
                [Opened],
            ],
            after: 140,
            before: 420
        );

        var wanted = Enumerable.Range(21, 39).Select(i => i * 7L);
        Assert.Equal(newestFirst ? wanted.Reverse() : wanted, found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_index_spares_reading_what_has_no_term(bool newestFirst)
    {
        await using var log = await _folder.OpenAsync();
        var home = await FilledAsync(log, 3000);
        await home.AppendAsync([SomeOf(7) with { ProgramType = "com.example.rare" }]);
        await FillAsync(home, 3001, 4000);
        await IndexAsync(log, isIndexed: true);

        var search = new LogSearch(
            Sequence.None,
            new Sequence(long.MaxValue),
            newestFirst,
            [
                [new SearchTerm(SearchKind.Type, "com.example.rare")],
            ],
            RowsMax: 1000,
            BytesMax: int.MaxValue
        );
        var found = await log.SearchAsync(home.Id, search, Token);

        Assert.True(found.IsOver);
        Assert.InRange(found.Rows.Count, 1, 64);
        Assert.Contains(found.Rows, row => row.Last.Value == 3001);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_that_reach_over_several_blocks_are_found(bool newestFirst)
    {
        await using var log = await _folder.OpenAsync();
        var home = await FilledAsync(log, 0);
        for (var row = 0; row < 12; row++)
        {
            await home.AppendAsync([.. Enumerable.Range(row * 50 + 1, 50).Select(SomeOf)]);
        }

        await IndexAsync(log, isIndexed: true);

        var wanted = Enumerable.Range(1, 600 / 7).Select(i => i * 7L);
        Assert.Equal(
            newestFirst ? wanted.Reverse() : wanted,
            await BetweenAsync(
                log,
                home,
                newestFirst,
                [
                    [Opened],
                ],
                countMax: 1
            )
        );
    }

    [Fact]
    public async Task After_a_crash_the_index_goes_on_from_its_watermark()
    {
        await using var log = await _folder.OpenAsync();
        var home = await FilledAsync(log, 100);
        await IndexAsync(log, isIndexed: true);
        await FillAsync(home, 100, 250);
        using var crashed = _folder.Crashed();

        await using var again = await crashed.OpenAsync();
        var reopened = new AHome(again);
        await reopened.OpenAsync();
        await again.SearchIsWholeAsync(home.Id);
        await FillAsync(reopened, 250, 300);

        Assert.Equal(
            Multiples(7),
            await BetweenAsync(
                again,
                reopened,
                newestFirst: false,
                [
                    [Opened],
                ]
            )
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_row_that_is_missing_is_named_in_both_orders(bool newestFirst)
    {
        await using var log = await _folder.OpenAsync();
        var home = await FilledAsync(log, 300);
        await IndexAsync(log, isIndexed: false);
        Run("DELETE FROM log WHERE (key & 17592186044415) = 150");

        await Assert.ThrowsAsync<LogDamagedException>(() =>
            AllAsync(log, home, newestFirst, [Opened])
        );

        // What retention has taken is no damage.
        Run("DELETE FROM log WHERE (key & 17592186044415) < 150");
        Run("UPDATE homes SET thinned = 150");
        Assert.Equal(
            Multiples(7).Count(number => number > 150),
            (await AllAsync(log, home, newestFirst, [Opened])).Count
        );
    }

    [Fact]
    public async Task What_retention_has_taken_leaves_the_index_and_the_rest_is_found()
    {
        await using var log = await _folder.OpenAsync();
        var home = await FilledAsync(log, 300);
        await IndexAsync(log, isIndexed: true);
        Run("DELETE FROM log WHERE (key & 17592186044415) <= 200");
        Run("UPDATE homes SET thinned = 200");
        var before = Ask("SELECT count(*) FROM search");

        await log.SweepSearchAsync(home.Id, Token);

        Assert.InRange(Ask("SELECT count(*) FROM search"), 1, before / 2);
        Assert.Equal(0L, Ask("SELECT count(*) FROM search WHERE block < 3"));
        var left = Multiples(7).Where(number => number > 200).ToList();
        Assert.Equal(left, await AllAsync(log, home, newestFirst: false, [Opened]));
        Assert.Equal(
            left.AsEnumerable().Reverse(),
            await AllAsync(log, home, newestFirst: true, [Opened])
        );
    }

    [Fact]
    public async Task An_index_that_is_made_anew_finds_the_same()
    {
        await using var log = await _folder.OpenAsync();
        var home = await FilledAsync(log, 300);
        await IndexAsync(log, isIndexed: true);

        await log.RebuildSearchAsync(home.Id, Token);
        await log.SearchIsWholeAsync(home.Id);

        Assert.Equal(300L, Watermark());
        Assert.Equal(Multiples(7), await AllAsync(log, home, newestFirst: false, [Opened]));
    }

    [Fact]
    public async Task After_a_failed_commit_nothing_is_missing()
    {
        var failing = false;
        await using var log = await _folder.OpenAsync(options =>
            options with
            {
                WriterConnected = connection =>
                    SQLitePCL.raw.sqlite3_commit_hook(
                        connection.Handle,
                        _ => failing ? 1 : 0,
                        null
                    ),
            }
        );
        var home = await FilledAsync(log, 100);
        failing = true;
        await Assert.ThrowsAsync<LogUnavailableException>(() => home.AppendAsync([SomeOf(101)]));
        failing = false;
        await home.OpenAsync();
        await FillAsync(home, 100, 300);
        await log.SearchIsWholeAsync(home.Id);
        await IndexAsync(log, isIndexed: true);

        Assert.Equal(300L, Watermark());
        Assert.Equal(Multiples(7), await AllAsync(log, home, newestFirst: false, [Opened]));
    }

    /// <summary>One event a row; its sequence says what it is.</summary>
    private static ProgramEvent SomeOf(int number)
    {
        var type =
            number % 7 == 0 ? "opened"
            : number % 11 == 0 ? "closed"
            : "measured";
        var subject = number % 5 == 0 ? "gate" : $"other{number}";
        return new ProgramEvent(
            "com.example." + type,
            subject,
            null,
            null,
            ContentKind.Json,
            null,
            []
        );
    }

    private static IEnumerable<long> Multiples(int of) =>
        Enumerable.Range(1, 300 / of).Select(i => (long)i * of).Where(i => of != 11 || i % 7 != 0);

    private static async Task<AHome> FilledAsync(SqliteEventLog log, int count)
    {
        var home = new AHome(log);
        await home.OpenAsync();
        await log.SearchIsWholeAsync(home.Id);
        await FillAsync(home, 0, count);
        return home;
    }

    private static async Task FillAsync(AHome home, int from, int to)
    {
        for (var number = from + 1; number <= to; number++)
        {
            await home.AppendAsync([SomeOf(number)]);
        }
    }

    /// <summary>Lets the log rest, so that the writer brings the index to its end.</summary>
    private async Task IndexAsync(SqliteEventLog log, bool isIndexed)
    {
        if (!isIndexed)
        {
            Assert.Equal(0L, Watermark());
            return;
        }

        while (Watermark() < Last())
        {
            _folder.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }
    }

    private static Task<IReadOnlyList<long>> AllAsync(
        SqliteEventLog log,
        AHome home,
        bool newestFirst,
        params IReadOnlyList<SearchTerm>[] allOf
    ) => BetweenAsync(log, home, newestFirst, allOf);

    private static async Task<IReadOnlyList<long>> BetweenAsync(
        SqliteEventLog log,
        AHome home,
        bool newestFirst,
        IReadOnlyList<IReadOnlyList<SearchTerm>> allOf,
        long after = 0,
        long before = long.MaxValue,
        int countMax = 10
    )
    {
        var found = new List<long>();
        while (true)
        {
            var search = new LogSearch(
                new Sequence(after),
                new Sequence(before),
                newestFirst,
                allOf,
                RowsMax: countMax,
                BytesMax: int.MaxValue
            );
            var part = await log.SearchAsync(home.Id, search, Token);
            found.AddRange(
                part.Rows.SelectMany(row => newestFirst ? row.Events.Reverse() : row.Events)
                    .Where(item => allOf.All(anyOf => anyOf.Any(term => Says(item, term))))
                    .Select(item => item.Sequence.Value)
            );
            if (part.IsOver)
            {
                return found;
            }

            (after, before) = newestFirst
                ? (after, part.Looked.Value)
                : (part.Looked.Value, before);
        }
    }

    private static bool Says(Event item, SearchTerm term) =>
        term.Value == (term.Kind == SearchKind.Type ? item.Type : item.Data.Subject);

    private long Watermark() => Ask("SELECT searchable FROM homes");

    private long Last() => Ask("SELECT last FROM homes");

    private long Ask(string sql)
    {
        using var connection = Database.Connect(_folder.Database);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private void Run(string sql)
    {
        using var connection = Database.Connect(_folder.Database);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
