using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Simulation;
using Hearth.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hearth.Homes.Tests;

/// <summary>A real silo with homes in it, over a log in memory.</summary>
internal sealed class AHub : IAsyncDisposable
{
    private readonly IHost _host;

    private AHub(IHost host) => _host = host;

    public HomeDirectory Homes => _host.Services.GetRequiredService<HomeDirectory>();

    public HomeClient Home => Homes.Open(HomeId.Default);

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static async Task<AHub> StartAsync(
        IEventLog? log = null,
        TimeProvider? clock = null,
        HomesOptions? options = null
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        clock ??= TimeProvider.System;
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(log ?? new MemoryLog(clock));
        builder.Services.AddSingleton<ICurrentTruths, NoTruths>();
        builder.AddHearthHomes(options ?? new HomesOptions());
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new AHub(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(TestContext.Current.CancellationToken);
        _host.Dispose();
    }

    public static Submission Message(string topic, string payload = "on") =>
        new(new ReceiveMessage(topic, Payload.FromText(payload), 1, false, "lamp"));
}
