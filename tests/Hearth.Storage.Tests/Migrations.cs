using System.Text;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Tests;

/// <summary>Every released schema, with what a hub of its time wrote into it, is brought up to
/// date and read.</summary>
public sealed class Migrations : IDisposable
{
    private readonly AFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<int>> Released =>
        Enumerable.Range(1, Schema.Newest).Select(version => new TheoryDataRow<int>(version));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Released))]
    public async Task A_released_schema_is_brought_up_to_date_with_all_it_holds(int version)
    {
        Execute(await File.ReadAllTextAsync(FileOf(version), Token));

        await using var log = await _folder.OpenAsync();
        var home = new AHome(log);
        var opened = await home.OpenAsync();

        Assert.Equal(new Sequence(11), opened.Last);
        Assert.Equal([9L, 7L], opened.Snapshots.Select(snapshot => snapshot.Sequence.Value));
        Assert.Equal("state at 9", Encoding.UTF8.GetString(opened.Snapshots[0].Bytes.Span));
        await home.ReadingAsync(5);
        var rows = await log.ReadAsync(home.Id, Sequence.None, 99, int.MaxValue, Token);
        Assert.Equal([1L, 2, 3, 5, 7, 9, 11, 13], rows.Select(row => row.Last.Value));
        var device = Assert.Single(await log.DevicesAsync(home.Id, Token));
        Assert.Equal("desk", device.Id.Value);
        var entity = Assert.Single(await log.EntitiesAsync(home.Id, Token));
        Assert.Equal("5.5", entity.State);
        Assert.Equal("online", Assert.Single(await log.RetainedAsync(home.Id, Token)).Payload.Text);
        var session = Assert.Single(await log.SessionsAsync(home.Id, Token));
        Assert.Equal([(ushort)7], session.Received);
        var published = new PublishedId(Principal.Anonymous, "/programs/test", "subject-1");
        var found = await log.FindPublishedAsync(home.Id, [published], Token);
        Assert.Equal(new Sequence(3), Assert.Single(found));
    }

    [Fact]
    public async Task A_schema_that_is_up_to_date_is_left_alone()
    {
        await (await _folder.OpenAsync()).DisposeAsync();
        // Were the scripts looked at, they would find their journal gone and run again.
        Execute("DROP TABLE SchemaVersions");

        await (await _folder.OpenAsync()).DisposeAsync();

        Assert.Equal($"{Schema.Newest}", Ask("PRAGMA user_version"));
        Assert.Equal("0", Ask("SELECT count(*) FROM sqlite_master WHERE name = 'SchemaVersions'"));
    }

    [Fact]
    public async Task What_people_look_at_is_readable()
    {
        await (await WriteAsync()).DisposeAsync();

        Assert.Equal(
            "home 4 5 state 2026-11-25T08:00:00.004Z",
            Ask(
                "SELECT home || ' ' || first || ' ' || last || ' ' || class || ' ' || time"
                    + " FROM log_rows WHERE first = 4"
            )
        );
    }

    /// <summary>Run it by name when a schema is released, never again afterwards.</summary>
    [Fact(Explicit = true)]
    public async Task The_newest_schema_is_released()
    {
        await (await WriteAsync()).DisposeAsync();
        await File.WriteAllTextAsync(FileOf(Schema.Newest), Dump(), Token);
    }

    private async Task<SqliteEventLog> WriteAsync()
    {
        var log = await _folder.OpenAsync();
        var home = new AHome(log);
        await home.OpenAsync();
        var entity = new EntityId("sensor.desk_power");
        await home.AppendAsync(
            [
                new DeviceRegistered(
                    new DeviceId("desk"),
                    new() { Identifiers = ["desk"] },
                    [new EntityRegistration(entity, new("sensor", "desk", "{}"))]
                ),
            ],
            [new MessageReceived("status", Payload.FromText("online"), 1, true, "desk")],
            [new ProgramEvent("org.example.x", "subject", null, null, ContentKind.Json, "1", [])]
        );
        var client = new SessionRecord("desk", 1, new Sequence(3), "[]", 60, null, []);
        await log.SaveSessionsAsync(home.Id, new() { Saved = [client] }, Token);
        home.Received.Add(new ReceivedPacket("desk", 7));
        for (var number = 1; number <= 4; number++)
        {
            await home.ReadingAsync(number);
            var snapshot = new StoredSnapshot(
                home.Last,
                1,
                AHome.Start,
                Encoding.UTF8.GetBytes($"state at {home.Last.Value}")
            );
            if (number < 4)
            {
                await log.SaveSnapshotAsync(home.Id, home.Owner, snapshot, Token);
            }
        }

        return log;
    }

    private static string FileOf(int version) => Source.PathOf($"Released/schema-{version}.sql");

    /// <summary>The database as SQL: its tables with their rows, then the rest.</summary>
    private string Dump()
    {
        var text = new StringBuilder();
        foreach (
            var table in Ask(
                    "SELECT group_concat(name || char(9) || sql, char(0)) FROM sqlite_master"
                        + " WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                )
                .Split('\0')
        )
        {
            var (name, sql) = (table.Split('\t')[0], table.Split('\t')[1]);
            text.Append(sql).Append(";\n");
            var columns = Ask(
                $"SELECT group_concat('quote(\"' || name || '\")', ' || '', '' || ')"
                    + $" FROM pragma_table_info('{name}')"
            );
            var rows = Ask($"SELECT group_concat({columns}, char(0)) FROM {name}");
            foreach (var row in rows.Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append("INSERT INTO ")
                    .Append(name)
                    .Append(" VALUES (")
                    .Append(row)
                    .Append(");\n");
            }
        }

        text.Append(
            Ask(
                "SELECT group_concat(sql, ';' || char(10)) FROM sqlite_master"
                    + " WHERE type IN ('view', 'index') AND sql IS NOT NULL"
            )
        );
        return text.Append(";\nPRAGMA user_version = ")
            .Append(Ask("PRAGMA user_version"))
            .Append(";\n")
            .ToString();
    }

    private void Execute(string sql) => Ask(sql);

    private string Ask(string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={_folder.Database};Pooling=False"
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{command.ExecuteScalar()}";
    }
}
