using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Devices;
using Hearth.Storage;

namespace Hearth.Hub.Automations;

/// <summary>
/// The runs of an automation, put together from what the log says of them. Nothing about them is
/// kept elsewhere, so they live as long as their events.
/// </summary>
internal sealed class RunHistory(HomeClient home, ILogSearch search, string automation)
{
    private static readonly SearchTerm[] Definitions =
    [
        new(SearchKind.Type, AutomationCreated.TypeName),
        new(SearchKind.Type, AutomationUpdated.TypeName),
    ];

    private static readonly SearchTerm[] Progress =
    [
        new(SearchKind.Type, CommandSent.TypeName),
        new(SearchKind.Type, CommandAcknowledged.TypeName),
        new(SearchKind.Type, CommandFailed.TypeName),
        new(SearchKind.Type, CommandExpired.TypeName),
    ];

    private readonly SearchTerm[] _about = [new(SearchKind.Subject, "automation." + automation)];

    /// <summary>The newest runs before a sequence, newest first.</summary>
    /// <returns>The runs, and before which one the next page begins; null where there is no more.
    /// </returns>
    public async Task<(IReadOnlyList<RunRecord> Runs, Sequence? Next)> PageAsync(
        Sequence? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var end = (await home.Feed.HeadAsync(cancellationToken)).Next;
        var last = before is { } wanted && wanted < end ? wanted : end;
        var scan = new LogScan(search, home.Id);
        var runs = new List<RunRecord>();
        var later = new Dictionary<Sequence, List<Event>>();
        var events = scan.EventsAsync(Sequence.None, last, true, [_about], cancellationToken);
        await foreach (var item in events)
        {
            if (item.Data is AutomationRunEvent told && told.Automation == automation)
            {
                later.TryAdd(told.Run, []);
                later[told.Run].Insert(0, item);
            }
            else if (item.Data is AutomationTriggered began && began.Automation == automation)
            {
                if (runs.Count == limit)
                {
                    return (await CompleteAsync(runs, last, cancellationToken), runs[^1].Id);
                }

                later.Remove(item.Sequence, out var rest);
                runs.Add(new RunRecord(item, began, rest ?? []));
            }
        }

        return (
            await CompleteAsync(runs, last, cancellationToken),
            scan.IsOver ? null : scan.Looked
        );
    }

    /// <summary>One run; null where there is none.</summary>
    public async Task<RunRecord?> FindAsync(Sequence run, CancellationToken cancellationToken)
    {
        if (run.Value < 1)
        {
            return null;
        }

        var rows = await home.Feed.ReadKeptAsync(
            new Sequence(run.Value - 1),
            rowsMax: 1,
            bytesMax: 1,
            cancellationToken
        );
        var began = rows.SelectMany(row => row.Events).FirstOrDefault(item => item.Sequence == run);
        return began?.Data is AutomationTriggered triggered && triggered.Automation == automation
            ? await CompleteAsync(new RunRecord(began, triggered, []), run, cancellationToken)
            : null;
    }

    /// <summary>What a run asked entities to do, and how it ended.</summary>
    public async Task<IReadOnlyList<CommandBody>> CommandsAsync(
        RunRecord run,
        CancellationToken cancellationToken
    )
    {
        var commands = new SortedDictionary<Sequence, CommandBody>();
        var entities = new HashSet<EntityId>();
        var end = (await home.Feed.HeadAsync(cancellationToken)).Next;
        var last = run.Last is { } over ? over.Sequence.Next : end;
        await foreach (
            var item in new LogScan(search, home.Id).EventsAsync(
                run.Id,
                last,
                newestFirst: false,
                [run.Chain, [new SearchTerm(SearchKind.Type, CommandRequested.TypeName)]],
                cancellationToken
            )
        )
        {
            if (item.Data is CommandRequested requested && item.Cause?.Sequence == run.Id)
            {
                commands[item.Sequence] = CommandBody.Of(item, requested);
                entities.Add(requested.Entity);
            }
        }

        if (commands.Count > 0)
        {
            await FollowAsync(commands, entities, end, cancellationToken);
        }

        return [.. commands.Values];
    }

    // What acknowledges a command is a report, which has a chain of its own.
    private async Task FollowAsync(
        SortedDictionary<Sequence, CommandBody> commands,
        IEnumerable<EntityId> entities,
        Sequence end,
        CancellationToken cancellationToken
    )
    {
        var about = entities.Select(entity => new SearchTerm(SearchKind.Subject, entity.Value));
        await foreach (
            var item in new LogScan(search, home.Id).EventsAsync(
                commands.First().Key,
                end,
                newestFirst: false,
                [
                    [.. about],
                    Progress,
                ],
                cancellationToken
            )
        )
        {
            if (
                item.Data is CommandProgress progress
                && commands.TryGetValue(progress.Command, out var command)
            )
            {
                commands[progress.Command] = command.After(progress);
                if (commands.Values.All(each => each.IsOver))
                {
                    return;
                }
            }
        }
    }

    /// <summary>The automation as it was when a run began; null where the log does not say it.
    /// </summary>
    public async Task<string?> DefinitionAsync(RunRecord run, CancellationToken cancellationToken)
    {
        await foreach (
            var item in new LogScan(search, home.Id).EventsAsync(
                Sequence.None,
                run.Id,
                newestFirst: true,
                [_about, Definitions],
                cancellationToken
            )
        )
        {
            switch (item.Data)
            {
                case AutomationCreated created when created.Automation == automation:
                    return created.Definition;
                case AutomationUpdated updated when updated.Automation == automation:
                    return updated.Definition;
            }
        }

        return null;
    }

    // A run that began before what was looked through may have ended after it.
    private async Task<IReadOnlyList<RunRecord>> CompleteAsync(
        List<RunRecord> runs,
        Sequence looked,
        CancellationToken cancellationToken
    )
    {
        for (var index = 0; index < runs.Count; index++)
        {
            runs[index] = await CompleteAsync(
                runs[index],
                new Sequence(looked.Value - 1),
                cancellationToken
            );
        }

        return runs;
    }

    private async Task<RunRecord> CompleteAsync(
        RunRecord run,
        Sequence after,
        CancellationToken cancellationToken
    )
    {
        var end = (await home.Feed.HeadAsync(cancellationToken)).Next;
        if (run.Last is not null || after.Next >= end)
        {
            return run;
        }

        var later = run.Later.ToList();
        var events = new LogScan(search, home.Id).EventsAsync(
            after,
            end,
            newestFirst: false,
            [_about, run.Chain],
            cancellationToken
        );
        await foreach (var item in events)
        {
            if (item.Data is not AutomationRunEvent told || told.Run != run.Id)
            {
                continue;
            }

            later.Add(item);
            if (told is AutomationFinished or AutomationFailed)
            {
                break;
            }
        }

        return run with
        {
            Later = later,
        };
    }
}

/// <summary>A run as its events tell it.</summary>
/// <param name="Later">What was said of it afterwards, oldest first.</param>
internal sealed record RunRecord(
    Event Began,
    AutomationTriggered Triggered,
    IReadOnlyList<Event> Later
)
{
    public Sequence Id => Began.Sequence;

    /// <summary>The event that ended it, or kept it from beginning; null while it runs.</summary>
    public Event? Last =>
        Triggered.StoppedBy is not null ? Began
        : Later.Count > 0 && Later[^1].Data is AutomationFinished or AutomationFailed ? Later[^1]
        : null;

    /// <summary>What everything is found by that the same first event led to.</summary>
    public SearchTerm[] Chain => [new(SearchKind.Correlation, Began.Root.Id)];
}
