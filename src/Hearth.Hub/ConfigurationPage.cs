namespace Hearth.Hub;

/// <summary>docs/configuration.md: written from the settings, so that it cannot lag behind them.
/// </summary>
internal static class ConfigurationPage
{
    public static string Text() =>
        $"""
            # Configuration

            Everything has a default; a hub that is given nothing runs. Settings are read once, at the
            start, from three places, the later one winning:

            1. a file `{HubProcess.SettingsFile}` in the folder where the hub is started,
            2. environment variables, with `__` for `:`,
            3. the command line.

            ```json
            {"{"} "Hearth": {"{"} "Http": {"{"} "Port": 8088 {"}"}, "Data": "/var/lib/hearth" {"}"} {"}"}
            ```

            A hub that finds something wrong names every fault with its key and does not start. A key
            below `Hearth` that it does not know is a fault too, because it is most often a slip of
            the pen. How much the hub logs is set with `Logging:LogLevel:…` as in any program for .NET.

            Until access can be set up, the hub listens on the machine's own loopback addresses only.

            ## Settings

            {Settings.ToMarkdown().TrimEnd()}

            ## Limits

            | what | limit | beyond it |
            |---|---|---|
            | one event over HTTP | see `Hearth:Events:BytesMax` | 413 |
            | one batch | see `Hearth:Events:BatchMax` and `Hearth:Events:BatchBytesMax` | 413 |
            | `id`, `source`, `type`, `subject` of an event | 1,024 characters each | 422 |
            | extension attributes of an event | 64 | 422 |
            | faults listed in one problem | 100 | the detail says that there are more |
            | any other body | 1 MiB | 413 |
            | depth of JSON | 64 levels | 400 |
            | headers of a request | 64 KiB, within 10 seconds | 431, 408 |
            | a page of events | 1,000 events, 4 MiB | the next page |
            | a stream of events whose reader takes nothing | see `Hearth:Followers:UntakenSeconds` | the connection ends |
            | a live stream whose reader is slower than the log | 10 MiB or `Hearth:Followers:UntakenSeconds` behind | the sequence to resume after, in `hearth.error` or with close code 1008 |
            | open connections | 10,000 | the connection is closed |

            """;
}
