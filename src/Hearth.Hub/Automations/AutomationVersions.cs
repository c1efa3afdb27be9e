using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Hub.Automations;

/// <summary>One save of an automation.</summary>
/// <param name="Number">1 for the first; they go on when an automation is made again after it was
/// removed.</param>
/// <param name="IsFirst">True where there was no automation of this id before.</param>
internal sealed record AutomationVersion(
    int Number,
    Event Saved,
    string Definition,
    string? Source,
    int? RestoredFrom,
    bool IsFirst
)
{
    public string? Alias =>
        JsonElement.Parse(Definition).TryGetProperty("alias", out var alias)
            ? alias.ToString()
            : null;

    /// <summary>As a person wrote it; where JSON was saved, the same in YAML.</summary>
    public string Text => Source ?? AutomationYaml.Write(Definition);

    public static AutomationVersion? Of(int number, Event item) =>
        item.Data switch
        {
            AutomationCreated created => new AutomationVersion(
                number,
                item,
                created.Definition,
                created.Source,
                created.RestoredFrom,
                IsFirst: true
            ),
            AutomationUpdated updated => new AutomationVersion(
                number,
                item,
                updated.Definition,
                updated.Source,
                updated.RestoredFrom,
                IsFirst: false
            ),
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
}
