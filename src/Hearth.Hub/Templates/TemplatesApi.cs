using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Templates;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Devices;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Templates;

/// <summary>A template, and what it sees.</summary>
/// <param name="Template">Jinja2, as automations and MQTT discovery write it.</param>
/// <param name="Variables">By name: value_json, trigger, this and the like.</param>
/// <param name="States">Instead of the home's: by entity a state, or an object with state,
/// attributes and last_changed, last_updated, last_reported.</param>
/// <param name="Now">What now() answers, RFC 3339; left out, the time it is.</param>
/// <param name="TimeZone">Like Europe/Berlin; left out, the hub's.</param>
internal sealed record TemplateBody(
    string Template,
    JsonElement? Variables,
    JsonElement? States,
    DateTimeOffset? Now,
    string? TimeZone
);

/// <summary>What a template came to.</summary>
/// <param name="Result">With the type that Home Assistant gives it.</param>
/// <param name="Type">number, text, boolean, list, dict or none.</param>
/// <param name="Text">What it printed, without blanks around it.</param>
internal sealed record RenderedBody(JsonElement Result, string Type, string Text);

/// <summary>Templates: try one out.</summary>
internal static class TemplatesApi
{
    public static void MapTemplates(this IEndpointRouteBuilder routes) =>
        routes
            .MapGroup("/templates")
            .WithTags("Automations")
            .MapPost("/render", Render)
            .WithName("renderTemplate")
            .TakesJson<TemplateBody>()
            .Refuses(422, 503);

    /// <summary>Render a template.</summary>
    /// <remarks>
    /// With the home's states, or with those that are given. Nothing is changed by it. A template
    /// that cannot be read, fails, or takes more than it may is answered with the line and column
    /// where that happened.
    /// </remarks>
    internal static async Task<Results<Ok<RenderedBody>, Problem>> Render(
        HttpContext context,
        TimeProvider clock,
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

            var asked = TemplateReader.Read(document.RootElement, out problem);
            if (asked is null)
            {
                return problem!;
            }

            var seen = new TemplateContext
            {
                Variables = asked.Variables,
                Home = asked.Home ?? await HomeNowAsync(context.Home(), cancellationToken),
                Now = asked.Now ?? clock.GetUtcNow(),
                TimeZone = asked.TimeZone ?? clock.LocalTimeZone,
            };
            return Rendered(asked.Template, seen);
        }
    }

    private static Results<Ok<RenderedBody>, Problem> Rendered(
        string template,
        TemplateContext context
    )
    {
        try
        {
            var text = Template.Parse(template).Render(context).Trim();
            var result = TemplateValue.Read(text);
            return TypedResults.Ok(
                new RenderedBody(JsonElement.Parse(result.ToJson()), TypeOf(result), text)
            );
        }
        catch (TemplateException failure)
        {
            var place = new ProblemFault(Place.Pointer, "#/template", failure.Message);
            return new Problem(ProblemKinds.TemplateFailed, Sentence(failure), [place])
            {
                Line = failure.Line == 0 ? null : failure.Line,
                Column = failure.Column == 0 ? null : failure.Column,
            };
        }
    }

    private static string Sentence(TemplateException failure) =>
        failure.Line == 0
            ? failure.Message
            : $"Line {failure.Line}, column {failure.Column}: {failure.Message}";

    private static string TypeOf(TemplateValue result) =>
        result.Kind switch
        {
            TemplateKind.None => "none",
            TemplateKind.Bool => "boolean",
            TemplateKind.Whole or TemplateKind.Huge or TemplateKind.Real => "number",
            TemplateKind.List or TemplateKind.Tuple or TemplateKind.Set => "list",
            TemplateKind.Dict => "dict",
            _ => "text",
        };

    private static async Task<HomePicture> HomeNowAsync(
        HomeClient home,
        CancellationToken cancellationToken
    )
    {
        var devices = await home.Truths.DevicesAsync(home.Id, cancellationToken);
        var entities = await home.Truths.EntitiesAsync(home.Id, cancellationToken);
        var map = Rooms.Of(devices, await home.Truths.AreasAsync(home.Id, cancellationToken)).Map;
        var names = devices.ToDictionary(device => device.Id, NameOf);
        return new HomePicture(
            entities.Select(entity => StateOf(entity, names.GetValueOrDefault(entity.Device))),
            entities.Select(entity => new EntityEntry(entity.Id.Value)
            {
                DeviceId = entity.Device.Value,
                Name = EntityBody.Of(entity).Name,
            }),
            devices.Select(device => new DeviceEntry(device.Id.Value)
            {
                Name = AnnouncedNameOf(device),
                NameByUser = device.Says.Name,
                AreaId = DeviceBody.AreaOf(device),
                Labels = AreaMap.IdsOf(device.Says.Labels),
                Facts = FactsOf(device),
            })
        )
        {
            Areas = map.Areas,
            Floors = map.Floors,
            Labels = map.Labels,
        };
    }

    private static StateView StateOf(EntityRecord entity, string? device)
    {
        var body = EntityBody.Of(entity);
        var attributes = Attributes.FromJson(body.Attributes);
        if (attributes.Get("friendly_name") is null)
        {
            var names = new[] { device, body.Name }.Where(name => !string.IsNullOrEmpty(name));
            attributes = attributes.WithText("friendly_name", string.Join(' ', names));
        }

        return new StateView
        {
            EntityId = body.EntityId,
            State = body.State,
            Attributes = attributes,
            LastChanged = body.LastChanged,
            LastUpdated = body.LastChanged,
            LastReported = body.LastChanged,
            ContextId = body.Sequence,
        };
    }

    private static string NameOf(DeviceRecord device) =>
        device.Says.Name ?? AnnouncedNameOf(device);

    private static string AnnouncedNameOf(DeviceRecord device) =>
        FactsOf(device).TryGetValue("name", out var name) && name.IsText
            ? name.AsText
            : device.Id.Value;

    private static Dictionary<string, TemplateValue> FactsOf(DeviceRecord device) =>
        JsonElement
            .Parse(device.Description)
            .EnumerateObject()
            .ToDictionary(member => member.Name, member => TemplateValue.FromJson(member.Value));
}
