using System.Text.Json;

namespace Hearth.Core.Tests.Discovery;

/// <summary>
/// The messages of real devices, one case a line. They are not part of the repository: the folder
/// is named by HEARTH_CORPUS or lies as shared/corpus beside one of the folders above.
/// </summary>
internal static class Corpus
{
    private static readonly string? Folder = Find();

    /// <summary>
    /// Every case of every file; skips the test that asks where there is no corpus.
    /// </summary>
    public static IEnumerable<JsonElement> Cases()
    {
        Assert.SkipWhen(Folder is null, "There is no folder with the messages of real devices.");
        foreach (string file in Directory.EnumerateFiles(Folder, "*.jsonl").Order())
        {
            foreach (string line in File.ReadLines(file))
            {
                yield return JsonElement.Parse(line);
            }
        }
    }

    /// <summary>A payload as it is sent: text as it is, anything else as compact JSON.</summary>
    public static string PayloadText(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.String
            ? payload.GetString()!
            : JsonSerializer.Serialize(payload, AsSent);

    private static readonly JsonSerializerOptions AsSent = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("HEARTH_CORPUS");
        if (named is not null)
        {
            return Directory.Exists(named) ? named : null;
        }
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        for (; folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "corpus");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }
        return null;
    }
}
