using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Why;

namespace Hearth.Core.Tests.Why;

/// <summary>Devices and programs say anything; a sentence shows it and nothing of it acts.
/// </summary>
public sealed class WordsFromOutside
{
    [Fact]
    public void A_state_that_became_empty_is_told_as_such()
    {
        var home = WithANote("Note");
        home.Receive("note/state", "{\"say\":\"hello\"}");
        home.Receive("note/state", "{\"say\":\"\"}");
        var why = home.WhyState("sensor.note_words");
        Assert.Equal("Note Words changed from hello to \"\".", why.Step.Sentence.ToString());
        Assert.StartsWith("Note Words changed from hello to \"\"", why.Said());
    }

    [Fact]
    public void What_would_act_on_a_terminal_or_tear_a_line_is_shown_as_a_dot()
    {
        var home = WithANote("No\\u001bte\\u202e");
        home.Receive("note/state", "{\"say\":\"hello\"}");
        home.Receive("note/state", "{\"say\":\"a\\u001b[2Jb\\r\\nc\\u009bd\\u2028e\"}");
        Assert.StartsWith(
            "No·te· Words changed from hello to a·[2Jb··c·d·e",
            home.WhyState("sensor.note_words").Said()
        );
        home.Receive("bell", "di\u001b]0;ng\n");
        Assert.Contains("published \"di·]0;ng·\" on", home.Why<MessageReceived>().Said());
    }

    [Fact]
    public void What_it_stands_for_is_left_as_it_was_said()
    {
        var home = new AHome();
        home.Receive("bell", "di\u001bng");
        var quote = home.Why<MessageReceived>()
            .Sentence.Parts.First(part => part.Kind == PartKind.Quote);
        Assert.Equal("di\u001bng", quote.Of);
    }

    [Theory]
    [InlineData(78)]
    [InlineData(79)]
    [InlineData(80)]
    public void A_payload_is_never_cut_within_a_character(int before)
    {
        var home = new AHome();
        home.Receive("bell", new string('a', before) + "😀😀");
        var said = home.Why<MessageReceived>().Said();
        Assert.Contains(new string('a', before) + (before == 78 ? "😀…" : "…"), said);
        Assert.DoesNotContain(
            '\uFFFD',
            System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(said))
        );
    }

    [Fact]
    public void An_attribute_is_never_cut_within_a_character()
    {
        var home = WithANote("Note");
        home.Receive("note/more", "{\"text\":\"short\"}");
        home.Receive("note/more", $"{{\"text\":\"{new string('a', 39)}😀😀\"}}");
        Assert.Contains($" from short to {new string('a', 39)}…", home.Why<StateChanged>().Said());
    }

    private static AHome WithANote(string name)
    {
        var home = new AHome();
        home.Receive(
            "homeassistant/sensor/note/config",
            $$$"""
            {"name":"Words","unique_id":"note_words","state_topic":"note/state",
            "object_id":"note_words","value_template":"{{ value_json.say }}",
            "json_attributes_topic":"note/more",
            "device":{"identifiers":["note"],"name":"{{{name}}}"} }
            """
        );
        return home;
    }
}
