using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Hearth.Homes;

/// <summary>
/// A silo that is its whole cluster: it opens no port, so any number of hubs fit on one machine
/// and nobody else can reach it. Orleans still names it by an address, which nothing listens on.
/// </summary>
internal static class SingleSilo
{
    public static ISiloBuilder UseNoPorts(this ISiloBuilder silo)
    {
        silo.UseLocalhostClustering();
        silo.Configure<EndpointOptions>(endpoints => endpoints.GatewayPort = 0);
        var listeners = silo
            .Services.Where(service =>
                service.IsKeyedService && service.ServiceType == typeof(IConnectionListenerFactory)
            )
            .ToArray();
        if (listeners.Length == 0)
        {
            throw new InvalidOperationException(
                "Orleans registers its listeners otherwise than before; SingleSilo must follow."
            );
        }

        foreach (var listener in listeners)
        {
            silo.Services.Remove(listener);
            silo.Services.AddKeyedSingleton<IConnectionListenerFactory, Silence>(
                listener.ServiceKey
            );
        }

        return silo;
    }

    private sealed class Silence : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(
            EndPoint endpoint,
            CancellationToken cancellationToken = default
        ) => ValueTask.FromResult<IConnectionListener>(new SilentListener(endpoint));
    }

    private sealed class SilentListener(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _unbound = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public EndPoint EndPoint => endpoint;

        public ValueTask<ConnectionContext?> AcceptAsync(
            CancellationToken cancellationToken = default
        ) => new(_unbound.Task.WaitAsync(cancellationToken));

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _unbound.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
