using Hearth.Core.Devices;

namespace Hearth.Core.Automations;

/// <summary>
/// Reads the names of entities, devices and areas, and warns of those that the home does not have.
/// </summary>
internal sealed class NameCheck(FieldReader fields, HomeNames? home)
{
    /// <summary>The entities that <c>entity_id</c> names: one, a list, or one text with commas.
    /// </summary>
    public IReadOnlyList<EntityId> Entities(Node node, bool required = true)
    {
        var value = node.Member("entity_id");
        if (required && !value.Items().Any())
        {
            fields.Fault(value, "is missing; name an entity, such as light.desk");
        }

        var entities = new List<EntityId>();
        foreach (var item in fields.Scalars(value))
        {
            foreach (var name in (fields.Filled(item) ?? "").Split(','))
            {
                if (Entity(item, name) is { } entity && !entities.Contains(entity))
                {
                    entities.Add(entity);
                }
            }
        }

        return entities;
    }

    /// <summary>One entity; a fault where the text is no entity's id.</summary>
    public EntityId? Entity(Node at, string written)
    {
        var name = written.Trim().ToLowerInvariant();
        if (!IsId(name))
        {
            var why = IsRegistryId(name)
                ? $"is {name}, a number that only one installation of Home Assistant knows; write"
                    + " the entity's id"
                : $"is '{written.Trim()}', which is no entity id; write one";
            fields.Fault(at, why + ", such as light.desk");
            return null;
        }

        Mentioned(at.Pointer, name);
        return new EntityId(name);
    }

    /// <summary>Warns of an entity that the home does not have.</summary>
    public void Mentioned(string pointer, string name)
    {
        if (home is not null && !home.Entities.Contains(name))
        {
            fields.Warn(
                pointer,
                $"There is no entity {name} yet",
                Suggestion.For(name, home.Entities.Order(StringComparer.Ordinal))
            );
        }
    }

    public void Device(Node at, string name)
    {
        if (home is not null && !home.Devices.Contains(name))
        {
            fields.Warn(
                at,
                $"There is no device {name} yet",
                Suggestion.For(name, home.Devices.Order(StringComparer.Ordinal))
            );
        }
    }

    public void Area(Node at, string name)
    {
        if (home?.Areas is { } areas && !areas.Contains(name))
        {
            fields.Warn(
                at,
                $"There is no area {name} yet",
                Suggestion.For(name, areas.Order(StringComparer.Ordinal))
            );
        }
    }

    /// <summary>Warns of an action that the home cannot carry out.</summary>
    public void Action(Node at, string action)
    {
        if (home?.Actions.Contains(action) == true || KnownActions.WhyNot(action) is not { } why)
        {
            return;
        }

        string[] own = home is null ? [] : [.. home.Actions.Order(StringComparer.Ordinal)];
        var meant = KnownActions.IsKnownWord(action)
            ? null
            : Suggestion.For(action, KnownActions.All.Concat(own));
        fields.Warn(at, why, meant);
    }

    /// <summary>True for a domain and a name: <c>light.desk</c>.</summary>
    public static bool IsId(string text) =>
        text.Split('.') is [{ Length: > 0 }, { Length: > 0 }]
        && text.All(letter =>
            char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' or '.'
        );

    private static bool IsRegistryId(string text) =>
        text.Length == 32 && text.All(char.IsAsciiHexDigit);
}
