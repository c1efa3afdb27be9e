using System.Text.Json;

namespace Hearth.Hub.Problems;

/// <summary>JSON that the hub wrote itself and answers with. It holds what came from outside, at
/// most 64 levels deep, and nests further.</summary>
internal static class AnswerJson
{
    /// <summary>How deep an answer may be: what an event led to is a tree, and a chain of 300
    /// events takes two levels for each.</summary>
    public const int DepthMax = 1_024;

    public static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax };

    public static JsonElement Parse(string json) => JsonElement.Parse(json, Options);

    public static JsonElement Parse(ReadOnlySpan<byte> json) => JsonElement.Parse(json, Options);
}
