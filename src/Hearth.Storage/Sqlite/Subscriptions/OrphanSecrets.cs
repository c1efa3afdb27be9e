using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Sqlite.Subscriptions;

/// <summary>
/// Secrets that no subscription will ever name: they are kept before the event that names them, and
/// the hub ended in between. They go at the start, when nothing can be in between.
/// </summary>
internal static class OrphanSecrets
{
    private const string Where = """
        FROM subscription_secrets WHERE NOT EXISTS
            (SELECT 1 FROM subscriptions WHERE home = subscription_secrets.home
                AND subscription = subscription_secrets.subscription)
        """;

    public static void Forget(string file)
    {
        using var connection = Database.Connect(file);
        // Looking first spares a start that has nothing to forget a transaction that writes.
        if (Ask(connection, $"SELECT EXISTS (SELECT 1 {Where})"))
        {
            Ask(connection, $"DELETE {Where}");
        }
    }

    private static bool Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is 1L;
    }
}
