using Hearth.Homes;
using Hearth.Hub;
using Hearth.Hub.Access;
using Hearth.Hub.Events;
using Hearth.Hub.Health;
using Hearth.Hub.Problems;

return await CommandLine.RunAsync(args, TimeProvider.System);

/// <summary>What the process `hearth` is made of.</summary>
internal sealed partial class Program
{
    public const string ApiPath = "/api/v1";

    /// <summary>A hub that is ready to be started.</summary>
    public static WebApplication Build(HearthOptions options, TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.AddProcess(options, clock);
        builder.AddLog(options);
        builder.AddHearthHomes(new HomesOptions { Version = HubVersion.Text });
        builder.AddListeners(options);
        builder.AddApi();

        var app = builder.Build();
        app.UseMiddleware<ProblemAnswers>();
        app.UseMiddleware<HostGuard>(options.Http);
        app.UseMiddleware<OriginGuard>(options.Http);
        app.UseMiddleware<HomeInRequest>();
        app.UseRouting();

        app.MapHealth();
        app.MapDocs();
        var api = app.MapGroup(ApiPath);
        api.MapEvents();
        return app;
    }
}
