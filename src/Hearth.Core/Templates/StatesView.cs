namespace Hearth.Core.Templates;

/// <summary>
/// What <c>states</c> and <c>states.sensor</c> are: all states of a home, or those of one domain.
/// </summary>
internal sealed class StatesView(IHomeView home, string? domain = null)
{
    public IHomeView Home => home;

    public string? Domain => domain;

    public override string ToString() =>
        domain is null ? "<template AllStates>" : $"<template DomainStates('{domain}')>";

    public TemplateValue[] All() =>
        [
            .. home
                .States.Where(state => domain is null || state.Domain == domain)
                .Select(TemplateValue.From),
        ];

    /// <summary>
    /// <c>states.sensor</c> is a domain, <c>states['sensor.x']</c> and <c>states.sensor.x</c> are
    /// states; an entity that is not there is none.
    /// </summary>
    public TemplateValue Member(string name)
    {
        bool isEntityId = name.Contains('.', StringComparison.Ordinal);
        if (domain is null && !isEntityId)
        {
            return IsName(name)
                ? TemplateValue.From(new StatesView(home, name))
                : throw new TemplateException($"'{name}' is no domain of entities.");
        }
        return home.State(domain is null ? name : $"{domain}.{name}") is { } state
            ? TemplateValue.From(state)
            : TemplateValue.None;
    }

    private static bool IsName(string name) =>
        name.Length > 0
        && name.All(c => c == '_' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}

/// <summary>What the state of an entity has.</summary>
internal static class StateMembers
{
    public static bool TryGet(StateView state, string name, out TemplateValue value)
    {
        TemplateValue? found = name switch
        {
            "state" => TemplateValue.From(state.State),
            "attributes" => TemplateValue.From(state.AttributeDict),
            "entity_id" => TemplateValue.From(state.EntityId),
            "domain" => TemplateValue.From(state.Domain),
            "object_id" => TemplateValue.From(state.ObjectId),
            "name" => TemplateValue.From(state.Name),
            "state_with_unit" => TemplateValue.From(WithUnit(state, state.State)),
            "last_changed" => TemplateValue.From(state.LastChanged),
            "last_updated" => TemplateValue.From(state.LastUpdated),
            "last_reported" => TemplateValue.From(state.LastReported),
            "last_changed_timestamp" => Timestamp(state.LastChanged),
            "last_updated_timestamp" => Timestamp(state.LastUpdated),
            "last_reported_timestamp" => Timestamp(state.LastReported),
            "context" => Context(state),
            _ => null,
        };
        value = found ?? default;
        return found is not null;
    }

    /// <summary>A value with the unit of measurement behind it, where the state has one.</summary>
    public static string WithUnit(StateView state, string value) =>
        state.TryAttribute("unit_of_measurement", out var unit) && !unit.IsNone
            ? $"{value} {unit}"
            : value;

    private static TemplateValue Timestamp(DateTimeOffset time) =>
        TemplateValue.From(PythonTime.Timestamp(time));

    private static TemplateValue Context(StateView state)
    {
        var context = new TemplateDict(3);
        context.Set("id", TextOrNone(state.ContextId));
        context.Set("parent_id", TextOrNone(state.ContextParentId));
        context.Set("user_id", TextOrNone(state.ContextUserId));
        return TemplateValue.From(context);
    }

    private static TemplateValue TextOrNone(string? text) =>
        text is null ? TemplateValue.None : TemplateValue.From(text);
}
