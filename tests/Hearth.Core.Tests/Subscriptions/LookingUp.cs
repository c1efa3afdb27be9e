using CsCheck;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Core.Tests.Subscriptions;

/// <summary>Who wants an event is looked up, and comes out as if each had been asked.</summary>
public sealed class LookingUp
{
    private static readonly Gen<string> Word = Gen.OneOf("a", "b", "a.b", "a.b.c", "com.a");
    private static readonly Gen<string> Topic = Gen.OneOf(
        "a",
        "a/b",
        "a/b/c",
        "b/b/c",
        "$a/b",
        "/a",
        "a/"
    );
    private static readonly Gen<string> TopicFilter = Gen.OneOf(
        "#",
        "a",
        "a/#",
        "a/+",
        "+/b/#",
        "+/+",
        "a/b/c",
        "$a/#",
        "/+",
        "a/"
    );

    private static readonly Gen<string> Attribute = Gen.OneOf("type", "source", "subject");

    private static readonly Gen<string> Filter = Gen.Recursive<string>(
        (depth, again) =>
        {
            var texts = Gen.Select(
                Gen.OneOf("exact", "prefix", "suffix"),
                Attribute,
                Word,
                (dialect, name, word) => $$$"""{"{{{dialect}}}":{"{{{name}}}":"{{{word}}}"}}"""
            );
            var topic = TopicFilter.Select(filter => $$"""{"topic":"{{filter}}"}""");
            if (depth > 2)
            {
                return Gen.OneOf<string>(texts, topic);
            }

            var list = again.List[1, 3].Select(items => string.Join(',', items));
            return Gen.OneOf<string>(
                texts,
                topic,
                list.Select(items => $$"""{"all":[{{items}}]}"""),
                list.Select(items => $$"""{"any":[{{items}}]}"""),
                again.Select(item => $$"""{"not":{{item}}}""")
            );
        }
    );

    private static readonly Gen<SubscriptionDefinition> Definition = Gen.Select(
        Filter.List[0, 2],
        Word.List[0, 2],
        Word,
        Gen.Bool,
        (filters, types, source, hasSource) =>
            Read(
                (types.Count > 0 ? $"\"types\":[\"{string.Join("\",\"", types)}\"]," : "")
                    + (hasSource ? $"\"source\":\"{source}\"," : "")
                    + $"\"filters\":[{string.Join(',', filters)}]"
            )
    );

    private static readonly Gen<Event> Anything = Gen.OneOf<Event>(
        Gen.Select(Word, Word, Word, (type, source, subject) => Of(type, source, subject)),
        Topic.Select(topic =>
            Of(new MessageReceived(topic, Payload.FromText("1"), 0, false, "c"), "a")
        )
    );

    [Fact]
    public void Nobody_who_wants_an_event_is_left_out_and_nobody_is_found_twice() =>
        Gen.Select(Definition.List[0, 30], Anything.List[1, 10])
            .Sample(
                (definitions, events) =>
                {
                    var index = Index(definitions);
                    foreach (var item in events)
                    {
                        var found = new List<int>();
                        index.Find(item, found);
                        Assert.Equal(found.Distinct().Count(), found.Count);
                        Assert.Equal(
                            definitions
                                .Index()
                                .Where(one => one.Item.Matches(item))
                                .Select(one => one.Index),
                            found.Where(number => definitions[number].Matches(item)).Order()
                        );
                    }
                },
                iter: 2_000
            );

    [Theory]
    [InlineData("""{"exact":{"type":"t.7"}}""")]
    [InlineData("""{"prefix":{"type":"t.7"}}""")]
    [InlineData("""{"exact":{"subject":"t.7"}}""")]
    [InlineData("""{"all":[{"suffix":{"type":"7"}},{"exact":{"source":"t.7"}}]}""")]
    [InlineData("""{"any":[{"exact":{"type":"t.7"}},{"exact":{"type":"other"}}]}""")]
    public void Of_ten_thousand_only_those_are_looked_at_that_may_want_it(string filter)
    {
        var definitions = Enumerable
            .Range(10, 10_000)
            .Select(number => $"\"types\":[\"com.example.{number}\"]")
            .Append($"\"filters\":[{filter}]")
            .Append("\"filters\":[{\"not\":{\"exact\":{\"type\":\"x\"}}}]")
            .Select(Read)
            .ToList();
        var found = new List<int>();

        Index(definitions).Find(Of("t.7", "t.7", "t.7"), found);

        Assert.Equal([10_000, 10_001], found.Order());
    }

    [Theory]
    [InlineData("home/7/power", true)]
    [InlineData("home/+/power", true)]
    [InlineData("home/7/#", true)]
    [InlineData("home/7/power/#", true)]
    [InlineData("#", true)]
    [InlineData("home/+", false)]
    [InlineData("home/8/#", false)]
    [InlineData("home/7/power/+", false)]
    public void A_topic_is_looked_up_level_by_level(string filter, bool isFound)
    {
        var index = Index([Read($"\"filters\":[{{\"topic\":\"{filter}\"}}]")]);
        var found = new List<int>();

        index.Find(
            Of(new MessageReceived("home/7/power", Payload.FromText("1"), 0, false, "c"), "/h"),
            found
        );

        Assert.Equal(isFound, found.Count == 1);
    }

    private static SubscriptionIndex<int> Index(IEnumerable<SubscriptionDefinition> definitions) =>
        new(definitions.Index().Select(one => KeyValuePair.Create(one.Index, one.Item)));

    private static SubscriptionDefinition Read(string members) =>
        SubscriptionDefinition.Read(
            $$"""{"sink":"https://x.example/","protocol":"HTTP",{{members}}}""",
            []
        )!;

    private static Event Of(string type, string source, string subject) =>
        Of(new ProgramEvent(type, subject, null, null, ContentKind.Json, "1", []), source);

    private static Event Of(EventData data, string source) =>
        new()
        {
            Sequence = new Sequence(7),
            Id = "7",
            Source = source,
            Time = AHome.Monday,
            RecordedTime = AHome.Monday,
            Principal = Principal.Anonymous,
            Root = new EventRef(new Sequence(7), "7"),
            Data = data,
        };
}
