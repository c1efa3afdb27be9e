using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Hub.Subscriptions;
using Hearth.Storage;
using Microsoft.Extensions.Configuration;

namespace Hearth.Hub;

/// <summary>
/// Everything that can be set, read once at start. What each setting means, its range and default
/// stand in <see cref="Settings"/>, from which docs/configuration.md is written.
/// </summary>
internal sealed record HearthOptions
{
    public required HttpOptions Http { get; init; }

    public required MqttOptions Mqtt { get; init; }

    public required RetentionTimes Retention { get; init; }

    public required FollowerOptions Followers { get; init; }

    public required WebhookOptions Webhooks { get; init; }

    /// <summary>Null where no e-mails can be sent.</summary>
    public required MailOptions? Mail { get; init; }

    public required EventOptions Events { get; init; }

    /// <summary>The folder that everything durable lies in; an absolute path.</summary>
    public required string Data { get; init; }

    /// <summary>The homes that live here; the first is meant where none is named.</summary>
    public required IReadOnlyList<HomeId> Homes { get; init; }

    public HomeId DefaultHome => Homes[0];

    /// <summary>Where the homes are.</summary>
    public required LocationChanged Location { get; init; }

    /// <summary>How much is logged, in .NET's own words.</summary>
    public required IConfiguration Logging { get; init; }

    /// <summary>Reads all settings, or says everything that is wrong with them.</summary>
    public static HearthOptions? Read(IConfiguration configuration, ICollection<string> faults)
    {
        var reader = new SettingReader(configuration, faults);
        var options = new HearthOptions
        {
            Http = new HttpOptions(
                reader.Port(Settings.HttpPort),
                reader.Hosts(Settings.HttpHosts),
                reader.Origins(Settings.HttpOrigins)
            ),
            Mqtt = new MqttOptions(reader.Port(Settings.MqttPort)),
            Followers = new FollowerOptions(
                reader.Seconds(Settings.Heartbeat),
                reader.Seconds(Settings.Untaken)
            ),
            Retention = new RetentionTimes
            {
                Messages = reader.Days(Settings.KeepMessages),
                States = reader.Days(Settings.KeepStates),
                Domain = reader.Days(Settings.KeepDomain),
                Audit = reader.Days(Settings.KeepAudit),
            },
            Webhooks = new WebhookOptions(
                reader.Sinks(Settings.WebhooksAllow),
                reader.Host(Settings.WebhooksOrigin),
                reader.Seconds(Settings.WebhooksTimeout)
            ),
            Mail = MailSettings.Read(reader, faults),
            Events = new EventOptions(
                reader.Number(Settings.EventBytes, 1024, 1024 * 1024),
                reader.Number(Settings.BatchEvents, 1, 10_000),
                reader.Number(Settings.BatchBytes, 1024, 32 * 1024 * 1024)
            ),
            Data = reader.Folder(Settings.Data),
            Homes = reader.Homes(Settings.Homes),
            Location = LocationSettings.Read(reader, faults),
            Logging = configuration.GetSection("Logging"),
        };
        if (options.Http.Port != 0 && options.Http.Port == options.Mqtt.Port)
        {
            faults.Add(
                $"{Settings.HttpPort} and {Settings.MqttPort} are both {options.Http.Port}; give"
                    + " them different ports."
            );
        }

        reader.RefuseUnknown(Settings.Section, Settings.All);
        return faults.Count == 0 ? options : null;
    }
}

/// <param name="Port">0 takes any free port.</param>
/// <param name="Hosts">Host names under which the hub may be called, beside addresses, localhost
/// and *.local.</param>
/// <param name="Origins">Origins of foreign pages that may change something.</param>
internal sealed record HttpOptions(
    int Port,
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string> Origins
);

/// <param name="Port">0 takes any free port.</param>
internal sealed record MqttOptions(int Port);

/// <param name="Heartbeat">After how much silence a stream says that it is still there.</param>
/// <param name="UntakenMax">How long a follower may leave offered bytes untaken.</param>
internal sealed record FollowerOptions(TimeSpan Heartbeat, TimeSpan UntakenMax);

/// <param name="Allow">Sinks that may be reached though their addresses are forbidden.</param>
/// <param name="Origin">The name under which the hub asks sinks to be notified.</param>
/// <param name="Timeout">How long a sink has for its answer.</param>
internal sealed record WebhookOptions(
    IReadOnlyList<AllowedSink> Allow,
    string Origin,
    TimeSpan Timeout
);

/// <param name="BytesMax">Of one event as it is sent.</param>
/// <param name="BatchMax">How many events a batch may have.</param>
/// <param name="BatchBytesMax">Of a whole batch.</param>
internal sealed record EventOptions(int BytesMax, int BatchMax, int BatchBytesMax);
