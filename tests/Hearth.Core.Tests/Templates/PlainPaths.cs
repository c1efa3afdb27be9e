using CsCheck;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

/// <summary>The hot path: templates that only pick a member of the payload.</summary>
public sealed class PlainPaths
{
    [Theory]
    [InlineData("21.50", "21.5")]
    [InlineData("21.5", "21.5")]
    [InlineData("21.0", "21.0")]
    [InlineData("21.00", "21.0")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("0.00010", "0.0001")]
    [InlineData("1e3", "1000.0")]
    [InlineData("1E+22", "1e+22")]
    [InlineData("123456789012345678", "123456789012345678")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("18446744073709551616", "1.8446744073709552e+19")]
    [InlineData("0.1234567890123456789", "0.12345678901234568")]
    [InlineData("1234567890.123456", "1234567890.123456")]
    [InlineData("100000000000000000.5", "1e+17")]
    [InlineData("true", "True")]
    [InlineData("null", "None")]
    [InlineData("\"a\\u00e9\\n\"", "aé\n")]
    [InlineData("[1,2.50,\"x\"]", "[1, 2.5, 'x']")]
    [InlineData("{\"k\":null}", "{'k': None}")]
    public void A_member_prints_as_Python_prints_it(string json, string expected)
    {
        var context = Context($$"""{"other":1,"x":{{json}}}""");

        Assert.Equal(expected, Template.Parse("{{ value_json.x }}").Render(context));
        Assert.Equal(expected, Template.Parse("{{value_json['x']}}").Render(context));
    }

    [Fact]
    public void A_path_and_the_evaluator_print_the_same()
    {
        var number = Gen.OneOf(
            Gen.Double.Where(double.IsFinite).Select(d => d.ToString("R")),
            Gen.Long.Select(l => l.ToString()),
            Gen.Decimal.Select(d => d.ToString()),
            Gen.Select(Gen.Int[-999, 999], Gen.Int[0, 9999], (a, b) => $"{a}.{b}")
        );

        number.Sample(text =>
        {
            var context = Context($$"""{"x":{{text}}}""");
            string fast = Template.Parse("{{ value_json.x }}").Render(context);
            string slow = Template.Parse("{{ value_json.x }}{# #}{{ '' }}").Render(context);
            return fast == slow;
        });
    }

    [Fact]
    public void A_missing_member_prints_nothing_but_holds_nothing_either()
    {
        var context = Context("""{"a":{}}""");

        Assert.Equal("", Template.Parse("{{ value_json.b }}").Render(context));
        Assert.Equal("", Template.Parse("{{ value_json.a.b }}").Render(context));
        Assert.Throws<TemplateException>(() =>
            Template.Parse("{{ value_json.b.c }}").Render(context)
        );
    }

    [Fact]
    public void Of_two_members_with_one_name_the_last_counts()
    {
        Assert.Equal(
            "2",
            Template.Parse("{{ value_json.x }}").Render(Context("""{"x":1,"x":2}"""))
        );
    }

    [Fact]
    public void A_variable_of_the_caller_wins_over_the_payload()
    {
        var context = new TemplateContext
        {
            Payload = Payload.FromText("""{"x":1}"""),
            Variables = new TemplateVariables
            {
                ["value_json"] = TemplateValue.From(Dict("x", TemplateValue.From("mine"))),
            },
        };

        Assert.Equal("mine", Template.Parse("{{ value_json.x }}").Render(context));
    }

    [Theory]
    [InlineData("ON")]
    [InlineData("")]
    [InlineData("{\"x\":1} 2")]
    [InlineData("{\"x\":\"\\ud800\"}")]
    public void A_payload_that_is_no_JSON_leaves_value_json_undefined(string payload)
    {
        Assert.Throws<TemplateException>(() =>
            Template.Parse("{{ value_json.x }}").Render(Context(payload))
        );
        Assert.Equal(payload, Template.Parse("{{ value }}").Render(Context(payload)));
    }

    [Fact]
    public void A_path_allocates_nothing_but_its_text()
    {
        var template = Template.Parse("""{{ value_json.a["power"] }}""");
        var context = Context("""{"state":"ON","a":{"power":63.2},"linkquality":120}""");
        _ = template.Render(context);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _ = template.Render(context);
        }
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;

        // A text of four characters takes 32 bytes.
        Assert.InRange(each, 1, 40);
    }

    private static TemplateDict Dict(string key, TemplateValue value)
    {
        var dict = new TemplateDict();
        dict.Set(key, value);
        return dict;
    }

    private static TemplateContext Context(string payload) =>
        new() { Payload = Payload.FromText(payload) };
}
