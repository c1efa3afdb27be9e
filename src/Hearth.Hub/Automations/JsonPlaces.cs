using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Hub.Automations;

/// <summary>Finds where each part of a JSON text stands.</summary>
internal static class JsonPlaces
{
    /// <param name="json">Valid JSON.</param>
    public static TextPlaces Find(ReadOnlySpan<byte> json)
    {
        var places = new TextPlaces();
        var reader = new Utf8JsonReader(json);
        var counter = new LineCounter(json);
        var parents = new Stack<(string Pointer, int Index)>();
        string? member = null;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                parents.Pop();
                continue;
            }

            var at = counter.PlaceOf((int)reader.TokenStartIndex);
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                member = $"{parents.Peek().Pointer}/{JsonText.PointerStep(reader.GetString()!)}";
                places.Add(member, at);
                continue;
            }

            var pointer = member ?? Next(parents);
            member = null;
            places.Add(pointer, at);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                parents.Push((pointer, 0));
            }
        }

        return places;
    }

    private static string Next(Stack<(string Pointer, int Index)> parents)
    {
        if (!parents.TryPop(out var parent))
        {
            return "";
        }

        parents.Push((parent.Pointer, parent.Index + 1));
        return $"{parent.Pointer}/{parent.Index}";
    }

    /// <summary>Counts lines forwards, each byte looked at once.</summary>
    private ref struct LineCounter(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _line = 1;
        private int _lineStart;
        private int _at;

        public TextPlace PlaceOf(int index)
        {
            for (; _at < index; _at++)
            {
                if (_text[_at] == (byte)'\n')
                {
                    _line++;
                    _lineStart = _at + 1;
                }
            }

            var before = _text[_lineStart..index];
            return new TextPlace(_line, System.Text.Encoding.UTF8.GetCharCount(before) + 1);
        }
    }
}
