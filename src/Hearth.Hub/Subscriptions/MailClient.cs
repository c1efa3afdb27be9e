using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Hearth.Core.Subscriptions;
using Hearth.Storage;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Hearth.Hub.Subscriptions;

/// <summary>Hands e-mails to the operator's mail server, each over a connection of its own, and
/// says what the server answered.</summary>
internal sealed class MailClient(MailOptions? options, TimeSpan timeout, TimeProvider clock)
    : IDisposable
{
    // Mail servers refuse whoever comes with many connections at once.
    private const int ConnectionsMax = 4;
    private const int DetailMax = 200;

    private readonly SemaphoreSlim _connections = new(ConnectionsMax);

    /// <summary>Why no e-mail can be sent; null where it can.</summary>
    public string? Why =>
        options is null
            ? $"The hub has no mail server: set {Settings.MailHost.Key} and"
                + $" {Settings.MailFrom.Key}."
            : null;

    /// <summary>Nobody can ask an address whether it wants e-mails; whoever set up the mail server
    /// has agreed to them.</summary>
    public SinkAgreement Ask(Uri sink) =>
        new(Why is null ? "granted" : "refused", Why ?? "", sink.AbsoluteUri, null);

    public async Task<SinkAnswer> DeliverAsync(
        SubscriptionDefinition definition,
        OutgoingEvent item,
        CancellationToken cancellationToken
    )
    {
        if (options is null)
        {
            return new SinkAnswer(null, Why!, null, 0);
        }

        await _connections.WaitAsync(cancellationToken);
        var began = clock.GetTimestamp();
        try
        {
            using var expiring = new CancellationTokenSource(timeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken,
                expiring.Token
            );
            var message = OutgoingMail.Of(item, options.From, definition.Recipient!);
            var (status, detail, isFinal) = await SendAsync(options, message, either.Token);
            var milliseconds = (int)clock.GetElapsedTime(began).TotalMilliseconds;
            return new SinkAnswer(status, detail, null, milliseconds) { IsRejection = isFinal };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var milliseconds = (int)clock.GetElapsedTime(began).TotalMilliseconds;
            var detail = $"The mail server has not answered within {timeout.TotalSeconds} s.";
            return new SinkAnswer(null, detail, null, milliseconds);
        }
        finally
        {
            _connections.Release();
        }
    }

    public void Dispose() => _connections.Dispose();

    private static async Task<(int? Status, string Detail, bool IsFinal)> SendAsync(
        MailOptions options,
        MimeMessage message,
        CancellationToken cancellationToken
    )
    {
        // Certificates are checked, but for their revocation: that would take one more server to
        // be reached, and no other client at home asks.
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        try
        {
            await client.ConnectAsync(
                options.Host,
                options.Port,
                SecurityOf(options),
                cancellationToken
            );
            if (options is { User: { } user, Password: { } password })
            {
                await client.AuthenticateAsync(user, password, cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
            await LeaveAsync(client, cancellationToken);
            return (250, "", false);
        }
        catch (SmtpCommandException refused)
        {
            // Only what is said of the recipient or of the text is about this message. All else is
            // about the server or the settings (the sender is one): those are mended, and the
            // message is still wanted then.
            var isAboutMessage =
                refused.ErrorCode
                is SmtpErrorCode.RecipientNotAccepted
                    or SmtpErrorCode.MessageNotAccepted;
            var status = (int)refused.StatusCode;
            // An answer at the wrong place is a refusal, however well it sounds.
            int? said = status >= 400 ? status : null;
            return (said, DetailOf(refused, message), isAboutMessage && status >= 500);
        }
        catch (Exception fault) when (WhyNot(fault) is { } detail)
        {
            return (null, detail, false);
        }
    }

    private static SecureSocketOptions SecurityOf(MailOptions options) =>
        options.Security switch
        {
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            MailSecurity.StartTls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        };

    /// <summary>Says good-bye. The server has the message whatever becomes of that.</summary>
    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "The answer that counts has been given; a lost good-bye changes nothing."
    )]
    private static async Task LeaveAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception)
        {
            client.Dispose();
        }
    }

    private static string DetailOf(SmtpCommandException refused, MimeMessage message)
    {
        var whom = refused.ErrorCode switch
        {
            SmtpErrorCode.RecipientNotAccepted => $" to {message.To}",
            SmtpErrorCode.SenderNotAccepted =>
                $" from {message.From.Mailboxes.First().Address} ({Settings.MailFrom.Key})",
            _ => "",
        };
        return Short(
            $"The mail server answered {(int)refused.StatusCode}{whom}: {refused.Message}"
        );
    }

    /// <summary>Why a server could not be spoken with; null for what is no such fault. What a
    /// server says about a password is not repeated: it could have the password in it.</summary>
    private static string? WhyNot(Exception fault) =>
        fault switch
        {
            AuthenticationException or ServiceNotAuthenticatedException =>
                "The mail server wants another account; see"
                    + $" {Settings.MailUser.Key} and {Settings.MailPassword.Key}.",
            SslHandshakeException =>
                "No safe connection to the mail server: its certificate is not trusted for that"
                    + $" name, or {Settings.MailSecurity.Key} is another there.",
            NotSupportedException => Short($"The mail server cannot do it: {fault.Message}"),
            SocketException or IOException or ProtocolException or ServiceNotConnectedException =>
                Short($"The mail server cannot be reached: {fault.Message}"),
            _ => null,
        };

    private static string Short(string text)
    {
        var line = string.Concat(text.Select(sign => char.IsControl(sign) ? ' ' : sign));
        return line.Length > DetailMax ? line[..DetailMax] + "…" : line;
    }
}
