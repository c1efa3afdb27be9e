using System.Text;
using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Hub.Automations;

namespace Hearth.Hub.Tests.Automations;

/// <summary>Automations as people have them, in every spelling, each a file in Pasted.</summary>
public sealed class PastedAutomations
{
    private static readonly string Folder = Path.Combine(
        CommittedFile.Root(),
        "tests/Hearth.Hub.Tests/Automations/Pasted"
    );

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_is_taken_as_it_is(string file)
    {
        var text = AutomationText.Read(File.ReadAllBytes(Path.Combine(Folder, file)), isYaml: true);
        Assert.Empty(text.Unreadable);
        Assert.Empty(AutomationCheck.Of(text.Definition!, null).Faults);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_means_the_same_when_it_is_given_back_from_JSON(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, file));
        var definition = AutomationText.Read(bytes, isYaml: true).Definition!;
        var yaml = Encoding.UTF8.GetBytes(AutomationYaml.Write(definition));
        var again = AutomationText.Read(yaml, isYaml: true).Definition!;
        Assert.True(
            JsonElement.DeepEquals(JsonElement.Parse(definition), JsonElement.Parse(again)),
            Encoding.UTF8.GetString(yaml)
        );
    }
}
