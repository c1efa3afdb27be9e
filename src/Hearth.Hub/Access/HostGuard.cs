using System.Net;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Access;

/// <summary>
/// Answers only under names that are the hub's own, so that a foreign page cannot reach it by
/// pointing a name of its own at this machine (DNS rebinding).
/// </summary>
internal sealed class HostGuard(RequestDelegate next, HttpOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host;
        return IsOwn(host.Host) ? next(context) : Refuse(host).ExecuteAsync(context);
    }

    private bool IsOwn(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _)
        || host.EndsWith(".local", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || options.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static Problem Refuse(HostString host) =>
        new(
            ProblemKinds.UnknownHost,
            host.HasValue
                ? $"The hub is not known as {host.Host}; add it to {Settings.HttpHosts.Key}."
                : "The request names no host."
        );
}
