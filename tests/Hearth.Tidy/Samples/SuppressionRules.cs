using Hearth.Tidy.Rules;

namespace Hearth.Tidy.Samples;

public sealed class SuppressionRules
{
    [Fact]
    public void A_pragma_needs_a_reason_on_its_line_or_above()
    {
        const string Pragma = "#pragma warning disable CA1000";
        Sample.Breaks(Suppressions.Pragmas(Sample.Code("\n" + Pragma)), 2, "reason");
        Assert.Empty(Suppressions.Pragmas(Sample.Code(Pragma + " // Callers name the type.")));
        Assert.Empty(Suppressions.Pragmas(Sample.Code("// Callers name the type.\n" + Pragma)));
        Assert.Empty(Suppressions.Pragmas(Sample.Code("#pragma warning restore CA1000")));
    }

    [Fact]
    public void A_suppressed_message_needs_a_justification()
    {
        var bare = Sample.Code("[SuppressMessage(\"a\", \"b\")] class A;");
        var justified = Sample.Code(
            "[SuppressMessage(\"a\", \"b\", Justification = \"Why.\")] class A;"
        );
        Sample.Breaks(Suppressions.Attributes(bare), 1, "Justification");
        Assert.Empty(Suppressions.Attributes(justified));
    }

    [Fact]
    public void A_project_gives_its_reason_right_above()
    {
        const string Line = "<NoWarn>CA1000</NoWarn>";
        Sample.Breaks(Suppressions.NoWarn(Sample.Text("<A>\n" + Line)), 2, "reason");
        Assert.Empty(Suppressions.NoWarn(Sample.Text("<!-- Callers do. -->\n" + Line)));
        Assert.Empty(Suppressions.NoWarn(Sample.Text(Line + " <!-- Callers do. -->")));
    }

    [Fact]
    public void One_comment_of_the_editorconfig_may_speak_for_a_group()
    {
        const string Off = "dotnet_diagnostic.CA1.severity = none\n";
        const string On = "dotnet_diagnostic.CA2.severity = warning\n";
        Assert.Empty(Suppressions.Severities(Sample.Text("# Why.\n" + Off + Off)));
        Sample.Breaks(Suppressions.Severities(Sample.Text("# Why.\n" + On + Off)), 3, "reason");
    }
}
