namespace Hearth.Core.Subscriptions;

/// <summary>Something that is true of every event that a subscription wants.</summary>
internal readonly record struct SubscriptionKey(SubscriptionKey.Of Kind, string Text)
{
    /// <summary>What it is about, in the order of how little each lets through.</summary>
    internal enum Of
    {
        Topic,
        Subject,
        Type,
        Beginning,
        Source,
    }

    /// <summary>Keys of which one holds for whatever is wanted; null where there are none that say
    /// so.</summary>
    public static IReadOnlyList<SubscriptionKey>? For(SubscriptionDefinition definition) =>
        Best([
            definition.Types is { } types
                ? [.. types.Select(type => new SubscriptionKey(Of.Type, type))]
                : null,
            definition.Source is { } source ? [new SubscriptionKey(Of.Source, source)] : null,
            .. definition.Filters.Select(For),
        ]);

    private static IReadOnlyList<SubscriptionKey>? For(SubscriptionFilter filter) =>
        filter switch
        {
            SubscriptionFilter.Texts texts => Best(
                texts.Attributes.Select(attribute => For(texts.Dialect, attribute))
            ),
            SubscriptionFilter.Topic topic => [new SubscriptionKey(Of.Topic, topic.Filter)],
            SubscriptionFilter.All all => Best(all.Filters.Select(For)),
            SubscriptionFilter.Any any => Together([.. any.Filters.Select(For)]),
            // What something is not, says nothing about where to look for it.
            _ => null,
        };

    private static IReadOnlyList<SubscriptionKey>? For(
        string dialect,
        KeyValuePair<string, string> attribute
    ) =>
        (dialect, attribute.Key) switch
        {
            ("exact", "type") => [new SubscriptionKey(Of.Type, attribute.Value)],
            ("exact", "subject") => [new SubscriptionKey(Of.Subject, attribute.Value)],
            ("exact", "source") => [new SubscriptionKey(Of.Source, attribute.Value)],
            ("prefix", "type") => [new SubscriptionKey(Of.Beginning, attribute.Value)],
            _ => null,
        };

    /// <summary>All of them hold: the ones that let least through are enough.</summary>
    private static IReadOnlyList<SubscriptionKey>? Best(
        IEnumerable<IReadOnlyList<SubscriptionKey>?> all
    ) =>
        all.OfType<IReadOnlyList<SubscriptionKey>>()
            .MinBy(keys => (keys.Select(key => key.Kind).DefaultIfEmpty().Max(), keys.Count));

    /// <summary>One of them holds, so each has to have keys.</summary>
    private static IReadOnlyList<SubscriptionKey>? Together(
        IReadOnlyList<SubscriptionKey>?[] any
    ) => any.Contains(null) ? null : [.. any.SelectMany(keys => keys!)];
}
