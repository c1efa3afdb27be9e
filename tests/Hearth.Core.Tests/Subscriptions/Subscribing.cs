using Hearth.Core.Events;
using Hearth.Core.Subscriptions;

namespace Hearth.Core.Tests.Subscriptions;

public sealed class Subscribing
{
    private const string Definition =
        """{"sink":"https://one.example/in","protocol":"HTTP","config":{"name":"one"}}""";

    private static readonly SecretRefs Secrets = new("key_1", "cred_1", "PLAIN");

    private readonly AHome _home = new();

    [Fact]
    public void What_was_asked_for_and_by_whom_stays_over_a_restart_and_a_snapshot()
    {
        var ana = new Principal("user:ana");
        _home.Ask(new CreateSubscription("sub_1", Definition, Secrets) { Principal = ana });
        _home.Ask(new PauseSubscription("sub_1", SubscriptionPaused.Asked));

        var bytes = _home.Home.Capture().ToBytes();
        var restored = Home.Restore(HomeId.Default, HomeSnapshot.FromBytes(bytes), []);

        Assert.Equal(bytes, restored.Capture().ToBytes());
        Assert.Equal(bytes, _home.Restored().Capture().ToBytes());
        var known = Assert.Single(restored.Capture().Subscriptions);
        Assert.Equal((ana, "asked", Secrets), (known.Owner, known.PausedFor, known.Secrets));
    }

    [Fact]
    public void A_snapshot_from_before_there_were_subscriptions_is_read()
    {
        var bytes = _home.Home.Capture().ToBytes();

        Assert.DoesNotContain("subscriptions", System.Text.Encoding.UTF8.GetString(bytes));
        Assert.Empty(HomeSnapshot.FromBytes(bytes).Subscriptions);
    }

    [Fact]
    public void Pausing_and_resuming_are_said_once()
    {
        _home.Ask(new CreateSubscription("sub_1", Definition, Secrets));
        _home.Ask(new PauseSubscription("sub_1", SubscriptionPaused.Asked));
        _home.Ask(new PauseSubscription("sub_1", SubscriptionPaused.Asked));
        _home.Ask(new ResumeSubscription("sub_1"));
        _home.Ask(new ResumeSubscription("sub_1"));
        _home.Ask(new RemoveSubscription("sub_1"));

        Assert.Equal(
            ["created", "paused", "resumed", "removed"],
            _home.Types.Select(type => type["subscription.".Length..])
        );
        Assert.Equal(
            RefusalKind.NotFound,
            _home.Ask(new ResumeSubscription("sub_1")).Refusal!.Kind
        );
    }

    [Fact]
    public void A_sink_that_moves_elsewhere_is_not_shown_the_credential_of_the_old_one()
    {
        _home.Ask(new CreateSubscription("sub_1", Definition, Secrets));

        var moved = Definition.Replace("one.example", "two.example", StringComparison.Ordinal);
        var refusal = _home.Ask(new ReplaceSubscription("sub_1", moved, true, null, null)).Refusal!;
        var same = Definition.Replace("/in", "/other", StringComparison.Ordinal);
        var taken = _home.Ask(new ReplaceSubscription("sub_1", same, true, null, null));

        Assert.Equal("/sinkcredential", Assert.Single(refusal.Faults).Pointer);
        Assert.Equal(Secrets, ((SubscriptionUpdated)taken.Events[0].Data).Secrets);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        const string wrong = """
            {"sink":"ftp://x/","protocol":"MQTT5","source":"not a uri","colour":"red",
             "types":[""],"filters":[{"exact":{}}],
             "protocolsettings":{"method":"PUT","headers":{"Authorization":"x"},"contentmode":"x"},
             "config":{"rate":0}}
            """;
        var refusal = _home.Ask(new CreateSubscription("sub_1", wrong, Secrets)).Refusal!;

        Assert.Equal(
            [
                "/colour",
                "/config/rate",
                "/filters/0/exact",
                "/protocol",
                "/protocolsettings/contentmode",
                "/protocolsettings/headers/Authorization",
                "/protocolsettings/method",
                "/sink",
                "/source",
                "/types/0",
            ],
            refusal.Faults.Select(fault => fault.Pointer).Order()
        );
        Assert.Empty(_home.Events);
    }

    [Theory]
    [InlineData("https://ana:secret@x.example/")]
    [InlineData("https://x.example/#part")]
    [InlineData("/only/a/path")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://x.example/")]
    public void A_sink_is_a_plain_address_of_the_web(string sink)
    {
        var faults = new List<Fault>();
        var json = $$"""{"sink":"{{sink}}","protocol":"HTTP"}""";

        Assert.Null(SubscriptionDefinition.Read(json, faults));
        Assert.Equal("/sink", Assert.Single(faults).Pointer);
    }

    [Theory]
    [InlineData("mailto:ana@example.org", "ana@example.org")]
    [InlineData("MAILTO:a.b+c@x.example", "a.b+c@x.example")]
    [InlineData("mailto:a%2Bb@x.example", "a+b@x.example")]
    [InlineData("mailto:50%25@x.example", "50%@x.example")]
    [InlineData("mailto:o'neill!%23@x", "o'neill!#@x")]
    [InlineData("mailto:ana@example.org?subject=hello", null)]
    [InlineData("mailto:?to=ana@example.org", null)]
    [InlineData("mailto:ana@example.org,bob@example.org", null)]
    [InlineData("mailto:ana@example.org%2Cbob@example.org", null)]
    [InlineData("mailto:ana@example.org%0D%0ABcc:eve@example.org", null)]
    [InlineData("mailto:ana%00@example.org", null)]
    [InlineData("mailto:ana%20b@example.org", null)]
    [InlineData("mailto:%22a%0D%0A%22@example.org", null)]
    [InlineData("mailto:<ana@example.org>", null)]
    [InlineData("mailto:%3Cana@example.org%3E", null)]
    [InlineData("mailto:ana@[127.0.0.1]", null)]
    [InlineData("mailto:ana", null)]
    [InlineData("mailto:@example.org", null)]
    [InlineData("mailto:a..b@example.org", null)]
    [InlineData("mailto:ana@-example.org", null)]
    [InlineData("mailto:ana@exämple.org", null)]
    [InlineData("mailto:", null)]
    public void An_e_mail_goes_to_one_plain_address(string sink, string? recipient)
    {
        var faults = new List<Fault>();
        var text = $$"""{"sink":"{{sink}}","protocol":"SMTP"}""";

        var definition = SubscriptionDefinition.Read(text, faults);

        Assert.Equal(recipient, definition?.Recipient);
        Assert.Equal(recipient is null ? ["/sink"] : [], faults.Select(fault => fault.Pointer));
    }

    [Theory]
    [InlineData("mailto:ana@example.org", "HTTP", "/sink")]
    [InlineData("https://example.org", "SMTP", "/sink")]
    [InlineData("https://example.org", "AMQP", "/protocol")]
    public void A_sink_goes_with_its_protocol(string sink, string protocol, string pointer)
    {
        var faults = new List<Fault>();

        SubscriptionDefinition.Read($$"""{"sink":"{{sink}}","protocol":"{{protocol}}"}""", faults);

        Assert.Equal(pointer, Assert.Single(faults).Pointer);
    }
}
