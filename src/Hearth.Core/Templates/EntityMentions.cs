namespace Hearth.Core.Templates;

/// <summary>
/// The entities that a template asks for by name, written out: <c>states('sensor.x')</c>,
/// <c>'sensor.x' is is_state('on')</c>, <c>states.sensor.x</c>. What is worked out is not guessed
/// at, and what the template asks <c>has_value</c> of may be absent: it comes to terms with that.
/// </summary>
internal sealed class EntityMentions
{
    private const string States = "states";

    private static readonly HashSet<string> Asking = new(StringComparer.Ordinal)
    {
        States,
        "state_attr",
        "is_state",
        "is_state_attr",
        "state_translated",
    };

    // Most templates of devices name none.
    private HashSet<string>? _named;
    private HashSet<string>? _spared;
    private HashSet<string>? _own;

    /// <summary>In the order of their letters.</summary>
    public IReadOnlyList<string> All =>
        _named is null
            ? []
            :
            [
                .. _named
                    .Where(name => _spared?.Contains(name) != true)
                    .Order(StringComparer.Ordinal),
            ];

    /// <summary>A name that the template gives a meaning of its own.</summary>
    public void Defines(string name)
    {
        if (name == States || Asking.Contains(name))
        {
            (_own ??= []).Add(name);
        }
    }

    /// <summary>Looks at a part of the template that has just been read.</summary>
    public void See(Expression part)
    {
        switch (part)
        {
            case Call { Target: NameLookup { Name: var name } } call:
                Ask(name, call.Arguments.First("entity_id"));
                break;
            case FilterCall { Filter.Name: var name } call:
                Ask(name, call.Target);
                break;
            case TestCall { Test.Name: var name } call:
                Ask(name, call.Target);
                break;
            case Subscript { Target: NameLookup { Name: States }, Index: var index }:
                Ask(States, index);
                break;
            case AttributeAccess { Target: AttributeAccess domain, Name: var name }
                when domain.Target is NameLookup { Name: States } && IsFree(States):
                (_named ??= []).Add($"{domain.Name}.{name}");
                break;
            // A method of the domain, no entity of it.
            case Call { Target: AttributeAccess { Target: AttributeAccess domain } method }
                when domain.Target is NameLookup { Name: States }:
                _named?.Remove($"{domain.Name}.{method.Name}");
                break;
        }
    }

    private void Ask(string function, Expression? whom)
    {
        if (whom is not Literal { Value: { IsText: true, AsText: var entity } })
        {
            return;
        }

        if (function == "has_value")
        {
            (_spared ??= []).Add(entity);
        }
        else if (Asking.Contains(function) && IsFree(function))
        {
            (_named ??= []).Add(entity);
        }
    }

    private bool IsFree(string name) => _own?.Contains(name) != true;
}
