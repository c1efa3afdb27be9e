using System.Globalization;
using Hearth.Core.Events;
using Hearth.Hub.Subscriptions;
using Microsoft.Extensions.Configuration;

namespace Hearth.Hub;

/// <summary>
/// Reads settings one by one and collects what is wrong with them, each fault naming the key to
/// change.
/// </summary>
internal sealed class SettingReader(IConfiguration configuration, ICollection<string> faults)
{
    public int Port(Setting setting) => Number(setting, 0, ushort.MaxValue);

    public int Number(Setting setting, int least, int most)
    {
        var text = Text(setting);
        var isNumber = int.TryParse(
            text,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        );
        if (isNumber && number >= least && number <= most)
        {
            return number;
        }

        faults.Add($"{setting} is \"{text}\"; write a number from {least} to {most}.");
        return least;
    }

    public TimeSpan Seconds(Setting setting)
    {
        if (Decimal(setting) is { } seconds and >= 0.1 and <= 600)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        faults.Add($"{setting} is \"{Text(setting)}\"; write a number of seconds from 0.1 to 600.");
        return default;
    }

    /// <summary>A number of days; null is for ever.</summary>
    public TimeSpan? Days(Setting setting)
    {
        if (Text(setting) == "forever")
        {
            return null;
        }

        if (Decimal(setting) is { } days and >= 0.04 and <= 36_500)
        {
            return TimeSpan.FromDays(days);
        }

        faults.Add(
            $"{setting} is \"{Text(setting)}\"; write a number of days from 0.04, or forever."
        );
        return default;
    }

    /// <summary>A number that may have a sign and a fraction; null where it is not set.</summary>
    public double? Degrees(Setting setting, double least, double most)
    {
        var text = Text(setting);
        if (text.Length == 0)
        {
            return null;
        }

        var isNumber = double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var number
        );
        if (isNumber && number >= least && number <= most)
        {
            return number;
        }

        faults.Add($"{setting} is \"{text}\"; write a number from {least} to {most}, like 52.52.");
        return null;
    }

    /// <summary>A time zone; null where none is set, or no such zone is known.</summary>
    public TimeZoneInfo? Zone(Setting setting)
    {
        var text = Text(setting);
        if (text.Length == 0)
        {
            return null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) && zone.HasIanaId)
        {
            return zone;
        }

        faults.Add(
            $"{setting} is \"{text}\", which is no time zone that this machine knows; write an IANA"
                + " name like Europe/Berlin."
        );
        return null;
    }

    public string Folder(Setting setting)
    {
        var text = Text(setting);
        if (text.Length > 0 && !text.Contains('\0'))
        {
            return Path.GetFullPath(text);
        }

        faults.Add($"{setting} is empty; write the folder where the log is to lie.");
        return "";
    }

    public IReadOnlyList<string> Hosts(Setting setting)
    {
        var hosts = List(setting);
        foreach (var host in hosts)
        {
            if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            {
                faults.Add($"{setting} has \"{host}\"; write a host name without scheme and port.");
            }
        }

        return hosts;
    }

    public IReadOnlyList<string> Origins(Setting setting)
    {
        var origins = List(setting);
        foreach (var origin in origins)
        {
            var isOrigin =
                Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https"
                && uri.GetLeftPart(UriPartial.Authority) == origin;
            if (!isOrigin)
            {
                faults.Add(
                    $"{setting} has \"{origin}\"; write scheme, host and port without a path, like"
                        + " http://localhost:5173."
                );
            }
        }

        return origins;
    }

    public string Host(Setting setting)
    {
        var text = Text(setting);
        if (Uri.CheckHostName(text) == UriHostNameType.Unknown)
        {
            faults.Add($"{setting} is \"{text}\"; write a host name without scheme and port.");
        }

        return text;
    }

    public IReadOnlyList<AllowedSink> Sinks(Setting setting)
    {
        var sinks = new List<AllowedSink>();
        foreach (var entry in List(setting))
        {
            if (AllowedSink.Read(entry) is { } sink)
            {
                sinks.Add(sink);
            }
            else
            {
                faults.Add(
                    $"{setting} has \"{entry}\"; write a host, a host with a port, or a network"
                        + " such as 192.168.1.0/24."
                );
            }
        }

        return sinks;
    }

    public IReadOnlyList<HomeId> Homes(Setting setting)
    {
        var homes = List(setting);
        if (homes.Count == 0)
        {
            faults.Add($"{setting} is empty; name at least one home.");
        }

        foreach (var home in homes)
        {
            var isId =
                home.Length <= 64
                && home.All(sign =>
                    char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '-'
                );
            if (!isId)
            {
                faults.Add(
                    $"{setting} has \"{home}\"; an id is 1 to 64 lower-case letters, digits and"
                        + " hyphens."
                );
            }
        }

        return [.. homes.Select(home => new HomeId(home))];
    }

    /// <summary>A key that nobody reads is most often a slip of the pen: it is named, with the
    /// nearest one that exists.</summary>
    public void RefuseUnknown(string section, IReadOnlyList<Setting> known)
    {
        foreach (var (key, value) in configuration.GetSection(section).AsEnumerable())
        {
            var isKnown = known.Any(setting =>
                key.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)
                || key.StartsWith(setting.Key + ":", StringComparison.OrdinalIgnoreCase)
            );
            if (value is not null && !isKnown)
            {
                var nearest = known.MinBy(setting => Distance(key, setting.Key))!;
                faults.Add($"{key} is no setting; did you mean {nearest.Key}?");
            }
        }
    }

    /// <summary>What nobody may see; blanks at its ends are part of it.</summary>
    public string Secret(Setting setting) => configuration[setting.Key] ?? "";

    public string Text(Setting setting) => configuration[setting.Key]?.Trim() ?? setting.Default;

    private double? Decimal(Setting setting) =>
        double.TryParse(
            Text(setting),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    /// <summary>A list with commas, or one entry a line in a settings file.</summary>
    private IReadOnlyList<string> List(Setting setting)
    {
        var entries = configuration
            .GetSection(setting.Key)
            .GetChildren()
            .Select(item => item.Value);
        var lines = configuration[setting.Key] is { } line ? [line] : entries.ToList();
        if (lines.Count == 0)
        {
            lines.Add(setting.Default);
        }

        return
        [
            .. lines
                .OfType<string>()
                .SelectMany(item => item.Split(','))
                .Select(item => item.Trim())
                .Where(item => item.Length > 0),
        ];
    }

    /// <summary>How many letters one has to change, add or leave out (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var isSame =
                    char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                var change = diagonal + (isSame ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
