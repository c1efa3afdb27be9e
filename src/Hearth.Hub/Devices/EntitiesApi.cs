using Hearth.Core.Devices;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Devices;

/// <summary>Entities: what devices report and can be told.</summary>
internal static class EntitiesApi
{
    public static void MapEntities(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/entities").WithTags("Devices");
        group.MapGet("", List).WithName("listEntities").Refuses(503);
        group.MapGet("/{id}", Get).WithName("getEntity").Refuses(404, 503);
    }

    /// <summary>Every entity and what is true of it now.</summary>
    internal static async Task<Ok<IReadOnlyList<EntityBody>>> List(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var home = context.Home();
        var entities = await home.Truths.EntitiesAsync(home.Id, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<EntityBody>>([.. entities.Select(EntityBody.Of)]);
    }

    /// <summary>One entity.</summary>
    internal static async Task<Results<Ok<EntityBody>, Problem>> Get(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        var home = context.Home();
        var entity = new EntityId(id);
        return await home.Truths.EntityAsync(home.Id, entity, cancellationToken) is { } found
            ? TypedResults.Ok(EntityBody.Of(found))
            : Problem.NotFound("entity", id);
    }
}
