using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace Hearth.Hub.Tests.Subscriptions;

/// <summary>A mail server on a real socket that takes everything, unless a test says otherwise.
/// </summary>
internal sealed class AMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _commands = [];
    private readonly ConcurrentQueue<Mail> _mails = [];
    private readonly Task _running;

    public AMailServer()
    {
        _listener.Start();
        _running = AcceptAsync(_stopping.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it says to a command instead of doing it; null for doing it.</summary>
    public Func<string, string?> Answers { get; set; } = _ => null;

    /// <summary>What it says once it has a whole message; null for taking it, empty for nothing.
    /// </summary>
    public Func<MimeMessage, string?> Judges { get; set; } = _ => null;

    /// <summary>Extensions that it says it has.</summary>
    public string? Offers { get; set; }

    /// <summary>What it proves itself with from the beginning; null for an open connection.
    /// </summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Every command that came, in order.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>Every message that it took.</summary>
    public IReadOnlyList<Mail> Mails => [.. _mails];

    public Dictionary<string, string?> Settings(Dictionary<string, string?>? more = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Hearth:Mail:Host"] = "127.0.0.1",
            ["Hearth:Mail:Port"] = $"{Port}",
            ["Hearth:Mail:Security"] = "none",
            ["Hearth:Mail:From"] = "home@example.org",
        };
        foreach (var (key, value) in more ?? [])
        {
            settings[key] = value;
        }

        return settings;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _running;
        _stopping.Dispose();
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        var talks = new List<Task>();
        try
        {
            while (true)
            {
                talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(stop), stop));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task TalkAsync(TcpClient socket, CancellationToken stop)
    {
        using (socket)
        {
            try
            {
                if (Certificate is null)
                {
                    await TalkAsync(socket.GetStream(), stop);
                    return;
                }

                await using var safe = new SslStream(socket.GetStream());
                var options = new SslServerAuthenticationOptions
                {
                    ServerCertificate = Certificate,
                };
                await safe.AuthenticateAsServerAsync(options, stop);
                await TalkAsync(safe, stop);
            }
            catch (Exception fault)
                when (fault is OperationCanceledException or IOException or AuthenticationException)
            {
                // The hub has gone, or the test is over.
            }
        }
    }

    private async Task TalkAsync(Stream stream, CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var recipients = new List<string>();
        await SayAsync(stream, "220 a mail server", stop);
        while (await reader.ReadLineAsync(stop) is { } command)
        {
            _commands.Enqueue(command);
            if (Answers(command) is { } answer)
            {
                await SayAsync(stream, answer, stop);
                continue;
            }

            switch (command.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    var all = Offers is null ? "250 here" : $"250-here\r\n250 {Offers}";
                    await SayAsync(stream, all, stop);
                    break;
                case "AUTH":
                    await SayAsync(stream, "235 welcome", stop);
                    break;
                case "RCPT":
                    recipients.Add(command[(command.IndexOf('<') + 1)..command.IndexOf('>')]);
                    await SayAsync(stream, "250 known", stop);
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on", stop);
                    await SayAsync(stream, Take(await ReadAsync(reader, stop), recipients), stop);
                    recipients = [];
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 good-bye", stop);
                    return;
                default:
                    await SayAsync(stream, "250 fine", stop);
                    break;
            }
        }
    }

    private string Take(byte[] bytes, List<string> recipients)
    {
        var message = MimeMessage.Load(new MemoryStream(bytes), CancellationToken.None);
        var judged = Judges(message);
        if (judged is null)
        {
            _mails.Enqueue(new Mail(recipients, message));
        }

        return judged ?? "250 taken";
    }

    private static async Task<byte[]> ReadAsync(StreamReader reader, CancellationToken stop)
    {
        var text = new StringBuilder();
        while (true)
        {
            var line = await reader.ReadLineAsync(stop) ?? throw new IOException("It has gone.");
            if (line == ".")
            {
                return Encoding.Latin1.GetBytes(text.ToString());
            }

            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }
    }

    private static async Task SayAsync(Stream stream, string line, CancellationToken stop)
    {
        if (line.Length > 0)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"), stop);
        }
    }
}

/// <summary>A message, and whom it was for.</summary>
internal sealed record Mail(IReadOnlyList<string> Recipients, MimeMessage Message)
{
    public string Text => Message.TextBody!.ReplaceLineEndings("\n").TrimEnd('\n');
}
