using System.Text;

namespace Hearth.Hub;

/// <summary>One thing that can be set.</summary>
/// <param name="Key">Its key in a settings file; with <c>__</c> for <c>:</c> the name of its
/// environment variable.</param>
/// <param name="Switch">Its switch on the command line, if it has one.</param>
/// <param name="Default">As a person would write it; empty for nothing.</param>
internal sealed record Setting(
    string Key,
    string? Switch,
    string Default,
    string Range,
    string Meaning
)
{
    public string Variable => Key.Replace(":", "__", StringComparison.Ordinal);

    public override string ToString() => Switch is null ? Key : $"{Key} ({Switch})";
}

/// <summary>Every setting of the hub.</summary>
internal static class Settings
{
    public const string Section = "Hearth";

    public static readonly Setting HttpPort = new(
        "Hearth:Http:Port",
        "--http-port",
        "8080",
        "0 to 65535; 0 takes any free port",
        "The port of the HTTP API."
    );

    public static readonly Setting HttpHosts = new(
        "Hearth:Http:Hosts",
        null,
        "",
        "host names without port, several with commas between them",
        "Names under which the hub may be called, beside IP addresses, `localhost` and"
            + " `*.local`. A request for any other name is answered 421, because a foreign page"
            + " could have pointed that name here."
    );

    public static readonly Setting HttpOrigins = new(
        "Hearth:Http:Origins",
        null,
        "",
        "origins such as `http://localhost:5173`, several with commas between them",
        "Pages from other addresses that may change something through a person's browser."
    );

    public static readonly Setting MqttPort = new(
        "Hearth:Mqtt:Port",
        "--mqtt-port",
        "1883",
        "0 to 65535; 0 takes any free port",
        "The port of the MQTT broker."
    );

    public static readonly Setting Data = new(
        "Hearth:Data",
        "--data",
        "./data",
        "a folder on a local disk; it is made where it is missing",
        "Where the log and everything else that is durable lies. One hub at a time, and no other"
            + " program. Where it cannot be written the hub refuses, and goes on when it can."
    );

    public static readonly Setting Homes = new(
        "Hearth:Homes",
        null,
        "home",
        "ids of 1 to 64 lower-case letters, digits and hyphens, several with commas between them",
        "The homes that live here. The first is meant wherever a request names none."
    );

    public static readonly Setting TimeZone = new(
        "Hearth:Location:TimeZone",
        null,
        "",
        "an IANA name such as `Europe/Berlin`",
        "The time zone of the homes: by it `time` triggers and conditions and the clock in"
            + " templates go. Left out it is the machine's own, or UTC where that has no IANA name;"
            + " a container's is mostly UTC."
    );

    public static readonly Setting Latitude = new(
        "Hearth:Location:Latitude",
        null,
        "",
        "-90 to 90 degrees, north of the equator positive",
        "Where the homes are, together with the longitude. Without them there is no sunrise: `sun`"
            + " triggers never fire and `sun` conditions do not hold."
    );

    public static readonly Setting Longitude = new(
        "Hearth:Location:Longitude",
        null,
        "",
        "-180 to 180 degrees, east of Greenwich positive",
        "Where the homes are, together with the latitude."
    );

    public static readonly Setting Elevation = new(
        "Hearth:Location:Elevation",
        null,
        "0",
        "-500 to 9000 metres",
        "How high above the sea the homes are: the higher, the earlier the sun rises."
    );

    public static readonly Setting Heartbeat = new(
        "Hearth:Followers:HeartbeatSeconds",
        null,
        "15",
        "0.1 to 600 seconds",
        "After how much silence an event stream says that it is still there. Proxies often close"
            + " what is silent for a minute."
    );

    public static readonly Setting Untaken = new(
        "Hearth:Followers:UntakenSeconds",
        null,
        "30",
        "0.1 to 600 seconds",
        "How long a follower may leave offered bytes untaken before its connection is ended. It"
            + " can come back and go on where it was."
    );

    public static readonly Setting KeepMessages = new(
        "Hearth:Retention:MessageDays",
        null,
        "1",
        "0.04 to 36500 days, or `forever`",
        "How long raw messages are kept that changed nothing. MQTT sessions and event streams can"
            + " be away for as long and miss nothing."
    );

    public static readonly Setting KeepStates = new(
        "Hearth:Retention:StateDays",
        null,
        "10",
        "0.04 to 36500 days, or `forever`",
        "How long changes of state are kept, with the messages that they came from."
    );

    public static readonly Setting KeepDomain = new(
        "Hearth:Retention:DomainDays",
        null,
        "365",
        "0.04 to 36500 days, or `forever`",
        "How long automations' runs, commands and what programs publish are kept, with the messages"
            + " and changes of state that led to them at once."
    );

    public static readonly Setting KeepAudit = new(
        "Hearth:Retention:AuditDays",
        null,
        "forever",
        "0.04 to 36500 days, or `forever`",
        "How long configuration and access are kept."
    );

    public static readonly Setting WebhooksAllow = new(
        "Hearth:Webhooks:Allow",
        null,
        "",
        "hosts, hosts with a port, addresses and networks such as `192.168.1.0/24`, several with"
            + " commas between them",
        "Sinks of subscriptions that may be notified though they lie on this machine or in a"
            + " private, link-local or otherwise special network. A host named here is trusted"
            + " whatever it resolves to; everything else is refused when a subscription is made and"
            + " again whenever a connection is made."
    );

    public static readonly Setting WebhooksOrigin = new(
        "Hearth:Webhooks:Origin",
        null,
        "hearth.local",
        "a host name",
        "The name under which the hub asks sinks whether they want to be notified"
            + " (`WebHook-Request-Origin`)."
    );

    public static readonly Setting WebhooksTimeout = new(
        "Hearth:Webhooks:TimeoutSeconds",
        null,
        "15",
        "0.1 to 600 seconds",
        "How long a sink, or the mail server, has for its answer to one delivery before it counts"
            + " as failed."
    );

    public static readonly Setting MailHost = new(
        "Hearth:Mail:Host",
        null,
        "",
        "a host name or an address",
        "The mail server that e-mails of subscriptions are handed to (`protocol` `SMTP`). Without"
            + " it there are none. It may lie in any network."
    );

    public static readonly Setting MailPort = new(
        "Hearth:Mail:Port",
        null,
        "587",
        "1 to 65535",
        "The port of the mail server: mostly 587 with `starttls` and 465 with `tls`."
    );

    public static readonly Setting MailSecurity = new(
        "Hearth:Mail:Security",
        null,
        "starttls",
        "`starttls`, `tls` or `none`",
        "How the connection to the mail server is secured. With `none` a password goes to this"
            + " machine only."
    );

    public static readonly Setting MailUser = new(
        "Hearth:Mail:User",
        null,
        "",
        "a user name, together with the password",
        "The account at the mail server, where it wants one."
    );

    public static readonly Setting MailPassword = new(
        "Hearth:Mail:Password",
        null,
        "",
        "a password, together with the user",
        "The password of that account. It is in no answer and no log; better in an environment"
            + " variable than in a file that others can read."
    );

    public static readonly Setting MailFrom = new(
        "Hearth:Mail:From",
        null,
        "",
        "an address such as `home@example.org`",
        "The address that e-mails come from; needed with `Hearth:Mail:Host`."
    );

    public static readonly Setting EventBytes = new(
        "Hearth:Events:BytesMax",
        null,
        "262144",
        "1024 to 1048576 bytes",
        "The most that one event may have, as it is sent over HTTP. A packet of MQTT has at most"
            + " 256 KiB whatever is set here."
    );

    public static readonly Setting BatchEvents = new(
        "Hearth:Events:BatchMax",
        null,
        "1000",
        "1 to 10000",
        "The most events that one batch may have; a batch is taken whole or not at all."
    );

    public static readonly Setting BatchBytes = new(
        "Hearth:Events:BatchBytesMax",
        null,
        "8388608",
        "1024 to 33554432 bytes",
        "The most that one batch may have."
    );

    public static readonly IReadOnlyList<Setting> All =
    [
        HttpPort,
        HttpHosts,
        HttpOrigins,
        MqttPort,
        Data,
        Homes,
        TimeZone,
        Latitude,
        Longitude,
        Elevation,
        Heartbeat,
        Untaken,
        KeepMessages,
        KeepStates,
        KeepDomain,
        KeepAudit,
        WebhooksAllow,
        WebhooksOrigin,
        WebhooksTimeout,
        MailHost,
        MailPort,
        MailSecurity,
        MailUser,
        MailPassword,
        MailFrom,
        EventBytes,
        BatchEvents,
        BatchBytes,
    ];

    /// <summary>The part of docs/configuration.md that lists the settings.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder();
        foreach (var setting in All)
        {
            text.Append($"### `{setting.Key}`\n\n{setting.Meaning}\n\n");
            text.Append($"- range: {setting.Range}\n");
            var standard = setting.Default.Length == 0 ? "none" : $"`{setting.Default}`";
            text.Append($"- default: {standard}\n");
            text.Append($"- environment variable: `{setting.Variable}`\n");
            if (setting.Switch is not null)
            {
                text.Append($"- command line: `{setting.Switch}`\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
