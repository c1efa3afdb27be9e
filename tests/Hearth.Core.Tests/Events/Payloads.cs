using System.Text;
using System.Text.Json;
using CsCheck;
using Hearth.Core.Events;
using Hearth.Core.Tests.Automations;

namespace Hearth.Core.Tests.Events;

public sealed class Payloads
{
    [Theory]
    [InlineData("ON", JsonValueKind.Undefined)]
    [InlineData("", JsonValueKind.Undefined)]
    [InlineData(" ", JsonValueKind.Undefined)]
    [InlineData("night", JsonValueKind.Undefined)]
    [InlineData("12:30", JsonValueKind.Undefined)]
    [InlineData("1-2", JsonValueKind.Undefined)]
    [InlineData("{", JsonValueKind.Undefined)]
    [InlineData("{]", JsonValueKind.Undefined)]
    [InlineData("\"", JsonValueKind.Undefined)]
    [InlineData(" {\"a\":1}\n", JsonValueKind.Object)]
    [InlineData("[1]", JsonValueKind.Array)]
    [InlineData("\"a\"", JsonValueKind.String)]
    [InlineData("-1.5e3", JsonValueKind.Number)]
    [InlineData("true", JsonValueKind.True)]
    [InlineData("false", JsonValueKind.False)]
    [InlineData("null", JsonValueKind.Null)]
    public void A_payload_is_json_or_it_is_not(string text, JsonValueKind kind) =>
        Assert.Equal(kind, Payload.FromText(text).Json.ValueKind);

    [Fact]
    public void What_the_parser_takes_is_json() =>
        Gen.String[Gen.Char["{}[]\",:0123456789.-+eEtruefalsn \\a"], 0, 12]
            .Sample(text => Assert.Equal(IsJson(text), IsKnown(text)));

    [Theory]
    [InlineData("lamp/json")]
    [InlineData("any/topic")]
    [InlineData("homeassistant/light/half/config")]
    [InlineData("homeassistant/device/half/config")]
    [InlineData("homeassistant/tag/half/config")]
    public void Half_of_a_surrogate_pair_in_a_message_harms_nobody(string topic)
    {
        var home = ARun.Home();
        home.Receive(
            "homeassistant/light/json/config",
            """
            {"name":"J","unique_id":"j","schema":"json","command_topic":"j/set","brightness":true,
            "state_topic":"lamp/json","json_attributes_topic":"lamp/json",
            "device":{"identifiers":["j"],"name":"J"} }
            """
        );
        home.With(
            "it",
            "\"triggers\":[{\"trigger\":\"mqtt\",\"topic\":\"#\",\"value_template\":"
                + "\"{{ value_json.a }}\",\"payload\":\"x\"},"
                + "{\"trigger\":\"mqtt\",\"topic\":\"any/topic\"}],"
                + "\"actions\":[{\"event\":\"said\",\"event_data\":"
                + "{\"x\":\"{{ trigger.payload_json }}\"}}]"
        );
        var before = home.Home.Last;
        foreach (
            var payload in new[]
            {
                "{\"\\ud800\":1}",
                "{\"state\":\"\\ud800\",\"brightness\":\"\\ud800\"}",
                "{\"device\":{\"identifiers\":\"\\ud800\"},\"components\":{\"\\udc00\":{}}}",
            }
        )
        {
            Assert.Null(home.Receive(topic, payload).Refusal);
        }

        Assert.True(home.Home.Last > before);
        Assert.Equal(home.Home.Capture().ToBytes(), home.Restored().Capture().ToBytes());
    }

    private static bool IsKnown(string text) =>
        Payload.FromText(text).Json.ValueKind != JsonValueKind.Undefined;

    private static bool IsJson(string text)
    {
        try
        {
            _ = JsonElement.Parse(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
