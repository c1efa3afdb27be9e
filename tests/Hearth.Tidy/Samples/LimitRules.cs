using Hearth.Tidy.Rules;

namespace Hearth.Tidy.Samples;

public sealed class LimitRules
{
    [Theory]
    [InlineData("src/Hearth.Core/Devices/Device.cs", Limits.CoreFileLinesMax)]
    [InlineData("src/Hearth.Homes/Epoch.cs", Limits.FileLinesMax)]
    [InlineData("src/Hearth.Hub/Program.cs", Limits.ProgramLinesMax)]
    public void A_file_may_reach_its_limit_and_not_pass_it(string path, int linesMax)
    {
        Assert.Empty(Limits.Files(Sample.Code(Sample.Lines(linesMax), path)));
        Sample.Breaks(Limits.Files(Sample.Code(Sample.Lines(linesMax + 1), path)), 0, "Split");
    }

    [Fact]
    public void A_method_is_counted_from_its_signature_to_its_end()
    {
        Assert.Empty(Limits.Methods(Method(Limits.MethodLinesMax - 3)));
        Sample.Breaks(Limits.Methods(Method(Limits.MethodLinesMax - 2)), 5, "61");
    }

    [Fact]
    public void A_long_local_function_and_a_long_accessor_are_methods_too()
    {
        var body = Sample.Lines(Limits.MethodLinesMax);
        Assert.NotEmpty(Limits.Methods(Sample.Code($"void A()\n{{\n{body}}}\n")));
        Assert.NotEmpty(
            Limits.Methods(Sample.Code($"class A {{ int B\n{{\nget\n{{\n{body}return 1; }} }} }}"))
        );
    }

    [Fact]
    public void Data_between_raw_quotes_makes_no_method_long()
    {
        var data = $"\"\"\"\n{Sample.Lines(Limits.MethodLinesMax)}\"\"\"";
        Assert.Empty(Limits.Methods(Sample.Code($"void A()\n{{\nvar a = {data};\n}}\n")));
    }

    [Fact]
    public void A_line_may_have_100_columns()
    {
        var line = "// ".PadRight(Limits.ColumnsMax, 'x');
        Assert.Empty(Limits.Columns(Sample.Code(line)));
        Sample.Breaks(Limits.Columns(Sample.Code("\n" + line + "x")), 2, "101");
    }

    [Fact]
    public void Data_an_address_and_a_table_may_be_wider()
    {
        var wide = new string('x', 120);
        Assert.Empty(Limits.Columns(Sample.Code($"var a = \"\"\"\n{wide}\n\"\"\";")));
        Assert.Empty(Limits.Columns(Sample.Code($"// https://example.org/{wide}")));
        Assert.Empty(Limits.Columns(Sample.Code($"// csharpier-ignore\nvar a = \"{wide}\";")));
        Assert.NotEmpty(Limits.Columns(Sample.Code($"var a = $\"{wide}{{1}}\";")));
    }

    [Fact]
    public void A_sample_alone_on_its_line_may_be_wider_in_a_test()
    {
        var call = $"Check(\n\"{new string('x', 120)}\",\n1);";
        Assert.Empty(Limits.Columns(Sample.Code(call, "tests/Hearth.Core.Tests/A.cs")));
        Assert.NotEmpty(Limits.Columns(Sample.Code(call)));
    }

    private static SourceFile Method(int lines) =>
        Sample.Code(
            $"class A\n{{\n    /// <summary>Text.</summary>\n    [Obsolete]\n    void B()\n    {{\n"
                + Sample.Lines(lines)
                + "    }\n}\n"
        );
}
