using Hearth.Hub.Problems;

namespace Hearth.Hub.Access;

/// <summary>
/// A browser says which page a request comes from (<c>Origin</c>). Pages from elsewhere may not
/// change anything nor open a WebSocket: they could do it with the access of whoever looks at
/// them. Programs send no Origin and are not concerned.
/// </summary>
internal sealed class OriginGuard(RequestDelegate next, HttpOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var origin = request.Headers.Origin.ToString();
        var isHarmless =
            (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && !IsWebSocket(request);
        return isHarmless || origin.Length == 0 || IsOwn(origin, request)
            ? next(context)
            : Refuse(origin).ExecuteAsync(context);
    }

    private bool IsOwn(string origin, HttpRequest request) =>
        options.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase)
        || (
            Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && request.Host.HasValue
            // A proxy in front may speak https where the hub hears http, so the scheme may differ.
            && uri.Scheme is "http" or "https"
            && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsWebSocket(HttpRequest request) =>
        request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase)
        || request.Headers.ContainsKey("Sec-WebSocket-Key");

    private static Problem Refuse(string origin) =>
        new(
            ProblemKinds.ForeignPage,
            $"The page at {origin} is not this hub's; if it is yours, add it to"
                + $" {Settings.HttpOrigins.Key}."
        );
}
