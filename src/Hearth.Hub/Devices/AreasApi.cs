using Hearth.Core;
using Hearth.Core.Devices;
using Hearth.Core.Why;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Devices;

/// <summary>An area of the home, such as a room.</summary>
/// <param name="Id">Its first name in lower-case letters of any script, digits and underscores.
/// </param>
/// <param name="Floor">The name of the floor that it is on; null for none.</param>
/// <param name="Labels">By name.</param>
/// <param name="Devices">The ids of the devices that are in it.</param>
internal sealed record AreaBody(
    string Id,
    string Name,
    string? Floor,
    IReadOnlyList<string> Labels,
    IReadOnlyList<string> Devices
);

/// <summary>What a person says of an area.</summary>
/// <param name="Floor">The name of the floor that it is on; left out for none.</param>
/// <param name="Labels">By name, 50 at most.</param>
internal sealed record AreaRequestBody(string Name, string? Floor, IReadOnlyList<string>? Labels);

/// <summary>A floor of the home.</summary>
/// <param name="Areas">The ids of the areas that are on it.</param>
internal sealed record FloorBody(string Id, string Name, IReadOnlyList<string> Areas);

/// <summary>A label that areas and devices carry.</summary>
/// <param name="Areas">The ids of the areas that carry it.</param>
/// <param name="Devices">The ids of the devices that carry it themselves.</param>
internal sealed record LabelBody(
    string Id,
    string Name,
    IReadOnlyList<string> Areas,
    IReadOnlyList<string> Devices
);

/// <summary>Areas, floors and labels: what is there, and what people say of it.</summary>
internal static class AreasApi
{
    public static void MapAreas(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Devices");
        group.MapGet("/areas", List).WithName("listAreas").Refuses(503);
        group
            .MapPut("/areas/{id}", Save)
            .WithName("saveArea")
            .TakesJson<AreaRequestBody>()
            .Refuses(503);
        group.MapGet("/floors", Floors).WithName("listFloors").Refuses(503);
        group.MapGet("/labels", Labels).WithName("listLabels").Refuses(503);
    }

    /// <summary>Every area: those that people have said something of, and those that devices are
    /// in.</summary>
    internal static async Task<Ok<IReadOnlyList<AreaBody>>> List(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var rooms = await Rooms.ReadAsync(context.Home(), cancellationToken);
        return TypedResults.Ok(rooms.Areas);
    }

    /// <summary>Say what an area is called, on which floor it is, and which labels it carries.
    /// </summary>
    /// <remarks>Its id is its own, and stays when it is called otherwise. What is left out is
    /// taken back.</remarks>
    internal static async Task<Results<Ok<AreaBody>, Problem>> Save(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        var (document, problem) = await JsonBody.ReadJsonAsync(context, cancellationToken);
        using (document)
        {
            if (document is null)
            {
                return problem!;
            }

            var save = new SaveArea(id, document.RootElement.GetRawText());
            var home = context.Home();
            var answer = await home.SubmitAsync(context.Signed(save), cancellationToken);
            if (answer.Refusal is { } refusal)
            {
                return Problem.Of(refusal);
            }

            var rooms = await Rooms.ReadAsync(home, cancellationToken);
            return TypedResults.Ok(rooms.Areas.First(area => area.Id == id));
        }
    }

    /// <summary>Every floor that an area is on.</summary>
    internal static async Task<Ok<IReadOnlyList<FloorBody>>> Floors(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var map = (await Rooms.ReadAsync(context.Home(), cancellationToken)).Map;
        return TypedResults.Ok<IReadOnlyList<FloorBody>>([
            .. map.Floors.Select(floor => new FloorBody(
                floor.Id,
                floor.Name,
                [.. map.Areas.Where(area => area.FloorId == floor.Id).Select(area => area.Id)]
            )),
        ]);
    }

    /// <summary>Every label that an area or a device carries.</summary>
    internal static async Task<Ok<IReadOnlyList<LabelBody>>> Labels(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var rooms = await Rooms.ReadAsync(context.Home(), cancellationToken);
        return TypedResults.Ok<IReadOnlyList<LabelBody>>([
            .. rooms.Map.Labels.Select(label => new LabelBody(
                label.Id,
                label.Name,
                [
                    .. rooms
                        .Map.Areas.Where(area => area.Labels.Contains(label.Id))
                        .Select(area => area.Id),
                ],
                [
                    .. rooms
                        .Devices.Where(device =>
                            AreaMap.IdsOf(device.Says.Labels).Contains(label.Id)
                        )
                        .Select(device => device.Id.Value),
                ]
            )),
        ]);
    }
}

/// <summary>The areas of a home with what is in them, read at once.</summary>
internal sealed record Rooms(IReadOnlyList<DeviceRecord> Devices, AreaMap Map)
{
    public IReadOnlyList<AreaBody> Areas =>
        [
            .. Map.Areas.Select(area => new AreaBody(
                area.Id,
                area.Name,
                Map.Floors.FirstOrDefault(floor => floor.Id == area.FloorId)?.Name,
                [
                    .. Map
                        .Labels.Where(label => area.Labels.Contains(label.Id))
                        .Select(label => label.Name),
                ],
                [
                    .. Devices
                        .Where(device => DeviceBody.AreaOf(device) == area.Id)
                        .Select(device => device.Id.Value),
                ]
            )),
        ];

    /// <summary>An entity with all that an action can mean it by.</summary>
    public Aim AimAt(EntityRecord entity)
    {
        var device = Devices.FirstOrDefault(device => device.Id == entity.Device);
        return Aim.At(
            entity.Id,
            entity.Device,
            device is null ? null : DeviceBody.AreaOf(device),
            device is null ? [] : AreaMap.IdsOf(device.Says.Labels),
            Map
        );
    }

    public static async Task<Rooms> ReadAsync(HomeClient home, CancellationToken cancellationToken)
    {
        var devices = await home.Truths.DevicesAsync(home.Id, cancellationToken);
        var saved = await home.Truths.AreasAsync(home.Id, cancellationToken);
        return Of(devices, saved);
    }

    public static Rooms Of(IReadOnlyList<DeviceRecord> devices, IEnumerable<AreaSaved> saved) =>
        new(
            devices,
            new AreaMap(
                saved,
                devices.Select(device => (DeviceBody.AreaNameOf(device), device.Says.Labels))
            )
        );
}
