using Hearth.Core;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Tests.Problems;

public sealed class EveryProblem : IAsyncLifetime
{
    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task An_unknown_address_is_named()
    {
        var answer = await _hub.GetAsync("/api/v1/nothing");
        Assert.Equal((404, "unknown-route"), (answer.Status, answer.Problem));
        Assert.Contains("/api/v1/nothing", answer.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_wrong_method_is_answered_with_those_that_are_taken()
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/events");
        var answer = await _hub.SendAsync(request);
        Assert.Equal((405, "method-not-allowed"), (answer.Status, answer.Problem));
        Assert.Contains("POST", answer.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Help_leads_to_the_part_of_the_page_that_explains_the_kind()
    {
        var answer = await _hub.GetAsync("/api/v1/nothing");
        var help = answer.Json.GetProperty("help").GetString()!;
        Assert.Equal("/problems#unknown-route", help);
        var page = await _hub.GetAsync(help);
        Assert.Equal("text/markdown", page.MediaType);
        Assert.Contains("## unknown-route\n", page.Body);
    }

    [Fact]
    public void Every_refusal_of_a_home_has_its_problem() =>
        Assert.All(
            Enum.GetValues<RefusalKind>(),
            kind => Assert.InRange(ProblemKinds.Of(kind).Status, 400, 499)
        );

    [Fact]
    public void Names_are_there_once() =>
        Assert.Equal(
            ProblemKinds.All.Count,
            ProblemKinds.All.Select(kind => kind.Name).Distinct().Count()
        );

    [Fact]
    public void The_committed_page_is_the_table() =>
        CommittedFile.AssertEqual("docs/api/problems.md", ProblemKinds.ToMarkdown());

    [Fact]
    public async Task The_committed_document_is_what_the_hub_says_of_itself()
    {
        var answer = await _hub.GetAsync("/openapi/v1.json");
        Assert.Equal(200, answer.Status);
        CommittedFile.AssertEqual(
            "docs/api/openapi.json",
            answer.Body.ReplaceLineEndings("\n") + "\n"
        );
    }

    [Fact]
    public async Task The_page_to_browse_it_is_there_and_needs_nothing_from_elsewhere()
    {
        var answer = await _hub.GetAsync("/docs/");
        Assert.Equal((200, "text/html"), (answer.Status, answer.MediaType));
        Assert.DoesNotContain("cdn.jsdelivr.net", answer.Body);
    }
}
