using System.Globalization;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Devices;
using Hearth.Core.Templates;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Templates;

/// <summary>A request to render a template, as it was read.</summary>
internal sealed record AskedTemplate(
    string Template,
    TemplateVariables Variables,
    HomePicture? Home,
    DateTimeOffset? Now,
    TimeZoneInfo? TimeZone
);

/// <summary>Reads a <see cref="TemplateBody"/> and says everything that is wrong with it.</summary>
internal sealed class TemplateReader
{
    private static readonly string[] Known =
    [
        "template",
        "variables",
        "states",
        "now",
        "time_zone",
    ];

    private static readonly string[] KnownOfStates =
    [
        "entity_id",
        "state",
        "attributes",
        "last_changed",
        "last_updated",
        "last_reported",
        "context",
    ];

    private readonly BodyReader _body = new();

    public static AskedTemplate? Read(JsonElement json, out Problem? problem)
    {
        var reader = new TemplateReader();
        var asked = reader.Read(json);
        var faults = reader._body.Faults;
        problem = faults.Count == 0 ? null : Problem.Invalid(faults);
        return problem is null ? asked : null;
    }

    private AskedTemplate? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            _body.Fault(
                "",
                "Expected an object with template, like {\"template\": \"{{ 1 + 1 }}\"}."
            );
            return null;
        }

        _body.RefuseUnknown(json, "", Known);
        var template = _body.Text(json, "", "template");
        if (template is null && !json.TryGetProperty("template", out _))
        {
            _body.Fault("/template", "template is missing; write it as text.");
        }

        return new AskedTemplate(
            template ?? "",
            Variables(json),
            Home(json),
            _body.Time(json, "", "now"),
            Zone(json)
        );
    }

    private TemplateVariables Variables(JsonElement json)
    {
        var variables = new TemplateVariables();
        if (!BodyReader.IsGiven(json, "variables", out var given))
        {
            return variables;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            _body.Fault("/variables", "Expected an object, the variables by name.");
            return variables;
        }

        foreach (var member in given.EnumerateObject())
        {
            // The request is let go of before a template would ask.
            variables[member.Name] = TemplateValue.FromJson(member.Value);
        }

        return variables;
    }

    private HomePicture? Home(JsonElement json)
    {
        if (!BodyReader.IsGiven(json, "states", out var given))
        {
            return null;
        }

        if (given.ValueKind == JsonValueKind.Object)
        {
            var members = given.EnumerateObject();
            return new HomePicture(
                members
                    .Select(m => State(m.Name, m.Value, $"/states/{m.Name}"))
                    .OfType<StateView>()
                    .ToArray()
            );
        }

        if (given.ValueKind == JsonValueKind.Array)
        {
            return new HomePicture(
                given
                    .EnumerateArray()
                    .Select((item, i) => State(null, item, $"/states/{i}"))
                    .OfType<StateView>()
                    .ToArray()
            );
        }

        _body.Fault(
            "/states",
            "Expected the states by entity, like {\"sensor.outside\": \"7.5\"}."
        );
        return null;
    }

    private StateView? State(string? entityId, JsonElement json, string pointer)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            var value = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
            if (entityId is null || value is null)
            {
                _body.Fault(pointer, "Expected the state as text, or an object with state.");
                return null;
            }

            return _body.IsEntity(entityId, pointer)
                ? new StateView { EntityId = entityId, State = value }
                : null;
        }

        _body.RefuseUnknown(json, pointer, KnownOfStates);
        entityId ??= _body.Text(json, pointer, "entity_id");
        var state = _body.Text(json, pointer, "state");
        var changed = _body.Time(json, pointer, "last_changed") ?? DateTimeOffset.UnixEpoch;
        var updated = _body.Time(json, pointer, "last_updated") ?? changed;
        if (!BodyReader.IsGiven(json, "state", out _))
        {
            _body.Fault($"{pointer}/state", "state is missing; write it as text.");
        }

        if (!_body.IsEntity(entityId, pointer) || state is null)
        {
            return null;
        }

        return new StateView
        {
            EntityId = entityId!,
            State = state,
            Attributes = _body.AttributesOf(json, pointer),
            LastChanged = changed,
            LastUpdated = updated,
            LastReported = _body.Time(json, pointer, "last_reported") ?? updated,
        };
    }

    private TimeZoneInfo? Zone(JsonElement json)
    {
        if (_body.Text(json, "", "time_zone") is not { } name)
        {
            return null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }

        _body.Fault(
            "/time_zone",
            $"There is no time zone \"{name}\"; write it like Europe/Berlin."
        );
        return null;
    }
}
