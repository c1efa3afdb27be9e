using Hearth.Tidy.Rules;

namespace Hearth.Tidy.Samples;

public sealed class LayoutRules
{
    [Fact]
    public void A_root_may_have_20_entries()
    {
        var paths = Enumerable.Range(0, 20).Select(number => $"{number}/a").ToList();
        Assert.Empty(Layout.RootEntries([.. paths, "0/b"]));
        Sample.Breaks(Layout.RootEntries([.. paths, "README.md"]), 0, "21");
    }

    [Fact]
    public void An_editorconfig_may_have_60_lines()
    {
        Assert.Empty(Layout.EditorConfig(Sample.Text(Sample.Lines(60))));
        Sample.Breaks(Layout.EditorConfig(Sample.Text(Sample.Lines(61))), 0, "defaults");
    }

    [Fact]
    public void A_project_without_a_lock_file_is_found()
    {
        Sample.Breaks(Layout.LockFiles(["a/a.csproj", "b/packages.lock.json"]), 0, "restore");
        Assert.Empty(Layout.LockFiles(["a/a.csproj", "a/packages.lock.json"]));
    }

    [Fact]
    public void A_project_that_nobody_builds_is_found()
    {
        Sample.Breaks(
            Layout.Solution(["a/a.csproj"], "<Project Path=\"b/b.csproj\" />"),
            0,
            "slnx"
        );
        Assert.Empty(Layout.Solution(["a/a.csproj"], "<Project Path=\"a/a.csproj\" />"));
    }

    [Theory]
    [InlineData("home", "ana/hearth")]
    [InlineData("Users", "ana")]
    [InlineData("root", "data")]
    public void A_path_of_one_machine_is_found(string folder, string rest) =>
        Sample.Breaks(
            Layout.MachinePaths(Sample.Text($"a\nsee \"/{folder}/{rest}\"")),
            2,
            "machine"
        );

    [Theory]
    [InlineData("/api/v1/homes/{home}/devices")]
    [InlineData("zigbee2mqtt/home/lamp")]
    [InlineData("{prefix}/home/lamp")]
    public void A_topic_or_a_route_is_no_path(string text) =>
        Assert.Empty(Layout.MachinePaths(Sample.Text(text)));
}
