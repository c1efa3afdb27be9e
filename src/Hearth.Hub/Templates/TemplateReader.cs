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

    private readonly List<Fault> _faults = [];

    public static AskedTemplate? Read(JsonElement json, out Problem? problem)
    {
        var reader = new TemplateReader();
        var asked = reader.Read(json);
        problem = reader._faults.Count == 0 ? null : Problem.Invalid(reader._faults);
        return problem is null ? asked : null;
    }

    private AskedTemplate? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Fault("", "Expected an object with template, like {\"template\": \"{{ 1 + 1 }}\"}.");
            return null;
        }

        RefuseUnknown(json, "", Known);
        var template = Text(json, "", "template");
        if (template is null && !json.TryGetProperty("template", out _))
        {
            Fault("/template", "template is missing; write it as text.");
        }

        return new AskedTemplate(
            template ?? "",
            Variables(json),
            Home(json),
            Time(json, "", "now"),
            Zone(json)
        );
    }

    private TemplateVariables Variables(JsonElement json)
    {
        var variables = new TemplateVariables();
        if (!IsGiven(json, "variables", out var given))
        {
            return variables;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            Fault("/variables", "Expected an object, the variables by name.");
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
        if (!IsGiven(json, "states", out var given))
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

        Fault("/states", "Expected the states by entity, like {\"sensor.outside\": \"7.5\"}.");
        return null;
    }

    private StateView? State(string? entityId, JsonElement json, string pointer)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            var value = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
            if (entityId is null || value is null)
            {
                Fault(pointer, "Expected the state as text, or an object with state.");
                return null;
            }

            return Named(entityId, pointer)
                ? new StateView { EntityId = entityId, State = value }
                : null;
        }

        RefuseUnknown(json, pointer, KnownOfStates);
        entityId ??= Text(json, pointer, "entity_id");
        var state = Text(json, pointer, "state");
        var changed = Time(json, pointer, "last_changed") ?? DateTimeOffset.UnixEpoch;
        var updated = Time(json, pointer, "last_updated") ?? changed;
        if (!IsGiven(json, "state", out _))
        {
            Fault($"{pointer}/state", "state is missing; write it as text.");
        }

        if (!Named(entityId, pointer) || state is null)
        {
            return null;
        }

        return new StateView
        {
            EntityId = entityId!,
            State = state,
            Attributes = AttributesOf(json, pointer),
            LastChanged = changed,
            LastUpdated = updated,
            LastReported = Time(json, pointer, "last_reported") ?? updated,
        };
    }

    private bool Named(string? entityId, string pointer)
    {
        var isId =
            entityId is not null && entityId.Split('.') is [{ Length: > 0 }, { Length: > 0 }];
        if (!isId)
        {
            Fault(pointer, $"\"{entityId}\" is no id of an entity; write it like sensor.outside.");
        }

        return isId;
    }

    private Attributes AttributesOf(JsonElement json, string pointer)
    {
        if (!IsGiven(json, "attributes", out var given))
        {
            return Attributes.Empty;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            Fault($"{pointer}/attributes", "Expected an object, the attributes by name.");
        }

        return Attributes.FromJson(given);
    }

    private DateTimeOffset? Time(JsonElement json, string pointer, string name)
    {
        if (Text(json, pointer, name) is not { } text)
        {
            return null;
        }

        var isTime = DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        );
        if (!isTime || time.Year is < 2 or > 9998)
        {
            Fault($"{pointer}/{name}", $"\"{text}\" is no time; write 2026-01-02T03:04:05Z.");
            return null;
        }

        return time;
    }

    private TimeZoneInfo? Zone(JsonElement json)
    {
        if (Text(json, "", "time_zone") is not { } name)
        {
            return null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }

        Fault("/time_zone", $"There is no time zone \"{name}\"; write it like Europe/Berlin.");
        return null;
    }

    private string? Text(JsonElement json, string pointer, string name)
    {
        if (!IsGiven(json, name, out var given))
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.String)
        {
            Fault($"{pointer}/{name}", "Expected a text.");
            return null;
        }

        try
        {
            return given.GetString();
        }
        catch (InvalidOperationException)
        {
            Fault($"{pointer}/{name}", "Half of a surrogate pair is no text.");
            return null;
        }
    }

    private static bool IsGiven(JsonElement json, string name, out JsonElement given) =>
        json.TryGetProperty(name, out given) && given.ValueKind != JsonValueKind.Null;

    private void RefuseUnknown(JsonElement json, string pointer, string[] known)
    {
        foreach (var name in json.EnumerateObject().Select(member => member.Name).Except(known))
        {
            Fault(
                $"{pointer}/{name}",
                $"There is no {name} here; there are {string.Join(", ", known)}."
            );
        }
    }

    private void Fault(string pointer, string detail) => _faults.Add(new Fault(pointer, detail));
}
