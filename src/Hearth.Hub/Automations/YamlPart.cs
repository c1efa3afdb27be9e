using System.Text.RegularExpressions;

namespace Hearth.Hub.Automations;

/// <summary>A part of a YAML document, aliases and merge keys followed.</summary>
internal abstract record YamlPart(TextPlace At);

/// <param name="IsPlain">Written without quotes, so that it may be a number, a flag or nothing.
/// </param>
internal sealed partial record YamlScalar(TextPlace At, string Text, bool IsPlain) : YamlPart(At)
{
    /// <summary>The JSON of it where that is no text: a number, a flag or null.</summary>
    /// <remarks>
    /// As a person means it: <c>on</c> and <c>yes</c> stay text, and whoever wants a flag takes
    /// them for one; <c>12:30:00</c> is a time and never a count of seconds; <c>0123</c>,
    /// <c>0x1f</c>, <c>1_000</c> and dates are text.
    /// </remarks>
    public string? Literal =>
        IsPlain
            ? Text switch
            {
                "" or "~" or "null" or "Null" or "NULL" => "null",
                "true" or "True" or "TRUE" => "true",
                "false" or "False" or "FALSE" => "false",
                _ when Number().IsMatch(Text) => Text,
                _ => null,
            }
            : null;

    [GeneratedRegex(
        @"^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Number();
}

internal sealed record YamlList(TextPlace At, IReadOnlyList<YamlPart> Items) : YamlPart(At);

internal sealed record YamlMapping(TextPlace At, IReadOnlyList<YamlMember> Members) : YamlPart(At);

/// <param name="At">Where the key stands.</param>
internal sealed record YamlMember(TextPlace At, string Key, YamlPart Value);

/// <summary>Why a YAML document is not taken.</summary>
internal sealed class YamlRefusedException(TextPlace at, string sentence) : Exception(sentence)
{
    public TextPlace At => at;

    /// <summary>True where it is no YAML; false where it is, and cannot be taken.</summary>
    public bool IsMalformed { get; init; }
}
