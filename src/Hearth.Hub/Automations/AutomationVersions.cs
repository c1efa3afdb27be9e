using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Hub.Automations;

/// <summary>One save of an automation, without what it says: there may be thousands.</summary>
/// <param name="Number">1 for the first; they go on when an automation is made again after it was
/// removed.</param>
/// <param name="Sequence">The event that saved it.</param>
/// <param name="IsFirst">True where there was no automation of this id before.</param>
internal sealed record AutomationVersion(
    int Number,
    Sequence Sequence,
    DateTimeOffset Time,
    Principal By,
    string? Alias,
    int? RestoredFrom,
    bool IsFirst
)
{
    public static AutomationVersion? Of(int number, Event item) =>
        SavedText.Of(item.Data) is { } saved
            ? new AutomationVersion(
                number,
                item.Sequence,
                item.Time,
                item.Principal,
                saved.Alias,
                (item.Data as AutomationCreated)?.RestoredFrom
                    ?? (item.Data as AutomationUpdated)?.RestoredFrom,
                item.Data is AutomationCreated
            )
            : null;
}

/// <summary>What an automation said when it was saved.</summary>
/// <param name="Source">The text that a person wrote, where that was not JSON.</param>
internal sealed record SavedText(string Definition, string? Source)
{
    public string? Alias =>
        JsonElement.Parse(Definition).TryGetProperty("alias", out var alias)
            ? alias.ToString()
            : null;

    /// <summary>As a person wrote it; where JSON was saved, the same in YAML.</summary>
    public string Text => Source ?? AutomationYaml.Write(Definition);

    public static SavedText? Of(EventData data) =>
        data switch
        {
            AutomationCreated created => new SavedText(created.Definition, created.Source),
            AutomationUpdated updated => new SavedText(updated.Definition, updated.Source),
            _ => null,
        };
}

/// <summary>Every save of an automation: each is an event, and those are kept for ever.</summary>
internal static class AutomationVersions
{
    private static readonly SearchTerm[] Saves =
    [
        new(SearchKind.Type, AutomationCreated.TypeName),
        new(SearchKind.Type, AutomationUpdated.TypeName),
    ];

    /// <summary>Oldest first; none where there never was such an automation.</summary>
    public static async Task<IReadOnlyList<AutomationVersion>> ReadAsync(
        HomeClient home,
        ILogSearch search,
        string automation,
        CancellationToken cancellationToken
    )
    {
        var end = (await home.Feed.HeadAsync(cancellationToken)).Next;
        var about = new SearchTerm[] { new(SearchKind.Subject, "automation." + automation) };
        var versions = new List<AutomationVersion>();
        var after = Sequence.None;
        var scan = new LogScan(search, home.Id);
        do
        {
            await foreach (
                var item in scan.EventsAsync(
                    after,
                    end,
                    newestFirst: false,
                    [about, Saves],
                    cancellationToken
                )
            )
            {
                if (
                    item.Data is AutomationEvent said
                    && said.Automation == automation
                    && AutomationVersion.Of(versions.Count + 1, item) is { } version
                )
                {
                    versions.Add(version);
                }
            }

            // A number says which one only where none before it is left out.
            after = scan.Looked;
        } while (!scan.IsOver);

        return versions;
    }

    /// <summary>What a version says.</summary>
    public static async Task<SavedText> ReadAsync(
        HomeClient home,
        AutomationVersion version,
        CancellationToken cancellationToken
    )
    {
        var before = new Sequence(version.Sequence.Value - 1);
        var rows = await home.Feed.ReadKeptAsync(before, 1, 1, cancellationToken);
        return rows.SelectMany(row => row.Events)
                .Where(item => item.Sequence == version.Sequence)
                .Select(item => SavedText.Of(item.Data))
                .FirstOrDefault()
            ?? throw new InvalidOperationException(
                $"Event {version.Sequence}, which saved an automation, is not in the log any more."
            );
    }
}
