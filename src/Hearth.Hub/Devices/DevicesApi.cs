using Hearth.Core;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Devices;

/// <summary>Devices: what is there, register one over HTTP, shut one out, remove one.</summary>
internal static class DevicesApi
{
    public static void MapDevices(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/devices").WithTags("Devices");
        group.MapGet("", List).WithName("listDevices").Refuses(503);
        group.MapPost("", Register).WithName("registerDevice").TakesJson<DeviceAnnouncementBody>();
        group.MapGet("/{id}", Get).WithName("getDevice").Refuses(404, 503);
        group.MapDelete("/{id}", Remove).WithName("removeDevice").Refuses(404, 503);
        group.MapPost("/{id}/disable", Disable).WithName("disableDevice").Refuses(404, 503);
        group.MapPost("/{id}/enable", Enable).WithName("enableDevice").Refuses(404, 503);
    }

    /// <summary>Every device with its entities and what is true of them now.</summary>
    internal static async Task<Ok<IReadOnlyList<DeviceBody>>> List(
        HttpContext context,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(await AllAsync(context.Home(), cancellationToken));

    /// <summary>One device with its entities.</summary>
    internal static async Task<Results<Ok<DeviceBody>, Problem>> Get(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        var devices = await AllAsync(context.Home(), cancellationToken);
        return devices.FirstOrDefault(device => device.Id == id) is { } found
            ? TypedResults.Ok(found)
            : Problem.NotFound("device", id);
    }

    /// <summary>Register a device, or say something new of it.</summary>
    /// <remarks>
    /// The body of Home Assistant's MQTT device discovery: device, origin, components; abbreviated
    /// names are taken, too. Topics may be left out: a component then has
    /// hearth/devices/(identifier)/(key)/state and …/set. The device is recognised by its
    /// identifiers and connections: 201 where it is new, 200 where it was there.
    /// </remarks>
    internal static async Task<Results<Created<DeviceBody>, Ok<DeviceBody>, Problem>> Register(
        HttpContext context,
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

            var body = Payload.FromText(document.RootElement.GetRawText());
            var (announcement, faults) = Announcement.FromBody(body);
            if (announcement is null)
            {
                return Problem.Invalid(faults);
            }

            var home = context.Home();
            var input = context.Signed(new RegisterDevice(announcement));
            var answer = await home.SubmitAsync(input, cancellationToken);
            if (answer.Refusal is { } refusal)
            {
                return Problem.Of(refusal);
            }

            var devices = await AllAsync(home, cancellationToken);
            var device = devices.FirstOrDefault(item => IsAnnounced(item, answer, announcement));
            if (device is null)
            {
                // Somebody has removed it in the meantime.
                return Problem.NotFound("device", announcement.DiscoveryId);
            }

            return IsNew(answer)
                ? TypedResults.Created($"{context.AskedPath()}/{device.Id}", device)
                : TypedResults.Ok(device);
        }
    }

    /// <summary>Remove a device and all its entities.</summary>
    /// <remarks>One that announces itself again is there again.</remarks>
    internal static async Task<Results<NoContent, Problem>> Remove(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        var input = context.Signed(new RemoveDevice(new DeviceId(id)));
        var answer = await context.Home().SubmitAsync(input, cancellationToken);
        return answer.Refusal is { } refusal ? Problem.Of(refusal) : TypedResults.NoContent();
    }

    /// <summary>Shut a device out: its messages are refused until it is enabled.</summary>
    internal static Task<Results<Ok<DeviceBody>, Problem>> Disable(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    ) => EnableAsync(context, id, enabled: false, cancellationToken);

    /// <summary>Let a device take part again.</summary>
    internal static Task<Results<Ok<DeviceBody>, Problem>> Enable(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    ) => EnableAsync(context, id, enabled: true, cancellationToken);

    private static async Task<Results<Ok<DeviceBody>, Problem>> EnableAsync(
        HttpContext context,
        string id,
        bool enabled,
        CancellationToken cancellationToken
    )
    {
        var input = context.Signed(new EnableDevice(new DeviceId(id), enabled));
        var answer = await context.Home().SubmitAsync(input, cancellationToken);
        return answer.Refusal is { } refusal
            ? Problem.Of(refusal)
            : await Get(context, id, cancellationToken);
    }

    private static async Task<IReadOnlyList<DeviceBody>> AllAsync(
        HomeClient home,
        CancellationToken cancellationToken
    )
    {
        var devices = await home.Truths.DevicesAsync(home.Id, cancellationToken);
        var entities = await home.Truths.EntitiesAsync(home.Id, cancellationToken);
        var byDevice = entities.ToLookup(entity => entity.Device);
        return [.. devices.Select(device => DeviceBody.Of(device, byDevice[device.Id]))];
    }

    private static bool IsNew(Answer answer) =>
        answer.Row?.Events.Any(item => item.Data is DeviceRegistered) == true;

    /// <summary>An announcement that changes nothing has no row to tell the device's id.</summary>
    private static bool IsAnnounced(DeviceBody device, Answer answer, Announcement announced)
    {
        var named = answer.Row?.Events.Select(item =>
            item.Data switch
            {
                DeviceRegistered registered => registered.Device.Value,
                DeviceUpdated updated => updated.Device.Value,
                _ => null,
            }
        );
        return named?.Contains(device.Id) == true
            || announced.Device!.Identifiers.Intersect(device.Identifiers).Any()
            || announced
                .Device.Connections.Select(pair => (pair.Key, pair.Value))
                .Intersect(device.Connections.Select(pair => (pair[0], pair[1])))
                .Any();
    }
}

/// <summary>Home Assistant's device discovery, as far as every registration has it.</summary>
/// <param name="Device">identifiers or connections, and a name, manufacturer, model, …</param>
/// <param name="Origin">The program that announces: its name, sw_version, support_url.</param>
/// <param name="Components">By a key of the device's own: platform (light, switch, sensor,
/// binary_sensor), unique_id and the component's fields.</param>
internal sealed record DeviceAnnouncementBody(
    IReadOnlyDictionary<string, System.Text.Json.JsonElement> Device,
    IReadOnlyDictionary<string, System.Text.Json.JsonElement> Origin,
    IReadOnlyDictionary<
        string,
        IReadOnlyDictionary<string, System.Text.Json.JsonElement>
    > Components
);
