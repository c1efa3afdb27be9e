using Hearth.Homes;
using Microsoft.Extensions.Configuration;

namespace Hearth.Hub;

/// <summary>
/// One run of the hub, from its settings to its exit code. What goes wrong at the start is told in
/// a sentence, because it is the person who can change it.
/// </summary>
internal static class HubProcess
{
    public const string SettingsFile = "hearth.json";

    /// <param name="given">Settings from the command line, by key.</param>
    /// <param name="whileReady">What to do with the hub once it is ready; it ends when this does.
    /// </param>
    public static async Task<int> RunAsync(
        IReadOnlyDictionary<string, string?> given,
        TimeProvider clock,
        Func<WebApplication, CancellationToken, Task<int>> whileReady,
        CancellationToken cancellationToken
    )
    {
        if (ReadOptions(given) is not { } options)
        {
            return 1;
        }

        var app = Program.Build(options, clock);
        await using (app)
        {
            try
            {
                await StartAsync(app, options, cancellationToken);
            }
            catch (Exception fault) when (StartFault.Sentence(fault, options) is { } sentence)
            {
                await Console.Error.WriteLineAsync(sentence);
                // What did start beside it goes down in order.
                await app.StopAsync(CancellationToken.None);
                return 1;
            }

            return await whileReady(app, cancellationToken);
        }
    }

    /// <summary>Starts everything at once and completes when all homes are open.</summary>
    public static async Task StartAsync(
        WebApplication app,
        HearthOptions options,
        CancellationToken cancellationToken
    )
    {
        var opening = app.Services.GetRequiredService<OpeningLog>().Opened;
        var starting = app.StartAsync(cancellationToken);
        await Task.WhenAll(opening, starting);
        var homes = app.Services.GetRequiredService<HomeDirectory>();
        foreach (var home in options.Homes)
        {
            await homes.Open(home).Feed.HeadAsync(cancellationToken);
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
    private static IConfigurationRoot Configuration(IReadOnlyDictionary<string, string?> given) =>
        new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile(SettingsFile, optional: true, reloadOnChange: false)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(given)
            .Build();
}
