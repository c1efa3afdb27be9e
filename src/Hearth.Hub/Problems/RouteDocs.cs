using Hearth.Hub.Events;

namespace Hearth.Hub.Problems;

/// <summary>What the OpenAPI document says of routes whose bodies are read by hand.</summary>
internal static class RouteDocs
{
    /// <summary>The problems that a route answers, beside those that every route may answer.
    /// </summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            route.Produces<ProblemBody>(status, Problem.MediaType);
        }

        return route;
    }

    /// <summary>A body of JSON, described by a type that is never deserialised.</summary>
    public static RouteHandlerBuilder TakesJson<TBody>(this RouteHandlerBuilder route)
        where TBody : notnull =>
        route.Accepts<TBody>("application/json").Refuses(400, 413, 415, 422);

    /// <summary>Events in any of the ways of the HTTP binding.</summary>
    public static RouteHandlerBuilder TakesEvents(this RouteHandlerBuilder route) =>
        route
            .WithMetadata(new TakesEventsMark())
            .Refuses(StatusCodes.Status400BadRequest)
            .Refuses(StatusCodes.Status413PayloadTooLarge)
            .Refuses(StatusCodes.Status415UnsupportedMediaType)
            .Refuses(StatusCodes.Status422UnprocessableEntity)
            .Refuses(StatusCodes.Status503ServiceUnavailable);
}

/// <summary>
/// Marks the route that takes events: it reads its content types itself, because the binary mode
/// takes any, so routing must not choose by them.
/// </summary>
internal sealed record TakesEventsMark;
