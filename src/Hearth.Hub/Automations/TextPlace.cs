using Hearth.Core;

namespace Hearth.Hub.Automations;

/// <summary>A place in a text that somebody wrote; both counted from 1.</summary>
internal readonly record struct TextPlace(int Line, int Column);

/// <summary>One thing that is wrong or doubtful in a text.</summary>
internal sealed record TextFault(TextPlace? At, Fault Fault);

/// <summary>Where each part of an automation was written, by its JSON pointer.</summary>
internal sealed class TextPlaces
{
    private readonly Dictionary<string, TextPlace> _places = new(StringComparer.Ordinal);

    public void Add(string pointer, TextPlace place) => _places.TryAdd(pointer, place);

    /// <summary>Where a part stands; of one that is missing, what it is missing in.</summary>
    public TextPlace? Of(string pointer)
    {
        while (true)
        {
            if (_places.TryGetValue(pointer, out var place))
            {
                return place;
            }

            if (pointer.Length == 0)
            {
                return null;
            }

            pointer = pointer[..Math.Max(0, pointer.LastIndexOf('/'))];
        }
    }

    public TextFault Locate(Fault fault) => new(Of(fault.Pointer), fault);
}
