using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using ScalarEvent = YamlDotNet.Core.Events.Scalar;

namespace Hearth.Hub.Automations;

/// <summary>Writes an automation that was saved as JSON as a person would write it in YAML.
/// </summary>
internal static partial class AutomationYaml
{
    public static string Write(string definition)
    {
        using var document = JsonDocument.Parse(definition);
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings().WithBestWidth(int.MaxValue));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(emitter, document.RootElement);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(Emitter emitter, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart());
                foreach (var member in json.EnumerateObject())
                {
                    emitter.Emit(Text(member.Name));
                    Write(emitter, member.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(null, null, true, SequenceStyle.Block));
                foreach (var item in json.EnumerateArray())
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                emitter.Emit(Text(json.GetString()!));
                break;
            default:
                emitter.Emit(new ScalarEvent(json.GetRawText()));
                break;
        }
    }

    private static ScalarEvent Text(string text)
    {
        var style =
            text.Contains('\n', StringComparison.Ordinal)
            && !text.Contains('\r', StringComparison.Ordinal)
            && IsPrintable(text)
                ? ScalarStyle.Literal
            : Plain().IsMatch(text) && !Words().IsMatch(text) ? ScalarStyle.Plain
            : ScalarStyle.DoubleQuoted;
        return new ScalarEvent(null, null, text, style, true, true);
    }

    // The emitter writes everything else in a block as it is, and nobody could read it back.
    private static bool IsPrintable(string text) =>
        text[0] is not (' ' or '\n')
        && text.All(letter => !char.IsControl(letter) || letter == '\n')
        && !text.Contains(" \n", StringComparison.Ordinal);

    [GeneratedRegex(
        "^[A-Za-z_/]([A-Za-z0-9_./ +-]*[A-Za-z0-9_./+-])?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Plain();

    // What some reader of YAML takes for a flag or for nothing.
    [GeneratedRegex(
        "^(y|n|yes|no|on|off|true|false|null)$",
        RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.NonBacktracking
            | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Words();
}
