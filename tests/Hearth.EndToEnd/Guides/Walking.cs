using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Guides;

/// <summary>The pages of <c>docs/guides</c>: what they tell to do is done, and what they show is
/// what is printed.</summary>
public sealed class Walking
{
    private static readonly string Folder = Path.Combine(Built.Root, "docs", "guides");

    [Theory]
    [InlineData("curl.md")]
    [InlineData("mosquitto.md")]
    [InlineData("node.md")]
    [InlineData("python.md")]
    [InlineData("webhook.md")]
    [InlineData("csharp.md")]
    public async Task What_a_page_shows_is_what_happens(string page)
    {
        var steps = GuidePage.Read(
            await File.ReadAllTextAsync(
                Path.Combine(Folder, page),
                TestContext.Current.CancellationToken
            )
        );
        await using var walk = new Walk();
        await PrepareAsync(walk.Folder, steps);

        await walk.GoAsync(steps);
    }

    [Fact]
    public void Every_page_that_tells_to_do_something_is_walked()
    {
        var walked = GetType()
            .GetMethod(nameof(What_a_page_shows_is_what_happens))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Cast<InlineDataAttribute>()
            .Select(attribute => (string)attribute.Data[0]!);

        var pages = Directory
            .EnumerateFiles(Folder, "*.md")
            .Where(file => File.ReadAllText(file).Contains("\n```sh", StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file));

        Assert.Equal(pages.Order(), walked.Order());
    }

    /// <summary>What a reader has installed: the packages of Node.js, and the SDK as it was built
    /// with these tests.</summary>
    private static async Task PrepareAsync(string folder, IReadOnlyList<Step> steps)
    {
        var files = steps
            .OfType<Step.File>()
            .Select(file => Path.GetExtension(file.Name))
            .ToHashSet();
        if (files.Contains(".mjs"))
        {
            await NodePackages.InstallAsync();
            Directory.CreateSymbolicLink(
                Path.Combine(folder, "node_modules"),
                Path.Combine(NodePackages.Folder, "node_modules")
            );
        }

        if (files.Contains(".cs"))
        {
            var built = Path.GetDirectoryName(Built.LightBulb)!;
            await File.WriteAllTextAsync(
                Path.Combine(folder, "Directory.Build.props"),
                $"""
                <Project>
                  <ItemGroup>
                    <Reference Include="{Path.Combine(built, "Hearth.Sdk.dll")}" />
                    <Reference Include="{Path.Combine(built, "MQTTnet.dll")}" />
                  </ItemGroup>
                </Project>
                """,
                TestContext.Current.CancellationToken
            );
        }
    }
}
