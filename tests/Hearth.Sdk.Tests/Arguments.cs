namespace Hearth.Sdk.Tests;

public sealed class Arguments
{
    [Fact]
    public void An_argument_wins_over_a_variable_and_a_variable_over_the_standard()
    {
        var arguments = new HearthArguments(
            ["--host", "hub.local", "--name=lamp-2"],
            Environment(("HEARTH_HOST", "ignored"), ("HEARTH_PORT", "1884"))
        );

        var connection = arguments.Connection();

        Assert.Equal("hub.local:1884", connection.ToString());
        Assert.Null(connection.Username);
        Assert.Equal("lamp-2", arguments.Name("name", "", "desk-lamp"));
        Assert.False(arguments.Answered("", out var exitCode));
        Assert.Equal(0, exitCode);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("20s", 20_000)]
    [InlineData("1.5", 1_500)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    public void A_duration_has_a_unit_or_is_in_seconds(string text, double milliseconds)
    {
        var arguments = new HearthArguments(["--on-after", text], Environment());

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), arguments.Duration("on-after", ""));
    }

    [Theory]
    [InlineData("--port", "70000", "Option --port must be a number from 1 to 65535, not '70000'.")]
    [InlineData("--port", "NaN", "Option --port must be a number from 1 to 65535, not 'NaN'.")]
    [InlineData("--port", "--name", "Option --port needs a value.")]
    [InlineData("--after", "soon", "Option --after must be a duration such as 20s, not 'soon'.")]
    [InlineData("--after", "-3s", "Option --after must be a duration such as 20s, not '-3s'.")]
    [InlineData("--after", "0", "Option --after must be a duration such as 20s, not '0'.")]
    [InlineData("--after", "5sm", "Option --after must be a duration such as 20s, not '5sm'.")]
    [InlineData("--watts", "60", "There is no option '--watts'; --help lists them.")]
    [InlineData(
        "--name",
        "a b",
        "Option --name is not usable: 'a b' is not an id: use 1 to 64 letters a-z, digits, _ and -."
    )]
    public void A_bad_option_is_one_sentence_and_exit_code_2(
        string option,
        string value,
        string sentence
    )
    {
        var arguments = new HearthArguments([option, value], Environment());
        arguments.Connection();
        arguments.Name("name", "", "lamp");
        arguments.Duration("after", "");

        Assert.True(arguments.Answered("", out var exitCode));
        Assert.Equal(2, exitCode);
        Assert.Equal(sentence, arguments.Fault);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("no", false)]
    [InlineData("", false)]
    public void A_switch_can_be_a_variable(string value, bool isOn)
    {
        var arguments = new HearthArguments([], Environment(("HEARTH_ON_AT_START", value)));

        Assert.Equal(isOn, arguments.Flag("on-at-start", ""));
        Assert.Null(arguments.Fault);
    }

    [Fact]
    public void A_switch_takes_no_value_from_the_arguments()
    {
        var arguments = new HearthArguments(["--on-at-start", "--host", "hub"], Environment());

        Assert.True(arguments.Flag("on-at-start", ""));
        Assert.Equal("hub", arguments.Connection().Host);
        Assert.False(arguments.Answered("", out _));
    }

    [Fact]
    public void Help_lists_what_was_read()
    {
        var arguments = new HearthArguments([], Environment());
        arguments.Connection();
        arguments.Duration("on-after", "press its own switch");

        var help = arguments.Help("A lamp.");

        Assert.StartsWith("A lamp.\n", help);
        Assert.Contains("--port", help);
        Assert.Contains("(1883)", help);
        Assert.Contains("--on-after", help);
        Assert.Contains("HEARTH_HOST", help);
    }

    [Fact]
    public void The_connection_alone_can_be_read_and_complains_by_itself()
    {
        var connection = HearthConnection.FromEnvironment(["--host", "hub", "--other", "x"]);

        Assert.Equal("hub", connection.Host);
        Assert.Throws<HearthException>(() => HearthConnection.FromEnvironment(["--port", "x"]));
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] set) =>
        name => set.FirstOrDefault(variable => variable.Name == name).Value;
}
