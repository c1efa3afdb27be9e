using Hearth.Core.Events;

namespace Hearth.Core.Subscriptions;

/// <summary>Reads where events go: a web address, or one that is written to.</summary>
internal static class SinkAddress
{
    private const string MailScheme = "mailto:";

    public static (Uri? Sink, string? Recipient) Read(
        string text,
        SinkProtocol protocol,
        Action<string> fault
    )
    {
        var isMail = text.StartsWith(MailScheme, StringComparison.OrdinalIgnoreCase);
        switch (isMail, protocol)
        {
            case (true, SinkProtocol.Http):
                fault("An e-mail is delivered with protocol \"SMTP\".");
                return default;
            case (false, SinkProtocol.Smtp):
                fault("With protocol \"SMTP\" write mailto: and an address.");
                return default;
            case (true, _):
                return ReadMail(text, fault);
            default:
                return (ReadWeb(text, fault), null);
        }
    }

    private static Uri? ReadWeb(string text, Action<string> fault)
    {
        if (
            text.Length > 2048
            || !UriText.IsAbsolute(text)
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.Host.Length == 0
        )
        {
            fault("Write an absolute address with http or https, 2,048 characters at most.");
            return null;
        }

        if (uri.UserInfo.Length > 0)
        {
            fault("An address is no place for a password; use sinkcredential.");
            return null;
        }

        if (uri.Fragment.Length > 0)
        {
            fault("Leave the fragment (#…) out; it never reaches a sink.");
            return null;
        }

        return uri;
    }

    /// <summary>One address (RFC 6068), and nothing that would say what is in the e-mail.</summary>
    private static (Uri? Sink, string? Recipient) ReadMail(string text, Action<string> fault)
    {
        var written = text[MailScheme.Length..];
        if (written.Contains('?') || written.Contains('#'))
        {
            fault("Write the address only; subject and text are made from each event.");
            return default;
        }

        if (written.Contains(','))
        {
            fault(
                "Write one address. With a subscription for each, one that cannot be reached costs"
                    + " the others nothing."
            );
            return default;
        }

        var address = UriText.IsAbsolute(text) ? Uri.UnescapeDataString(written) : "";
        if (
            MailAddress.IsOne(address)
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Scheme == Uri.UriSchemeMailto
        )
        {
            return (uri, address);
        }

        fault(
            "Write an address such as mailto:ana@example.org: ASCII, 254 characters at most, %"
                + " in it as %25, a host with other letters as xn--…"
        );
        return default;
    }
}
