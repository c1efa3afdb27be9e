using Hearth.Homes;
using Hearth.Mqtt;
using Hearth.Storage.Sqlite;
using Microsoft.Extensions.Configuration;

namespace Hearth.Hub;

/// <summary>
/// One run of the hub, from its settings to its exit code. What goes wrong at the start is told in
/// a sentence, because it is the person who can change it.
/// </summary>
internal static class HubProcess
{
    public const string SettingsFile = "hearth.json";

    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    /// <param name="given">Settings from the command line, by key.</param>
    /// <param name="least">From which level on the hub's own log is shown, unless the settings say
    /// otherwise.</param>
    /// <param name="whileReady">What to do with the hub once it is ready; it ends when this does.
    /// </param>
    public static async Task<int> RunAsync(
        IReadOnlyDictionary<string, string?> given,
        TimeProvider clock,
        LogLevel least,
        Func<WebApplication, CancellationToken, Task<int>> whileReady,
        CancellationToken cancellationToken
    )
    {
        if (ReadOptions(given) is not { } options)
        {
            return 1;
        }

        using var output = HubOutput.Create(options.Logging, least);
        try
        {
            return await RunAsync(options, clock, output, whileReady, cancellationToken);
        }
        catch (Exception fault) when (StartFault.Sentence(fault, options) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    /// <summary>Opens the log (a hundredth of a second, so it is not worth doing beside the rest),
    /// and starts what lives on it.</summary>
    private static async Task<int> RunAsync(
        HearthOptions options,
        TimeProvider clock,
        ILoggerFactory output,
        Func<WebApplication, CancellationToken, Task<int>> whileReady,
        CancellationToken cancellationToken
    )
    {
        if (StartFault.WithPorts(options) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }

        var place = new SqliteLogOptions(options.Data) { Retention = options.Retention };
        await using var log = await SqliteEventLog.OpenAsync(
            place,
            clock,
            output,
            cancellationToken
        );
        await using var app = Program.Build(
            options,
            clock,
            output,
            log,
            truths: log,
            log.Subscriptions,
            search: log
        );
        await app.StartAsync(cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            app.Lifetime.ApplicationStopping
        );
        try
        {
            await ReadyAsync(app, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            await app.StopAsync(CancellationToken.None);
            return 0;
        }

        return await whileReady(app, cancellationToken);
    }

    /// <summary>Completes when all homes are open and devices may come. A disk that takes
    /// nothing when the hub starts is no reason to end: it answers 503 until there is room.
    /// </summary>
    public static async Task ReadyAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var homes = app.Services.GetRequiredService<HomeDirectory>();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        foreach (var id in app.Services.GetRequiredService<HearthOptions>().Homes)
        {
            var home = homes.Open(id);
            for (var isFirst = true; !await IsOpenAsync(home, isFirst, cancellationToken); )
            {
                isFirst = false;
                await Task.Delay(TryAgain, clock, cancellationToken);
            }
        }

        await app.Services.WhenMqttIsOpenAsync(cancellationToken);
    }

    private static async Task<bool> IsOpenAsync(
        HomeClient home,
        bool isFirst,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await home.Feed.HeadAsync(cancellationToken);
            return true;
        }
        catch (HomeClosedException fault)
        {
            if (isFirst)
            {
                await Console.Error.WriteLineAsync(
                    $"Home \"{home.Id}\": {fault.Message} The hub goes on trying."
                );
            }

            return false;
        }
    }

    private static HearthOptions? ReadOptions(IReadOnlyDictionary<string, string?> given)
    {
        var faults = new List<string>();
        var options = HearthOptions.Read(Configuration(given), faults);
        if (options is null)
        {
            Console.Error.WriteLine("The hub cannot start with these settings:");
            foreach (var fault in faults)
            {
                Console.Error.WriteLine("- " + fault);
            }
        }

        return options;
    }

    /// <summary>A file where the person stands, then the environment, then the command line: the
    /// later one wins.</summary>
    public static IConfigurationRoot Configuration(IReadOnlyDictionary<string, string?> given) =>
        new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile(SettingsFile, optional: true, reloadOnChange: false)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(given)
            .Build();
}
