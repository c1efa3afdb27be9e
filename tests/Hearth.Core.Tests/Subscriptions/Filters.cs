using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Core.Tests.Subscriptions;

/// <summary>Filters of the CloudEvents Subscriptions API, section 3.2.4.</summary>
public sealed class Filters
{
    private static readonly Event Push = Of(
        new ProgramEvent(
            "com.github.push",
            "cloudevents/spec",
            null,
            null,
            ContentKind.Json,
            "1",
            [KeyValuePair.Create("room", "\"hall\""), KeyValuePair.Create("level", "3")]
        )
    );

    private static readonly Event Message = Of(
        new MessageReceived("home/desk/power", Payload.FromText("63"), 1, false, "desk")
    );

    [Theory]
    [InlineData("""{"exact":{"type":"com.github.push","subject":"cloudevents/spec"}}""", true)]
    [InlineData("""{"exact":{"type":"com.github.push","subject":"other"}}""", false)]
    [InlineData("""{"exact":{"type":"COM.github.push"}}""", false)]
    [InlineData("""{"exact":{"room":"hall"}}""", true)]
    [InlineData("""{"exact":{"level":"3"}}""", true)]
    [InlineData("""{"exact":{"nosuch":"hall"}}""", false)]
    [InlineData("""{"prefix":{"type":"com.github."}}""", true)]
    [InlineData("""{"prefix":{"type":"com.github.","source":"/nowhere"}}""", false)]
    [InlineData("""{"suffix":{"type":".push","subject":"/spec"}}""", true)]
    [InlineData("""{"suffix":{"type":".pull"}}""", false)]
    [InlineData("""{"not":{"exact":{"type":"com.github.push"}}}""", false)]
    [InlineData("""{"not":{"exact":{"nosuch":"x"}}}""", true)]
    [InlineData("""{"all":[{"prefix":{"type":"com."}},{"suffix":{"type":".push"}}]}""", true)]
    [InlineData("""{"all":[{"prefix":{"type":"com."}},{"suffix":{"type":".pull"}}]}""", false)]
    [InlineData("""{"any":[{"prefix":{"type":"org."}},{"suffix":{"type":".push"}}]}""", true)]
    [InlineData("""{"any":[{"prefix":{"type":"org."}},{"suffix":{"type":".pull"}}]}""", false)]
    [InlineData("""{"topic":"#"}""", false)]
    public void A_dialect_means_what_the_specification_says(string filter, bool matches) =>
        Assert.Equal(matches, Read($"[{filter}]").Matches(Push));

    [Theory]
    [InlineData("home/+/power", true)]
    [InlineData("home/#", true)]
    [InlineData("home/+", false)]
    public void A_topic_filter_is_matched_by_messages(string filter, bool matches) =>
        Assert.Equal(matches, Read($$"""[{"topic":"{{filter}}"}]""").Matches(Message));

    [Fact]
    public void Every_filter_of_the_list_must_match()
    {
        const string holds = """{"prefix":{"type":"com."}}""";
        const string fails = """{"exact":{"type":"other"}}""";

        Assert.True(Read($"[{holds},{holds}]").Matches(Push));
        Assert.False(Read($"[{holds},{fails}]").Matches(Push));
        Assert.True(Read("[]").Matches(Push));
    }

    [Theory]
    [InlineData("""[{"sql":"TRUE"}]""", "/filters/0/sql")]
    [InlineData("""[{"exact":{}}]""", "/filters/0/exact")]
    [InlineData("""[{"exact":{"type":""}}]""", "/filters/0/exact/type")]
    [InlineData("""[{"exact":{"Type":"x"}}]""", "/filters/0/exact/Type")]
    [InlineData("""[{"all":[]}]""", "/filters/0/all")]
    [InlineData("""[{"any":[{"not":{"huh":1}}]}]""", "/filters/0/any/0/not/huh")]
    [InlineData("""[{"topic":"a/#/b"}]""", "/filters/0/topic")]
    [InlineData("""[{"exact":{"type":"a"},"prefix":{"type":"b"}}]""", "/filters/0")]
    public void A_filter_that_is_not_understood_is_refused_with_its_place(
        string filters,
        string place
    )
    {
        var faults = new List<Fault>();

        Assert.Null(SubscriptionDefinition.Read(Definition(filters), faults));
        Assert.Equal(place, Assert.Single(faults).Pointer);
    }

    [Fact]
    public void An_unknown_dialect_is_named_with_those_that_are_known()
    {
        var faults = new List<Fault>();
        SubscriptionDefinition.Read(Definition("""[{"sql":"TRUE"}]"""), faults);

        Assert.Equal(
            "There is no filter dialect \"sql\" here; there are exact, prefix, suffix, all, any,"
                + " not, topic.",
            faults[0].Detail
        );
    }

    [Fact]
    public void Types_and_source_narrow_it_further()
    {
        var json =
            """{"sink":"https://x.example/","protocol":"HTTP","types":["com.github.push"],"source":"/github"}""";
        var definition = SubscriptionDefinition.Read(json, [])!;

        Assert.True(definition.Matches(Push));
        Assert.False(definition.Matches(Push with { Source = "/gitlab" }));
        Assert.False(definition.Matches(Message));
    }

    private static SubscriptionDefinition Read(string filters) =>
        SubscriptionDefinition.Read(Definition(filters), [])!;

    private static string Definition(string filters) =>
        $$"""{"sink":"https://x.example/","protocol":"HTTP","filters":{{filters}}}""";

    private static Event Of(EventData data) =>
        new()
        {
            Sequence = new Sequence(7),
            Id = "7",
            Source = "/github",
            Time = AHome.Monday,
            RecordedTime = AHome.Monday,
            Principal = Principal.Anonymous,
            Root = new EventRef(new Sequence(7), "7"),
            Data = data,
        };
}
