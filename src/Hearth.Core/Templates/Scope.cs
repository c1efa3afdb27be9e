namespace Hearth.Core.Templates;

/// <summary>
/// The names that one block, loop or macro has set. Names of outer scopes are seen through it but
/// never set by it, which is why a loop cannot change what stands before it.
/// </summary>
internal sealed class Scope(Scope? outer)
{
    private (string Name, TemplateValue Value)[] _names = [];
    private int _count;

    public Scope? Outer => outer;

    /// <summary>True once a macro was made in it, which may read it when it is left.</summary>
    public bool IsKept { get; private set; }

    public bool TryGet(string name, out TemplateValue value)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            for (int i = 0; i < scope._count; i++)
            {
                if (scope._names[i].Name == name)
                {
                    value = scope._names[i].Value;
                    return true;
                }
            }
        }
        value = default;
        return false;
    }

    public void Set(string name, TemplateValue value)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_names[i].Name == name)
            {
                _names[i].Value = value;
                return;
            }
        }
        if (_count == _names.Length)
        {
            Array.Resize(ref _names, Math.Max(4, _count * 2));
        }
        _names[_count++] = (name, value);
    }

    /// <summary>Forgets all names, for the next round of a loop.</summary>
    public void Clear() => _count = 0;

    public void Keep()
    {
        for (var scope = this; scope is not null && !scope.IsKept; scope = scope.Outer)
        {
            scope.IsKept = true;
        }
    }
}
