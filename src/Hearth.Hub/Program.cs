using Hearth.Homes;
using Hearth.Hub;
using Hearth.Hub.Access;
using Hearth.Hub.Automations;
using Hearth.Hub.Devices;
using Hearth.Hub.Events;
using Hearth.Hub.Health;
using Hearth.Hub.Problems;
using Hearth.Hub.Rehearsal;
using Hearth.Hub.Subscriptions;
using Hearth.Hub.Templates;
using Hearth.Hub.Why;
using Hearth.Mqtt;
using Hearth.Storage;

return await CommandLine.RunAsync(args, TimeProvider.System);

/// <summary>What the process `hearth` is made of.</summary>
internal sealed partial class Program
{
    public const string ApiPath = "/api/v1";

    /// <summary>A hub that is ready to be started, around a log that is open.</summary>
    public static WebApplication Build(
        HearthOptions options,
        TimeProvider clock,
        ILoggerFactory output,
        IEventLog log,
        ICurrentTruths truths,
        ISubscriptionStore subscriptions,
        ILogSearch search
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.AddProcess(options, clock, output, log, truths, search);
        builder.AddHearthHomes(
            new HomesOptions { Version = HubVersion.Text, Location = options.Location }
        );
        builder.Services.AddHearthMqtt(
            new BrokerOptions
            {
                Home = options.DefaultHome,
                // A session lives on the log, and no longer than what it would have to catch up on.
                SessionExpiryMax = options.Retention.Messages ?? TimeSpan.FromDays(365),
            }
        );
        builder.Services.AddWebhooks(subscriptions);
        builder.AddListeners(options);
        builder.AddApi();

        var app = builder.Build();
        app.UseMiddleware<ProblemAnswers>();
        app.UseMiddleware<HostGuard>(options.Http);
        app.UseMiddleware<OriginGuard>(options.Http);
        app.UseWebSockets();
        app.UseMiddleware<HomeInRequest>();
        app.UseRouting();

        app.MapHealth();
        app.MapDocs();
        app.MapMqtt();
        app.MapWebhooksIn();
        var api = app.MapGroup(ApiPath);
        api.MapEvents();
        api.MapDevices();
        api.MapAreas();
        api.MapEntities();
        api.MapActions();
        api.MapAutomations();
        api.MapRuns();
        api.MapRehearsal();
        api.MapVersions();
        api.MapWhy();
        api.MapTemplates();
        api.MapSubscriptions();
        api.MapDeliveries();
        api.MapHomeHealth();
        return app;
    }
}
