using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Access;

/// <summary>
/// Which home a request is for: <c>/api/v1/homes/{home}/…</c> names one, <c>/api/v1/…</c> means the
/// default. The name is taken out of the path, so that there is one set of routes. Until homes can
/// be made over the API, only those of the settings are there; asking for another must not make
/// it.
/// </summary>
internal sealed class HomeInRequest(
    RequestDelegate next,
    HomeDirectory directory,
    HearthOptions options
)
{
    private const string NamedPath = Program.ApiPath + "/homes/";

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!path.StartsWith(NamedPath, StringComparison.Ordinal))
        {
            context.Features.Set(new RequestedHome(directory.Open(options.DefaultHome), path));
            return next(context);
        }

        var end = path.IndexOf('/', NamedPath.Length);
        var home = new HomeId(end < 0 ? path[NamedPath.Length..] : path[NamedPath.Length..end]);
        if (!options.Homes.Contains(home))
        {
            var problem = new Problem(
                ProblemKinds.NotFound,
                $"There is no home \"{home}\" here; {Settings.Homes.Key} names those that are."
            );
            return problem.ExecuteAsync(context);
        }

        context.Features.Set(new RequestedHome(directory.Open(home), path));
        context.Request.Path = Program.ApiPath + (end < 0 ? "" : path[end..]);
        return next(context);
    }
}

/// <param name="Path">The path as it was asked for.</param>
internal sealed record RequestedHome(HomeClient Client, string Path);

/// <summary>The home of a request, and the marks that it leaves on an input.</summary>
internal static class HomeOfRequest
{
    public static HomeClient Home(this HttpContext context) =>
        context.Features.Get<RequestedHome>()!.Client;

    /// <summary>The path as it was asked for, for links.</summary>
    public static string AskedPath(this HttpContext context) =>
        context.Features.Get<RequestedHome>()!.Path;

    /// <summary>The input with where it came from, for the audit.</summary>
    public static Input Signed(this HttpContext context, Input input)
    {
        var connection = context.Connection;
        return input with
        {
            Principal = Principal.Anonymous,
            Address = $"{connection.RemoteIpAddress}:{connection.RemotePort}",
            RequestId = context.TraceIdentifier,
        };
    }
}
