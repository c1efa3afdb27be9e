using Hearth.Core.Subscriptions;

namespace Hearth.Hub;

/// <summary>How the connection to the mail server is secured.</summary>
internal enum MailSecurity
{
    /// <summary>From the beginning.</summary>
    Tls,

    /// <summary>By a command, before anything is said that others may not read.</summary>
    StartTls,

    None,
}

/// <summary>The mail server that e-mails are handed to.</summary>
/// <param name="User">Null where the server wants no account.</param>
internal sealed record MailOptions(
    string Host,
    int Port,
    MailSecurity Security,
    string? User,
    string? Password,
    string From
)
{
    // The words of a record have everything in them, and they end in logs.
    public override string ToString() => $"{From} through {Host}:{Port}";
}

/// <summary>Where e-mails are handed in, as the settings say it.</summary>
internal static class MailSettings
{
    private static readonly Dictionary<string, MailSecurity> Securities = new()
    {
        ["starttls"] = MailSecurity.StartTls,
        ["tls"] = MailSecurity.Tls,
        ["none"] = MailSecurity.None,
    };

    /// <summary>Null where no mail server is set.</summary>
    public static MailOptions? Read(SettingReader reader, ICollection<string> faults)
    {
        var host = reader.Text(Settings.MailHost);
        if (host.Length == 0)
        {
            Setting[] others = [Settings.MailFrom, Settings.MailUser, Settings.MailPassword];
            foreach (var other in others.Where(other => reader.Secret(other).Length > 0))
            {
                faults.Add($"{other} is set and {Settings.MailHost} is not; set both, or neither.");
            }

            return null;
        }

        reader.Host(Settings.MailHost);
        var from = reader.Text(Settings.MailFrom);
        if (!MailAddress.IsOne(from))
        {
            faults.Add(
                $"{Settings.MailFrom} is \"{from}\"; write the address that e-mails come from, like"
                    + " home@example.org."
            );
        }

        var security = reader.Text(Settings.MailSecurity);
        if (!Securities.TryGetValue(security, out var secured))
        {
            faults.Add($"{Settings.MailSecurity} is \"{security}\"; write starttls, tls or none.");
        }

        var user = reader.Text(Settings.MailUser);
        var password = reader.Secret(Settings.MailPassword);
        if (user.Length == 0 != (password.Length == 0))
        {
            var (given, missing) =
                user.Length == 0
                    ? (Settings.MailPassword, Settings.MailUser)
                    : (Settings.MailUser, Settings.MailPassword);
            faults.Add($"{given} is set and {missing} is not; set both of them, or neither.");
        }

        if (password.Length > 0 && security == "none" && !IsThisMachine(host))
        {
            faults.Add(
                $"{Settings.MailPassword} would go to {host} for everyone to read; set"
                    + $" {Settings.MailSecurity} to starttls or tls."
            );
        }

        return new MailOptions(
            host,
            reader.Number(Settings.MailPort, 1, ushort.MaxValue),
            secured,
            user.Length == 0 ? null : user,
            password.Length == 0 ? null : password,
            from
        );
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (
            System.Net.IPAddress.TryParse(host, out var address)
            && System.Net.IPAddress.IsLoopback(address)
        );
}
