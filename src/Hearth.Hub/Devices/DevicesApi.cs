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
    private const string MergePatch = "application/merge-patch+json";

    public static void MapDevices(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/devices").WithTags("Devices");
        group.MapGet("", List).WithName("listDevices").Refuses(503);
        group.MapPost("", Register).WithName("registerDevice").TakesJson<DeviceAnnouncementBody>();
        group.MapGet("/{id}", Get).WithName("getDevice").Refuses(404, 503);
        group
            .MapPatch("/{id}", Arrange)
            .WithName("arrangeDevice")
            .Accepts<DevicePatchBody>("application/json", MergePatch)
            .Refuses(400, 404, 413, 415, 422, 503);
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
        var found = await OneAsync(context.Home(), new DeviceId(id), cancellationToken);
        return found is null ? Problem.NotFound("device", id) : TypedResults.Ok(found);
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

            var described = announcement.Device!;
            var device = await AnnouncedAsync(home, answer, described, cancellationToken);
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

    /// <summary>Say what a device is called, which area it is in, and which labels it carries.
    /// </summary>
    /// <remarks>A JSON merge patch (RFC 7396): what is left out stays, null takes it back, and then
    /// counts what the device announced. An area that is not there yet comes with the device.
    /// </remarks>
    internal static async Task<Results<Ok<DeviceBody>, Problem>> Arrange(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        var (document, problem) = await JsonBody.ReadJsonAsync(
            context,
            cancellationToken,
            also: MergePatch
        );
        using (document)
        {
            if (document is null)
            {
                return problem!;
            }

            var patch = document.RootElement.GetRawText();
            var input = context.Signed(new ArrangeDevice(new DeviceId(id), patch));
            var answer = await context.Home().SubmitAsync(input, cancellationToken);
            return answer.Refusal is { } refusal
                ? Problem.Of(refusal)
                : await Get(context, id, cancellationToken);
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

    private static async Task<DeviceBody?> OneAsync(
        HomeClient home,
        DeviceId id,
        CancellationToken cancellationToken
    )
    {
        if (await home.Truths.DeviceAsync(home.Id, id, cancellationToken) is not { } device)
        {
            return null;
        }

        var entities = await home.Truths.EntitiesOfAsync(home.Id, id, cancellationToken);
        return DeviceBody.Of(device, entities);
    }

    private static async Task<DeviceBody?> AnnouncedAsync(
        HomeClient home,
        Answer answer,
        DeviceDescription announced,
        CancellationToken cancellationToken
    )
    {
        foreach (var item in answer.Row?.Events ?? [])
        {
            // What one device takes over from another updates that one, too.
            var (id, description) = item.Data switch
            {
                DeviceRegistered registered => (registered.Device, registered.Description),
                DeviceUpdated updated => (updated.Device, updated.Description),
                _ => (default, null),
            };
            if (
                description is not null
                && IsSame(announced, description.Identifiers, description.Connections)
            )
            {
                return await OneAsync(home, id, cancellationToken);
            }
        }

        // An announcement that changes nothing has no event to tell the device's id.
        var devices = await AllAsync(home, cancellationToken);
        return devices.FirstOrDefault(device =>
            IsSame(
                announced,
                device.Identifiers,
                device.Connections.Select(pair => KeyValuePair.Create(pair[0], pair[1]))
            )
        );
    }

    private static bool IsNew(Answer answer) =>
        answer.Row?.Events.Any(item => item.Data is DeviceRegistered) == true;

    private static bool IsSame(
        DeviceDescription announced,
        IEnumerable<string> identifiers,
        IEnumerable<KeyValuePair<string, string>> connections
    ) =>
        announced.Identifiers.Intersect(identifiers).Any()
        || announced.Connections.Intersect(connections).Any();
}

/// <summary>What a person says of a device; what is left out stays, null takes it back.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Area">The area that it is in, by id or by name.</param>
/// <param name="Labels">All that it carries, by name, 50 at most.</param>
internal sealed record DevicePatchBody(string? Name, string? Area, IReadOnlyList<string>? Labels);

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
