using Hearth.Core.Devices;

namespace Hearth.Core.Templates;

/// <summary>The functions, filters and tests that ask for states.</summary>
internal static class StateFunctions
{
    /// <summary><c>states('sensor.x')</c>: the state, <c>unknown</c> where there is none.</summary>
    public static TemplateFunction States { get; } =
        new("states", "entity_id rounded with_unit", StateOf);

    /// <summary>Those that stand as a filter and as a function alike.</summary>
    public static (string Name, string Parameters, FunctionBody Body)[] Shared { get; } =
    [
        ("state_attr", "entity_id name", StateAttr),
        ("has_value", "entity_id", HasValue),
        ("expand", "*", Expand),
        ("state_translated", "entity_id", StateOf),
    ];

    /// <summary>Those that are tests.</summary>
    public static (string Name, string Parameters, FunctionBody Body)[] Tests { get; } =
    [
        ("is_state", "entity_id state", IsState),
        ("is_state_attr", "entity_id name value", IsStateAttr),
        ("has_value", "entity_id", HasValue),
    ];

    private static TemplateValue StateOf(Frame frame, Arguments a)
    {
        if (Find(frame, a) is not { } state)
        {
            return TemplateValue.From(EntityState.Unknown);
        }
        return TemplateValue.From(
            a.Flag(2) ? StateMembers.WithUnit(state, state.State) : state.State
        );
    }

    private static TemplateValue StateAttr(Frame frame, Arguments a) =>
        Find(frame, a) is { } state && state.TryAttribute(a.Text(1), out var value)
            ? value
            : TemplateValue.None;

    private static TemplateValue HasValue(Frame frame, Arguments a) =>
        TemplateValue.From(Find(frame, a) is { HasValue: true });

    private static TemplateValue IsState(Frame frame, Arguments a)
    {
        if (Find(frame, a) is not { } found)
        {
            return TemplateValue.False;
        }
        var state = TemplateValue.From(found.State);
        return TemplateValue.From(
            state.Equals(a[1])
                || (a[1].Kind == TemplateKind.List && PythonCompare.Contains(a[1], state))
        );
    }

    private static TemplateValue IsStateAttr(Frame frame, Arguments a) =>
        TemplateValue.From(
            Find(frame, a) is { } state
                && state.TryAttribute(a.Text(1), out var value)
                && value.Equals(a[2])
        );

    // Groups give what they hold, and the rest comes once. Home Assistant works from the end.
    private static TemplateValue Expand(Frame frame, Arguments a)
    {
        var search = new Stack<TemplateValue>(a.From(0));
        var found = new List<TemplateValue>();
        var seen = new HashSet<string>();
        while (search.TryPop(out var next))
        {
            frame.Charge(1);
            var state = next.Kind switch
            {
                TemplateKind.Text => frame.Context.Home.State(next.AsText),
                TemplateKind.State => next.AsState,
                _ => null,
            };
            if (state is null && !next.IsText && Iteration.IsPossible(next))
            {
                Array.ForEach(Iteration.Of(frame, next), search.Push);
            }
            else if (state is not null && seen.Add(state.EntityId))
            {
                if (Members(state) is { } members)
                {
                    Array.ForEach(Iteration.Of(frame, members), search.Push);
                }
                else
                {
                    found.Add(TemplateValue.From(state));
                }
            }
        }
        return TemplateValue.List([.. found]);
    }

    // A group says who is in it by its attribute entity_id, a zone by persons.
    private static TemplateValue? Members(StateView state)
    {
        string? attribute = state.Domain switch
        {
            "group" => "entity_id",
            "zone" => "persons",
            _ => null,
        };
        if (attribute is null)
        {
            return null;
        }
        return state.TryAttribute(attribute, out var members) && Iteration.IsPossible(members)
            ? members
            : TemplateValue.List();
    }

    private static StateView? Find(Frame frame, Arguments a) =>
        a[0].IsText ? frame.Context.Home.State(a[0].AsText)
        : a[0].Kind == TemplateKind.State ? a[0].AsState
        : null;
}
