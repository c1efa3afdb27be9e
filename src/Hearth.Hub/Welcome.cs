using Hearth.Homes;

namespace Hearth.Hub;

/// <summary>What a person reads when the hub is ready.</summary>
internal static class Welcome
{
    public static string Text(WebApplication app)
    {
        var options = app.Services.GetRequiredService<HearthOptions>();
        var listeners = app.Services.GetRequiredService<Listeners>();
        var home = app.Services.GetRequiredService<HomeDirectory>().Open(options.DefaultHome);
        return $"""
            Hearth {HubVersion.Text} is ready.

              look here    http://localhost:{listeners.HttpPort}/docs
              MQTT         localhost:{listeners.MqttPort}
              data         {options.Data} (home "{home.Id}", at event {home.Feed.Head.Value})

            It listens on this machine only, until access is set up. Stop it with Ctrl+C.
            """;
    }

    public static async Task<int> SayAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await Console.Out.WriteLineAsync(Text(app).AsMemory(), cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        await Console.Out.WriteLineAsync("Stopped.".AsMemory(), cancellationToken);
        return 0;
    }
}
