using System.Text;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Events;

namespace Hearth.Hub.Problems;

/// <summary>A name or a text in JSON that has half of a surrogate pair in it.</summary>
/// <param name="Pointer">Where it stands. A name that is no text cannot stand in a pointer: this is
/// the object that it is in.</param>
/// <param name="Index">The byte at which it begins.</param>
internal readonly record struct HalfPair(string Pointer, int Index)
{
    public Fault Fault =>
        new(
            Pointer,
            "Half of a surrogate pair (\\ud800 to \\udfff) is no text; write the whole character."
        );
}

/// <summary>
/// Finds halves of surrogate pairs. The grammar of JSON takes <c>"\ud800"</c>, but it is text to
/// nobody: whoever reads it gets an exception, wherever that may be.
/// </summary>
internal static class HalfPairs
{
    /// <param name="json">Valid JSON in UTF-8 of at most <see cref="JsonBody.DepthMax"/> levels.
    /// </param>
    /// <returns>No more than an answer lists, and one to show that there are more.</returns>
    public static IReadOnlyList<HalfPair> Find(ReadOnlySpan<byte> json)
    {
        // UTF-8 has no surrogates, so half of a pair can only be written as an escape.
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return [];
        }

        var found = new List<HalfPair>();
        var reader = new Utf8JsonReader(
            json,
            new JsonReaderOptions { MaxDepth = JsonBody.DepthMax }
        );
        var walk = new PointerWalk();
        while (reader.Read() && found.Count <= Problem.FaultsMax)
        {
            var isHalf =
                reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                && reader.ValueIsEscaped
                && !JsonText.IsText(Encoding.UTF8.GetString(reader.ValueSpan));
            var pointer = walk.Next(ref reader, isHalf);
            if (isHalf)
            {
                found.Add(new HalfPair(pointer, (int)reader.TokenStartIndex));
            }
        }

        return found;
    }
}
