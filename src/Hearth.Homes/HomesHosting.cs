using Hearth.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Hearth.Homes;

/// <summary>Puts homes into a host.</summary>
public static class HomesHosting
{
    /// <summary>
    /// Adds the silo that homes live in, and <see cref="HomeDirectory"/>. The host must also have
    /// an <see cref="IEventLog"/>, <see cref="ICurrentTruths"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IHostApplicationBuilder AddHearthHomes(
        this IHostApplicationBuilder builder,
        HomesOptions options
    )
    {
        builder.UseOrleans(silo => silo.UseNoPorts());
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<LocalHomes>();
        builder.Services.AddSingleton(services =>
        {
            var grains = services.GetRequiredService<IGrainFactory>();
            return new HomeDirectory(
                home => grains.GetGrain<IHomeGrain>(home.Value),
                services.GetRequiredService<IEventLog>(),
                services.GetRequiredService<ICurrentTruths>(),
                services.GetRequiredService<LocalHomes>()
            );
        });
        builder.Services.AddHostedService<HomeWaker>();
        return builder;
    }
}
