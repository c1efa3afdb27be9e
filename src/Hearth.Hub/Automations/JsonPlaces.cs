using System.Text.Json;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Automations;

/// <summary>Finds where each part of a JSON text stands.</summary>
internal static class JsonPlaces
{
    /// <param name="json">Valid JSON without <see cref="HalfPairs"/>.</param>
    public static TextPlaces Find(ReadOnlySpan<byte> json)
    {
        var places = new TextPlaces();
        var reader = new Utf8JsonReader(json);
        var counter = new LineCounter(json);
        var walk = new PointerWalk();
        while (reader.Read())
        {
            var pointer = walk.Next(ref reader);
            if (reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
            {
                places.Add(pointer, counter.PlaceOf((int)reader.TokenStartIndex));
            }
        }

        return places;
    }

    /// <summary>Where a byte of a text stands.</summary>
    public static TextPlace At(ReadOnlySpan<byte> json, int index) =>
        new LineCounter(json).PlaceOf(index);

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
