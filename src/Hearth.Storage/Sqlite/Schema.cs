using System.Globalization;
using DbUp;
using Microsoft.Data.Sqlite;

namespace Hearth.Storage.Sqlite;

/// <summary>
/// The database's schema, brought up to date by the scripts in Migrations, forward only. Each
/// script ends with its number as <c>user_version</c>, so one look tells that nothing is to do:
/// reading scripts and journal costs a start more than everything else that the storage does.
/// </summary>
internal static class Schema
{
    public const int Newest = 7;

    /// <exception cref="DataDirectoryException">A newer hub wrote it, or it cannot be brought up to
    /// date.</exception>
    public static void BringUpToDate(string file)
    {
        using var connection = Connect(file);
        var version = VersionOf(connection, file);
        if (version > Newest)
        {
            throw new DataDirectoryException(
                $"The database {file} has schema {version}, which a newer Hearth wrote; this one "
                    + $"knows schemas up to {Newest}. Start the newer version, or restore a backup "
                    + "from before the update."
            );
        }

        if (version < Newest)
        {
            Upgrade(connection, file);
        }
    }

    private static void Upgrade(SqliteConnection connection, string file)
    {
        var result = DeployChanges
            .To.SqliteDatabase(new DbUp.Sqlite.Helpers.SharedConnection(connection))
            .WithScriptsEmbeddedInAssembly(
                typeof(Schema).Assembly,
                name => name.EndsWith(".sql", StringComparison.Ordinal)
            )
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new DataDirectoryException(
                $"The database {file} could not be brought up to date at "
                    + $"{result.ErrorScript?.Name ?? "its journal"}: {result.Error.Message}",
                result.Error
            )
            {
                MayPass = DataDirectory.IsOfTheDisk(result.Error),
            };
        }
    }

    private static SqliteConnection Connect(string file)
    {
        try
        {
            return Database.Connect(file);
        }
        catch (SqliteException exception)
        {
            throw Unusable(file, exception);
        }
    }

    private static int VersionOf(SqliteConnection connection, string file)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version";
            return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }
        catch (SqliteException exception)
        {
            throw Unusable(file, exception);
        }
    }

    private static DataDirectoryException Unusable(string file, SqliteException exception) =>
        new($"The database {file} cannot be opened: {exception.Message}", exception)
        {
            MayPass = DataDirectory.IsOfTheDisk(exception),
        };
}
