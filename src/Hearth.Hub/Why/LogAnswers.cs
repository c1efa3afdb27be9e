using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;
using Hearth.Core.Why;
using Hearth.Homes;
using Hearth.Hub.Automations;
using Hearth.Hub.Events;
using Hearth.Storage;

namespace Hearth.Hub.Why;

/// <summary>Looks up in the log of a home what a question wants to know, and what its things are
/// called.</summary>
internal sealed class LogAnswers(HomeClient home, ILogSearch search, HearthOptions options)
{
    // A search that has read so many rows in vain is given up: the answer says that it is cut.
    private const int RowsMax = 4_096;

    // Up to so many, entities are read one by one; a home may have thousands.
    private const int OneByOneMax = 16;

    private Row? _row;
    private Sequence? _end;

    /// <summary>Gives a question everything that it wants.</summary>
    public async Task AnswerAsync(Question question, CancellationToken cancellationToken)
    {
        while (question.Next() is { } want)
        {
            question.Take(await LookUpAsync(want, cancellationToken));
        }
    }

    public async Task<Found> LookUpAsync(Want want, CancellationToken cancellationToken) =>
        want switch
        {
            Want.At at => new Found(
                await EventAsync(at.Sequence, cancellationToken) is { } found ? [found] : [],
                IsAll: true
            ),
            Want.Some some => await LookUpAsync(some, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>One event; null where the log does not have it, or not any more.</summary>
    public async Task<Event?> EventAsync(Sequence sequence, CancellationToken cancellationToken)
    {
        if (sequence.Value < 1 || sequence >= await EndAsync(cancellationToken))
        {
            return null;
        }

        // What led to an event is mostly in its own row.
        if (_row is null || sequence < _row.First || sequence > _row.Last)
        {
            var before = new Sequence(sequence.Value - 1);
            var rows = await home.Feed.ReadKeptAsync(before, 1, 1, cancellationToken);
            if (rows.Count == 0)
            {
                return null;
            }

            _row = rows[0];
        }

        return _row.Events.FirstOrDefault(item => item.Sequence == sequence);
    }

    /// <summary>The newest event of each program that has published one of this id.</summary>
    public async Task<IReadOnlyList<Event>> PublishedAsync(
        string id,
        string? source,
        CancellationToken cancellationToken
    )
    {
        var found = new List<Event>();
        var terms = new SearchTerm[] { new(SearchKind.Correlation, id) };
        await foreach (
            var item in new LogScan(search, home.Id, RowsMax).EventsAsync(
                Sequence.None,
                await EndAsync(cancellationToken),
                newestFirst: true,
                [terms],
                cancellationToken
            )
        )
        {
            if (
                item.Id == id
                && (source is null || item.Source == source)
                && found.All(known => known.Source != item.Source)
            )
            {
                found.Add(item);
            }
        }

        return found;
    }

    /// <summary>The newest event by which a state that a person would call another came about;
    /// null where there is none, or not any more.</summary>
    public async Task<Event?> LastChangeAsync(
        EntityRecord entity,
        CancellationToken cancellationToken
    )
    {
        var end = await EndAsync(cancellationToken);
        var wanted = new Want.Some(Sequence.None, end, true, [], entity.Id.Value, null, 1)
        {
            OnlyShown = true,
        };
        if (
            await EventAsync(entity.Changed, cancellationToken) is { } newest
            && wanted.Matches(newest)
        )
        {
            return newest;
        }

        // The state may have changed long ago, and much have been said of the entity since; but
        // when it did is known, and rows are in the order of their times.
        var last = new Sequence(end.Value - 1);
        var at = entity.LastChanged;
        var before = await EventPage.SeekAsync(home, Sequence.None, last, at, cancellationToken);
        var after = wanted with { After = before, NewestFirst = false };
        var found = await LookUpAsync(after, cancellationToken);
        // Where somebody has set the clock back in between, times lead nowhere.
        return found.First?.Time == at
            ? found.First
            : (await LookUpAsync(wanted, cancellationToken)).First;
    }

    /// <summary>One past the newest event.</summary>
    public async ValueTask<Sequence> EndAsync(CancellationToken cancellationToken) =>
        _end ??= (await home.Feed.HeadAsync(cancellationToken)).Next;

    /// <summary>What the things are called that a question speaks of.</summary>
    public async Task<NameBook> NamesAsync(Mentions mentions, CancellationToken cancellationToken)
    {
        var names = new NameBook(options.Location.Zone.ToTimeZone());
        var entities = await EntitiesAsync(mentions.Entities, cancellationToken);
        var devices = mentions.Devices.Concat(entities.Select(entity => entity.Device)).ToHashSet();
        foreach (var device in await DevicesAsync(devices, cancellationToken))
        {
            names.Add(device.Id, device.Says.Name ?? Announced(device));
        }

        foreach (var entity in entities)
        {
            var config = new EntityConfig(entity.Component, entity.DiscoveryId, entity.Options);
            names.Add(entity.Id, entity.Device, config);
        }

        if (mentions.Automations.Count > 0)
        {
            var automations = await home.Truths.AutomationsAsync(home.Id, cancellationToken);
            foreach (
                var automation in automations.Where(each => mentions.Automations.Contains(each.Id))
            )
            {
                names.Add(automation.Id, automation.Definition);
            }
        }

        return names;
    }

    private static string? Announced(DeviceRecord device) =>
        System.Text.Json.JsonElement.Parse(device.Description).TryGetProperty("name", out var name)
            ? name.GetString()
            : null;

    private async Task<Found> LookUpAsync(Want.Some some, CancellationToken cancellationToken)
    {
        var end = await EndAsync(cancellationToken);
        var terms = new List<IReadOnlyList<SearchTerm>>();
        if (some.Types.Count > 0)
        {
            terms.Add([.. some.Types.Select(type => new SearchTerm(SearchKind.Type, type))]);
        }

        if (some.Subject is { } subject)
        {
            terms.Add([new SearchTerm(SearchKind.Subject, subject)]);
        }

        if (some.Chain is { } chain)
        {
            terms.Add([new SearchTerm(SearchKind.Correlation, chain.Id)]);
        }

        var events = new List<Event>();
        var scan = new LogScan(search, home.Id, RowsMax);
        await foreach (
            var item in scan.EventsAsync(
                some.After,
                some.Before < end ? some.Before : end,
                some.NewestFirst,
                terms,
                cancellationToken
            )
        )
        {
            if (!some.Matches(item))
            {
                continue;
            }

            events.Add(item);
            if (events.Count == some.Max)
            {
                return new Found(events, IsAll: true);
            }
        }

        return new Found(events, scan.IsOver);
    }

    private async Task<IReadOnlyList<EntityRecord>> EntitiesAsync(
        IReadOnlySet<EntityId> wanted,
        CancellationToken cancellationToken
    )
    {
        if (wanted.Count > OneByOneMax)
        {
            var all = await home.Truths.EntitiesAsync(home.Id, cancellationToken);
            return [.. all.Where(entity => wanted.Contains(entity.Id))];
        }

        var found = new List<EntityRecord>();
        foreach (var id in wanted)
        {
            if (await home.Truths.EntityAsync(home.Id, id, cancellationToken) is { } entity)
            {
                found.Add(entity);
            }
        }

        return found;
    }

    private async Task<IReadOnlyList<DeviceRecord>> DevicesAsync(
        HashSet<DeviceId> wanted,
        CancellationToken cancellationToken
    )
    {
        if (wanted.Count > OneByOneMax)
        {
            return await home.Truths.DevicesAsync(home.Id, cancellationToken);
        }

        var found = new List<DeviceRecord>();
        foreach (var id in wanted)
        {
            if (await home.Truths.DeviceAsync(home.Id, id, cancellationToken) is { } device)
            {
                found.Add(device);
            }
        }

        return found;
    }
}
