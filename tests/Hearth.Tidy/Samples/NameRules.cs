using Hearth.Tidy.Rules;

namespace Hearth.Tidy.Samples;

public sealed class NameRules
{
    [Theory]
    [InlineData("class DeviceManager;", "Manager")]
    [InlineData("record TopicHelpers;", "Helpers")]
    [InlineData("struct PacketInfo;", "Info")]
    [InlineData("interface IHomeService;", "Service")]
    [InlineData("class Outer { enum LampData { A } }", "Data")]
    [InlineData("delegate void LogImpl();", "Impl")]
    public void A_type_that_says_only_that_it_is_a_thing_is_found(string code, string ending) =>
        Sample.Breaks(Names.Types(Sample.Code("\n" + code)), 2, $"'{ending}'");

    [Theory]
    [InlineData("class Database;")]
    [InlineData("class DataReader;")]
    [InlineData("abstract record EventData;")]
    [InlineData("class A { int CommonInfo; }")]
    public void Other_names_are_free(string code) => Assert.Empty(Names.Types(Sample.Code(code)));

    [Theory]
    [InlineData("src/Hearth.Common/A.cs")]
    [InlineData("src/Hearth.Core/Helpers/A.cs")]
    public void A_folder_for_what_has_no_place_is_found(string path) =>
        Sample.Breaks(Names.Folders(path), 0, "feature");

    [Fact]
    public void A_folder_of_a_feature_is_fine() =>
        Assert.Empty(Names.Folders("src/Hearth.Core/Devices/Common.cs"));

    [Fact]
    public void A_blank_in_a_file_name_is_found()
    {
        Sample.Breaks(Names.Spaces("docs/my file.md"), 0, "hyphen");
        Assert.Empty(Names.Spaces("docs/my-file.md"));
    }
}
