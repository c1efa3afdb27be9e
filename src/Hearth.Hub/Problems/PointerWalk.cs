using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Hub.Problems;

/// <summary>Follows a reader through JSON and knows the pointer to where it is (RFC 6901).
/// </summary>
internal sealed class PointerWalk
{
    private readonly Stack<(string Pointer, int Index)> _parents = new();
    private string? _member;

    /// <summary>The pointer to what the reader has come to; to the end of a list or an object, that
    /// of the whole.</summary>
    /// <param name="isNoText">True for a name that cannot be read: then it is the pointer to the
    /// object that the name is in.</param>
    public string Next(ref Utf8JsonReader reader, bool isNoText = false)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                return _parents.Pop().Pointer;
            case JsonTokenType.PropertyName:
                var parent = _parents.Peek().Pointer;
                return _member = isNoText
                    ? parent
                    : $"{parent}/{JsonText.PointerStep(reader.GetString()!)}";
        }

        var pointer = _member ?? Item();
        _member = null;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            _parents.Push((pointer, 0));
        }

        return pointer;
    }

    private string Item()
    {
        if (!_parents.TryPop(out var list))
        {
            return "";
        }

        _parents.Push((list.Pointer, list.Index + 1));
        return $"{list.Pointer}/{list.Index}";
    }
}
