using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Hearth.Mqtt;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Health;

/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
internal sealed record HealthBody(string Status);

/// <param name="Announcements">What was announced with faults and changes nothing, by topic.
/// </param>
/// <param name="Automations">Those that are not healthy, by id.</param>
internal sealed record HomeHealthBody(
    IReadOnlyList<RefusedAnnouncementBody> Announcements,
    IReadOnlyList<AutomationHealthBody> Automations
);

/// <param name="Health"><c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Detail"><c>failing</c>, <c>missing</c> (it names what is not there) or
/// <c>never_fired</c>.</param>
/// <param name="Reason">What is wrong, in sentences.</param>
internal sealed record AutomationHealthBody(string Id, string Health, string Detail, string Reason);

/// <param name="Topic">The discovery topic that it stands on.</param>
/// <param name="Reason">What to change.</param>
/// <param name="Since">When it was refused for this reason.</param>
internal sealed record RefusedAnnouncementBody(string Topic, string Reason, DateTimeOffset Since);

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

    public static void MapHomeHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/health", Get).WithTags("Health").WithName("getHealth").Refuses(503);

    /// <summary>What is not well in the home and belongs to no device.</summary>
    /// <remarks>
    /// An announcement with faults changes nothing; where its device is known, the device's own
    /// health says so instead. It is gone from here when its topic has one in order, or an empty
    /// one. An automation fails, names what is not there, or was never set off in 30 days.
    /// </remarks>
    internal static async Task<Ok<HomeHealthBody>> Get(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var home = context.Home();
        var refused = await home.Truths.RefusedAnnouncementsAsync(home.Id, cancellationToken);
        var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
        return TypedResults.Ok(
            new HomeHealthBody(
                [
                    .. refused.Select(item => new RefusedAnnouncementBody(
                        item.Topic,
                        item.Reason,
                        item.Since
                    )),
                ],
                [
                    .. automations
                        .Where(item => item.Health != "healthy")
                        .Select(item => new AutomationHealthBody(
                            item.Id,
                            item.Health,
                            item.HealthDetail,
                            item.HealthReason
                        )),
                ]
            )
        );
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
