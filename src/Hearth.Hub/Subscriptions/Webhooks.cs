using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Hub.Subscriptions;

/// <summary>Puts webhooks into the hub.</summary>
internal static class WebhooksHosting
{
    public static void AddWebhooks(this IServiceCollection services, ISubscriptionStore store)
    {
        services.AddSingleton(store);
        services.AddSingleton<SinkClient>();
        services.AddSingleton<Webhooks>();
        services.AddHostedService(provider => provider.GetRequiredService<Webhooks>());
    }
}

/// <summary>Delivers to the subscribers of every home that lives here, while the hub runs.
/// </summary>
internal sealed class Webhooks : BackgroundService
{
    private readonly Dictionary<HomeId, HomeWebhooks> _homes;

    public Webhooks(
        HearthOptions options,
        HomeDirectory homes,
        ISubscriptionStore store,
        SinkClient sinks,
        TimeProvider clock,
        ILogger<Webhooks> logger
    )
    {
        var rates = new SinkRates(clock);
        _homes = options.Homes.ToDictionary(
            home => home,
            home => new HomeWebhooks(homes.Open(home), store, sinks, rates, clock, logger)
        );
    }

    public HomeWebhooks Of(HomeId home) => _homes[home];

    public override void Dispose()
    {
        base.Dispose();
        foreach (var home in _homes.Values)
        {
            home.Dispose();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_homes.Values.Select(home => home.RunAsync(stoppingToken)));
}
