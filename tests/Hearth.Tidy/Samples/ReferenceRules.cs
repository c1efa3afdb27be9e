using Hearth.Tidy.Rules;

namespace Hearth.Tidy.Samples;

public sealed class ReferenceRules
{
    [Theory]
    [InlineData("src/Hearth.Core", "src/Hearth.Storage")]
    [InlineData("src/Hearth.Storage", "src/Hearth.Homes")]
    [InlineData("src/Hearth.Mqtt", "src/Hearth.Hub")]
    [InlineData("src/Hearth.Sdk", "src/Hearth.Core")]
    [InlineData("components/LightBulb", "src/Hearth.Core")]
    [InlineData("src/Hearth.Hub", "tests/Hearth.Hub.Tests")]
    public void A_reference_against_the_direction_is_found(string from, string to) =>
        Sample.Breaks(References.Check(Project(from, Reference(to))), 0, "may use");

    [Theory]
    [InlineData("src/Hearth.Hub", "src/Hearth.Mqtt")]
    [InlineData("src/Hearth.Homes", "src/Hearth.Core")]
    [InlineData("components/LightBulb", "src/Hearth.Sdk")]
    [InlineData("tests/Hearth.Simulation", "src/Hearth.Homes")]
    public void A_reference_downwards_is_fine(string from, string to) =>
        Assert.Empty(References.Check(Project(from, Reference(to))));

    [Theory]
    [InlineData("src/Hearth.Core", "Npgsql", "Core")]
    [InlineData("src/Hearth.Hub", "Microsoft.Data.Sqlite", "Hearth.Storage")]
    [InlineData("src/Hearth.Mqtt", "MQTTnet.Server", "none")]
    [InlineData("src/Hearth.Storage", "Microsoft.Orleans.Sdk", "Hearth.Homes")]
    [InlineData("src/Hearth.Hub", "MediatR", "none")]
    [InlineData("components/LightBulb", "MQTTnet", "SDK")]
    public void A_package_in_the_wrong_room_is_found(string room, string package, string word) =>
        Sample.Breaks(
            References.Check(Project(room, $"<PackageReference Include='{package}' />")),
            0,
            word
        );

    [Fact]
    public void A_package_in_its_room_is_fine() =>
        Assert.Empty(
            References.Check(Project("src/Hearth.Sdk", "<PackageReference Include='MQTTnet' />"))
        );

    [Fact]
    public void A_room_that_nobody_decided_upon_is_found() =>
        Sample.Breaks(References.Check(Project("src/Hearth.Extra", "")), 0, "no room");

    [Fact]
    public void A_project_that_is_only_built_first_is_no_reference() =>
        Assert.Empty(
            References.Check(
                Project(
                    "src/Hearth.Hub",
                    "<ProjectReference Include='../../components/LightBulb/LightBulb.csproj'"
                        + " ReferenceOutputAssembly='false' />"
                )
            )
        );

    private static TextFile Project(string folder, string item) =>
        Sample.Text(
            $"<Project><ItemGroup>{item}</ItemGroup></Project>",
            $"{folder}/{folder.Split('/')[1]}.csproj"
        );

    private static string Reference(string folder) =>
        $"<ProjectReference Include='../../{folder}/{folder.Split('/')[1]}.csproj' />";
}
