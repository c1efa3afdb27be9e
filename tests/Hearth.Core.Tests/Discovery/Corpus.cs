using System.Text.Json;
using System.Text.RegularExpressions;
using Hearth.Core.Events;

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

    /// <summary>True where these messages, in this order, are what was wanted.</summary>
    public static bool Equal(JsonElement wanted, IReadOnlyList<MessagePublished> sent) =>
        wanted.GetArrayLength() == sent.Count
        && wanted.EnumerateArray().Zip(sent).All(pair => Equal(pair.First, pair.Second));

    /// <summary>Equal as JSON, numbers within a tolerance.</summary>
    public static bool SameJson(JsonElement left, JsonElement right, double within = 1e-6) =>
        (left.ValueKind, right.ValueKind) switch
        {
            (JsonValueKind.Number, JsonValueKind.Number) => Math.Abs(
                left.GetDouble() - right.GetDouble()
            )
                <= within * Math.Max(1, within >= 1 ? 1 : Math.Abs(left.GetDouble())),
            (JsonValueKind.Array, JsonValueKind.Array) => left.GetArrayLength()
                == right.GetArrayLength()
                && left.EnumerateArray()
                    .Zip(right.EnumerateArray())
                    .All(pair => SameJson(pair.First, pair.Second, within)),
            (JsonValueKind.Object, JsonValueKind.Object) => left.EnumerateObject().Count()
                == right.EnumerateObject().Count()
                && left.EnumerateObject()
                    .All(member =>
                        right.TryGetProperty(member.Name, out var other)
                        && SameJson(member.Value, other, within)
                    ),
            _ => JsonElement.DeepEquals(left, right),
        };

    private static bool Equal(JsonElement wanted, MessagePublished sent)
    {
        var qos = wanted.TryGetProperty("qos", out var level) ? level.GetInt32() : 0;
        var retain = wanted.TryGetProperty("retain", out var flag) && flag.GetBoolean();
        return wanted.GetProperty("topic").GetString() == sent.Topic
            && qos == sent.Qos
            && retain == sent.Retain
            && HasPayload(wanted, sent.Payload);
    }

    private static bool HasPayload(JsonElement wanted, Payload sent)
    {
        if (wanted.TryGetProperty("payload_contains", out var least))
        {
            return least
                .EnumerateObject()
                .All(member =>
                    sent.Json.TryGetProperty(member.Name, out var value)
                    && SameJson(member.Value, value)
                );
        }

        if (wanted.TryGetProperty("payload_re", out var pattern))
        {
            return Regex.IsMatch(
                sent.Text!,
                $"^(?:{pattern.GetString()})$",
                RegexOptions.NonBacktracking
            );
        }

        return wanted.GetProperty("payload") is var payload
            && (payload.ValueKind == JsonValueKind.Null || SamePayload(payload, sent));
    }

    private static bool SamePayload(JsonElement wanted, Payload sent)
    {
        var payload = Payload.FromText(PayloadText(wanted));
        var areJson =
            payload.Json.ValueKind != JsonValueKind.Undefined
            && sent.Json.ValueKind != JsonValueKind.Undefined;
        return areJson ? SameJson(payload.Json, sent.Json) : payload.Text == sent.Text;
    }

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
