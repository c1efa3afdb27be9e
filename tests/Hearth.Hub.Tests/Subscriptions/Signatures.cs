using System.Text;
using Hearth.Hub.Subscriptions;

namespace Hearth.Hub.Tests.Subscriptions;

public sealed class Signatures
{
    // The test vector of the Standard Webhooks reference libraries.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    [Fact]
    public void A_signature_is_the_one_of_the_standards_test_vector() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Sign([Secret], Id, Time, Body)
        );

    [Fact]
    public void Each_secret_that_is_good_signs() =>
        Assert.Equal(
            2,
            WebhookSignature
                .Sign([Secret, WebhookSignature.NewSecret()], Id, Time, Body)
                .Split(' ')
                .Distinct()
                .Count(signature => signature.StartsWith("v1,", StringComparison.Ordinal))
        );

    [Theory]
    [InlineData(Secret, true)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false)]
    [InlineData("whsec_c2hvcnQ=", false)]
    [InlineData("whsec_***", false)]
    public void A_secret_has_24_to_64_bytes_in_base64(string text, bool isSecret) =>
        Assert.Equal(isSecret, WebhookSignature.IsSecret(text));
}
