using Hearth.Core.Automations;

namespace Hearth.Core.Tests.Automations;

public sealed class KeepingWhatWasWritten
{
    private const string Definition = """
        {"triggers":[],"actions":[{"event":"a.b"}]}
        """;

    [Fact]
    public void A_remark_that_changes_is_a_change_and_outlives_a_snapshot()
    {
        var home = new AHome();
        Assert.Null(Save(home, "# One\nactions: [{event: a.b}]"));
        Assert.Null(Save(home, "# One\nactions: [{event: a.b}]"));
        Assert.Empty(home.Of<AutomationUpdated>());
        Assert.Null(Save(home, "# Two\nactions: [{event: a.b}]"));
        Assert.StartsWith("# Two", Assert.Single(home.Of<AutomationUpdated>()).Source);

        var snapshot = HomeSnapshot.FromBytes(home.Home.Capture().ToBytes());
        var state = HomeState.From(home.Home.Id, snapshot);
        Assert.StartsWith("# Two", state.Automations.All["a"].Source);

        Assert.Null(Save(home, null));
        Assert.Null(home.Of<AutomationUpdated>().Last().Source);
    }

    private static Refusal? Save(AHome home, string? source) =>
        home.Ask(new SaveAutomation("a", Definition, Source: source)).Refusal;
}
