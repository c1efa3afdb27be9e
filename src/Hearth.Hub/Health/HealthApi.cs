using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Problems;
using Hearth.Mqtt;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Health;

/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
internal sealed record HealthBody(string Status);

/// <summary>What watches the process asks: does it run, and does it take anything?</summary>
internal static class HealthApi
{
    /// <summary>Whoever asks for health will not wait for long.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").WithTags("Health");
        group.MapGet("/live", Live).WithName("isLive");
        group.MapGet("/ready", Ready).WithName("isReady").Refuses(503);
    }

    /// <summary>Whether the process runs.</summary>
    internal static Ok<HealthBody> Live() => TypedResults.Ok(new HealthBody("live"));

    /// <summary>Whether every home takes inputs.</summary>
    /// <remarks>503 with the reason while a home is closed or the hub starts.</remarks>
    internal static async Task<Results<Ok<HealthBody>, Problem>> Ready(
        HomeDirectory directory,
        HearthOptions options,
        IServiceProvider services,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        // Time passing is an input that changes nothing unless something is due.
        var wake = new Wake { Principal = Principal.Hub };
        try
        {
            foreach (var home in options.Homes)
            {
                await directory
                    .Open(home)
                    .SubmitAsync(wake, cancellationToken)
                    .WaitAsync(AnswerMax, clock, cancellationToken);
            }
        }
        catch (TimeoutException)
        {
            var detail = $"A home has not answered within {AnswerMax.TotalSeconds} seconds.";
            return new Problem(ProblemKinds.HomeClosed, detail) { RetryAfterSeconds = 1 };
        }

        // A device that is told "ready" connects, and must not be sent away.
        return services.IsMqttOpen()
            ? TypedResults.Ok(new HealthBody("ready"))
            : new Problem(ProblemKinds.HomeClosed, "MQTT is not open yet.")
            {
                RetryAfterSeconds = 1,
            };
    }
}
