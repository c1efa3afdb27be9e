using System.Text;
using System.Text.Json;
using CsCheck;
using Hearth.Core.Events;

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
