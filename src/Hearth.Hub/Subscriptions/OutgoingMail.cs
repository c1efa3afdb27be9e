using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Hub.Problems;
using MimeKit;

namespace Hearth.Hub.Subscriptions;

/// <summary>An event as an e-mail: what a notification says is said to a person, anything else as
/// it stands on the bus.</summary>
internal static class OutgoingMail
{
    // As much as most programs show of it.
    private const int SubjectMax = 120;

    /// <summary>The e-mail. However often it is made of an event, it has the same Message-ID, so
    /// that mail servers and programs recognise what comes twice.</summary>
    public static MimeMessage Of(OutgoingEvent item, string from, string to)
    {
        var (subject, text) = Words(item);
        var message = new MimeMessage
        {
            Subject = InOneLine(subject),
            Date = item.RecordedTime,
            MessageId = IdOf(item, from),
            Body = new TextPart("plain") { Text = text },
        };
        message.From.Add(new MailboxAddress("Hearth", from));
        message.To.Add(new MailboxAddress("", to));
        message.Headers.Add("X-Hearth-Event", item.MessageId);
        // No program on holiday shall answer it (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Prepare(EncodingConstraint.SevenBit);
        return message;
    }

    private static (string Subject, string Text) Words(OutgoingEvent item)
    {
        if (item.Type == NotificationSent.TypeName)
        {
            using var document = JsonDocument.Parse(item.Json, AnswerJson.Options);
            var data = document.RootElement.GetProperty("data");
            var message = data.GetProperty("message").GetString()!;
            var title = data.TryGetProperty("title", out var given) ? given.GetString() : null;
            string?[] subjects = [title, message, item.Type];
            return (subjects.First(text => !string.IsNullOrWhiteSpace(text))!, message);
        }

        return (item.Type, Encoding.UTF8.GetString(item.Json));
    }

    /// <summary>A log that was begun anew counts from one again, so a digest of the event is in its
    /// id.</summary>
    private static string IdOf(OutgoingEvent item, string from)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(item.Json).AsSpan(0, 8));
        return $"{item.MessageId}.{digest}{from[from.LastIndexOf('@')..]}";
    }

    /// <summary>The beginning of a text, without anything that could begin a line of its own.
    /// </summary>
    private static string InOneLine(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (line.Length >= SubjectMax)
            {
                return line.Append('…').ToString();
            }

            line.Append(Rune.IsControl(rune) || IsLineBreak(rune) ? " " : rune.ToString());
        }

        return line.ToString();
    }

    private static bool IsLineBreak(Rune rune) => rune.Value is 0x2028 or 0x2029;
}
