using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Hearth.Core;
using Hearth.Core.Automations;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Automations;

/// <summary>An automation as somebody wrote it, YAML or JSON, and what it says as JSON.</summary>
/// <param name="Definition">A JSON object; null where the text cannot be read.</param>
/// <param name="Source">The YAML as it was written; null for JSON.</param>
/// <param name="Unreadable">Why the text cannot be read; nothing where it can be.</param>
internal sealed record AutomationText(
    string? Definition,
    string? Source,
    TextPlaces Places,
    IReadOnlyList<TextFault> Unreadable
)
{
    public const string Yaml = "application/yaml";

    private bool IsJson { get; init; }

    /// <summary>True where it is neither YAML nor JSON, whatever it may say.</summary>
    private bool IsMalformed { get; init; }

    /// <summary>The content types that are taken.</summary>
    public static readonly string[] MediaTypes =
    [
        "application/json",
        Yaml,
        "text/yaml",
        "application/x-yaml",
    ];

    public static bool IsYaml(string media) =>
        MediaTypes.Skip(1).Contains(media, StringComparer.OrdinalIgnoreCase);

    /// <summary>True where the caller would rather have YAML than JSON.</summary>
    public static bool IsYamlWanted(HttpRequest request)
    {
        var wanted = request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1);
        return wanted.FirstOrDefault() is { MediaType.Value: { } media } && IsYaml(media);
    }

    /// <summary>The body of a request, or the problem with it.</summary>
    public static async Task<(AutomationText? Text, Problem? Problem)> ReadAsync(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var contentType = context.Request.ContentType;
        var media = JsonBody.Media(contentType);
        if (!MediaTypes.Contains(media, StringComparer.OrdinalIgnoreCase))
        {
            return (null, JsonBody.NotTaken(contentType, "application/json or application/yaml"));
        }

        var body = await JsonBody.ReadAsync(context, JsonBody.BytesMax, cancellationToken);
        return (Read(body, IsYaml(media)), null);
    }

    /// <summary>The answer to a text that cannot be read.</summary>
    public Problem Problem() =>
        IsJson && IsMalformed
            ? new Problem(
                ProblemKinds.MalformedJson,
                $"At line {Unreadable[0].At!.Value.Line}, byte {Unreadable[0].At!.Value.Column}: "
                    + Unreadable[0].Fault.Detail
            )
            : Problems.Problem.Listing(
                IsMalformed ? ProblemKinds.MalformedYaml : ProblemKinds.Invalid,
                [.. Unreadable.Select(fault => InText(fault))]
            );

    /// <summary>The answer to an automation that was refused, with lines and columns.</summary>
    /// <param name="inside">Where in the body the automation stands.</param>
    public Problem Problem(Refusal refusal, string inside = "") =>
        refusal.Kind == RefusalKind.Invalid && refusal.Faults.Count > 0
            ? Problems.Problem.Invalid([
                .. refusal.Faults.Select(fault => InText(Places.Locate(fault), inside)),
            ])
            : Problems.Problem.Of(refusal);

    private static ProblemFault InText(TextFault fault, string inside = "") =>
        Problems.Problem.InBody(fault.Fault with { Pointer = inside + fault.Fault.Pointer }) with
        {
            Line = fault.At?.Line,
            Column = fault.At?.Column,
        };

    /// <summary>Reads YAML or JSON.</summary>
    public static AutomationText Read(ReadOnlyMemory<byte> body, bool isYaml)
    {
        var text =
            !Utf8.IsValid(body.Span) ? Refused(new TextPlace(1, 1), "It is not UTF-8.", true)
            : isYaml ? ReadYaml(body)
            : ReadJson(body);
        return text with { IsJson = !isYaml };
    }

    private static AutomationText ReadYaml(ReadOnlyMemory<byte> body)
    {
        if (body.Length > AutomationCheck.BytesMax)
        {
            return Refused(
                new TextPlace(1, 1),
                $"It is larger than {AutomationCheck.BytesMax / 1024} KiB; make two of it."
            );
        }

        var source = Encoding.UTF8.GetString(body.Span).TrimStart('\uFEFF');
        try
        {
            var places = new TextPlaces();
            var json = YamlToJson.Write(Only(YamlReader.Read(source)), places);
            return new AutomationText(Encoding.UTF8.GetString(json.Span), source, places, []);
        }
        catch (YamlRefusedException refused)
        {
            return Refused(refused.At, refused.Message, refused.IsMalformed);
        }
    }

    private static AutomationText ReadJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(
                body,
                new JsonDocumentOptions { MaxDepth = JsonBody.DepthMax }
            );
            return HalfPairs.Find(body.Span) is { Count: > 0 } halves
                ? WithHalves(body.Span, halves)
                : new AutomationText(
                    document.RootElement.GetRawText(),
                    null,
                    JsonPlaces.Find(body.Span),
                    []
                );
        }
        catch (JsonException failure)
        {
            var end = failure.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            return Refused(
                new TextPlace(
                    (int)(failure.LineNumber ?? 0) + 1,
                    (int)(failure.BytePositionInLine ?? 0) + 1
                ),
                end < 0 ? failure.Message : failure.Message[..end],
                isMalformed: true
            );
        }
    }

    private static AutomationText WithHalves(
        ReadOnlySpan<byte> json,
        IReadOnlyList<HalfPair> halves
    )
    {
        var faults = new List<TextFault>(halves.Count);
        foreach (var half in halves)
        {
            faults.Add(new TextFault(JsonPlaces.At(json, half.Index), half.Fault));
        }

        return new AutomationText(null, null, new TextPlaces(), faults);
    }

    // What people paste is the automation, a list with it as in automations.yaml, or that list
    // under its key as in configuration.yaml.
    private static YamlPart Only(YamlPart part)
    {
        if (part is YamlMapping { Members: [{ Key: var key, Value: YamlList inner }] })
        {
            var isAutomations =
                key == "automation" || key.StartsWith("automation ", StringComparison.Ordinal);
            part = isAutomations ? inner : part;
        }

        return part switch
        {
            YamlList { Items: [var only] } => only,
            YamlList { Items: [] } => throw new YamlRefusedException(
                part.At,
                "The list has no automation in it."
            ),
            YamlList list => throw new YamlRefusedException(
                list.Items[1].At,
                $"There are {list.Items.Count} automations; send them one at a time."
            ),
            _ => part,
        };
    }

    private static AutomationText Refused(
        TextPlace at,
        string sentence,
        bool isMalformed = false
    ) =>
        new(null, null, new TextPlaces(), [new TextFault(at, new Fault("", sentence))])
        {
            IsMalformed = isMalformed,
        };
}
