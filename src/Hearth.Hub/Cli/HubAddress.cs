using Hearth.Hub;

namespace Hearth.Hub.Cli;

/// <summary>Where the hub is that a command at the command line speaks to.</summary>
internal static class HubAddress
{
    /// <summary>
    /// What <c>--hub</c> says; without it this machine, at the port that the hub's own settings
    /// name.
    /// </summary>
    /// <param name="given">The text of <c>--hub</c>; null where it was not given.</param>
    /// <param name="settings">Settings from the command line, by key.</param>
    /// <param name="sentence">What is wrong with it.</param>
    public static Uri? Read(
        string? given,
        IReadOnlyDictionary<string, string?> settings,
        out string sentence
    )
    {
        sentence = "";
        if (given is null)
        {
            return OfSettings(settings, out sentence);
        }

        var text = given.Contains("://", StringComparison.Ordinal) ? given : "http://" + given;
        if (
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            && address.Host.Length > 0
        )
        {
            return new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        }

        sentence = $"--hub is \"{given}\"; write an address like http://localhost:8080.";
        return null;
    }

    private static Uri? OfSettings(
        IReadOnlyDictionary<string, string?> settings,
        out string sentence
    )
    {
        var faults = new List<string>();
        var port = new SettingReader(HubProcess.Configuration(settings), faults).Port(
            Settings.HttpPort
        );
        sentence = string.Join(' ', faults);
        if (faults.Count == 0 && port == 0)
        {
            sentence =
                $"{Settings.HttpPort} is 0, so the hub listens at a port that only itself knows;"
                + " say which with --hub, like --hub http://localhost:8080.";
        }

        return sentence.Length == 0 ? new Uri($"http://localhost:{port}/") : null;
    }
}
