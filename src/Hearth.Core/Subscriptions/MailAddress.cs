using System.Buffers;

namespace Hearth.Core.Subscriptions;

/// <summary>
/// The address of an e-mail as it may stand in a command or a header: a dot-atom, an @ and the name
/// of a host (RFC 5321, section 4.1.2, without quoted strings). Nothing that passes can end a line.
/// </summary>
public static class MailAddress
{
    private static readonly SearchValues<char> AtomSigns = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~."
    );

    private static readonly SearchValues<char> HostSigns = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
    );

    /// <summary>Whether a text is such an address; one that is not all ASCII is none.</summary>
    public static bool IsOne(string text)
    {
        var at = text.LastIndexOf('@');
        return at is >= 1 and <= 64
            && text.Length <= 254
            && IsDotAtom(text[..at])
            && text[(at + 1)..].Split('.').All(IsLabel);
    }

    private static bool IsDotAtom(string text) =>
        !text.AsSpan().ContainsAnyExcept(AtomSigns) && text.Split('.').All(atom => atom.Length > 0);

    private static bool IsLabel(string label) =>
        label.Length is >= 1 and <= 63
        && !label.AsSpan().ContainsAnyExcept(HostSigns)
        && label[0] != '-'
        && label[^1] != '-';
}
