using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using MimeKit;

namespace Hearth.Hub.Tests.Subscriptions;

/// <summary>Subscriptions whose sink is an address of e-mail.</summary>
public sealed class Mailing : IAsyncLifetime
{
    private const string Notifying = """
        alias: Bell
        triggers:
          - trigger: event
            event_type: com.example.rang
        actions:
          - action: notify.ana
            data:
              title: "{{ trigger.event.data.title }}"
              message: "{{ trigger.event.data.message }}"
        """;

    private readonly AMailServer _server = new();
    private AHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await AHub.StartAsync(_server.Settings());

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_notification_comes_as_its_title_and_its_message()
    {
        await SubscribeAsync(""" "types":["hearth.notification.sent"] """);
        await SaveAsync(Notifying);
        await PublishAsync("1", "com.example.rang", ("Tür", "Grüße,\nes hat geklingelt."));
        await PublishAsync("2", "com.example.rang", ("", "Nobody\nwas there."));

        await MailsAsync(2);

        var (first, second) = (_server.Mails[0], _server.Mails[1]);
        Assert.Equal(["ana@example.org"], first.Recipients);
        Assert.Equal("\"Hearth\" <home@example.org>", first.Message.From.ToString());
        Assert.Equal("ana@example.org", first.Message.To.ToString());
        Assert.Equal("Tür", first.Message.Subject);
        Assert.Equal("Grüße,\nes hat geklingelt.", first.Text);
        Assert.Equal("Nobody was there.", second.Message.Subject);
        Assert.Equal("Nobody\nwas there.", second.Text);
        Assert.StartsWith("msg_home_", first.Message.Headers["X-Hearth-Event"]);
        Assert.StartsWith(first.Message.Headers["X-Hearth-Event"], first.Message.MessageId);
        Assert.EndsWith("@example.org", first.Message.MessageId);
        Assert.NotEqual(first.Message.MessageId, second.Message.MessageId);
        Assert.Equal("auto-generated", first.Message.Headers["Auto-Submitted"]);
    }

    [Fact]
    public async Task Any_other_event_comes_as_its_type_and_its_JSON()
    {
        await SubscribeAsync();
        await PublishAsync("one", "com.example.done", ("Tür", "x"));

        await MailsAsync(1);

        var mail = _server.Mails[0];
        Assert.Equal("com.example.done", mail.Message.Subject);
        var json = JsonElement.Parse(mail.Text);
        Assert.Equal("one", json.GetProperty("id").GetString());
        Assert.Equal("Tür", json.GetProperty("data").GetProperty("title").GetString());
    }

    [Fact]
    public async Task What_people_write_begins_no_header_and_no_line_of_the_protocol()
    {
        await SubscribeAsync(""" "types":["hearth.notification.sent"] """);
        await SaveAsync(Notifying);
        const string Title = "a\r\nBcc: eve@example.org\r\n\r\nb\u2028c\0";
        const string Message = "one\r\n.\r\nRCPT TO:<eve@example.org>\r\n..\r\n.two";
        await PublishAsync("1", "com.example.rang", (Title, Message));

        await MailsAsync(1);

        var mail = Assert.Single(_server.Mails);
        Assert.Equal(["ana@example.org"], mail.Recipients);
        Assert.Null(mail.Message.Headers["Bcc"]);
        Assert.Empty(mail.Message.Bcc);
        Assert.Equal("a  Bcc: eve@example.org    b c", mail.Message.Subject!.TrimEnd());
        Assert.Equal(Message.ReplaceLineEndings("\n"), mail.Text);
        Assert.DoesNotContain(_server.Commands, command => command.Contains("eve"));
    }

    [Fact]
    public async Task What_the_server_cannot_take_now_is_tried_again_before_what_comes_after_it()
    {
        var refusals = 2;
        _server.Judges = _ => refusals-- > 0 ? "451 later, please" : null;
        var id = await SubscribeAsync();
        await PublishAsync("1", "com.example.done");
        await PublishAsync("2", "com.example.done");

        await MailsAsync(2);

        Assert.Equal(["1", "2"], _server.Mails.Select(IdOf));
        var deliveries = await _hub.GetAsync($"/api/v1/subscriptions/{id}/deliveries");
        Assert.Contains("451", deliveries.Body);
        Assert.Contains("later, please", deliveries.Body);
        Assert.Empty(await LettersAsync(id));
    }

    [Fact]
    public async Task What_the_server_will_never_take_is_a_dead_letter_at_once()
    {
        _server.Judges = message => IdOf(message) == "1" ? "554 5.6.0 spam" : null;
        var id = await SubscribeAsync();
        await PublishAsync("1", "com.example.done");
        await PublishAsync("2", "com.example.done");

        await MailsAsync(1);

        Assert.Equal("2", IdOf(_server.Mails[0]));
        var letter = Assert.Single(await LettersAsync(id));
        Assert.Equal("1", letter.GetProperty("event").GetProperty("id").GetString());
        Assert.Contains("554: 5.6.0 spam", letter.GetRawText());
        var said = await _hub.GetAsync("/api/v1/events?type=hearth.subscription.dead_lettered");
        Assert.Equal(1, said.Json.GetArrayLength());

        _server.Judges = _ => null;
        var path = $"/api/v1/subscriptions/{id}/dead-letters/replay";
        Assert.Equal(202, (await _hub.PostAsync(path, "{}", "application/json")).Status);
        await MailsAsync(2);
        Assert.Equal("1", IdOf(_server.Mails[1]));
        await Until.TrueAsync(async () => (await LettersAsync(id)).Length == 0, "no letter");
    }

    [Fact]
    public async Task A_recipient_that_is_not_known_is_named()
    {
        _server.Answers = command =>
            command.StartsWith("RCPT", StringComparison.Ordinal) ? "550 no such user" : null;
        var id = await SubscribeAsync();
        await PublishAsync("1", "com.example.done");

        await Until.TrueAsync(async () => (await LettersAsync(id)).Length == 1, "a letter");

        Assert.Contains(
            "The mail server answered 550 to ana@example.org: no such user",
            (await LettersAsync(id))[0].GetRawText()
        );
    }

    [Fact]
    public async Task A_server_that_takes_nobody_in_is_tried_again_and_nothing_is_given_up()
    {
        var isOpen = false;
        _server.Answers = command =>
            !isOpen && command.Contains("LO ", StringComparison.Ordinal) ? "554 closed" : null;
        var id = await SubscribeAsync();
        await PublishAsync("1", "com.example.done");
        await FailureAsync(id);

        isOpen = true;
        await MailsAsync(1);

        Assert.Empty(await LettersAsync(id));
    }

    [Fact]
    public async Task A_sender_that_the_server_does_not_take_is_a_setting_to_mend()
    {
        var isMended = false;
        _server.Answers = command =>
            !isMended && command.StartsWith("MAIL", StringComparison.Ordinal)
                ? "550 not from you"
                : null;
        var id = await SubscribeAsync();
        await PublishAsync("1", "com.example.done");
        await FailureAsync(id);
        Assert.Equal(
            "The mail server answered 550 from home@example.org (Hearth:Mail:From): not from you",
            (await StatusAsync(id)).GetProperty("last_problem").GetString()
        );

        isMended = true;
        await MailsAsync(1);

        Assert.Empty(await LettersAsync(id));
    }

    [Theory]
    [InlineData("DATA", "250 fine")]
    [InlineData("DATA", "410 gone")]
    [InlineData("MAIL", "410 gone")]
    [InlineData("RCPT", "354 go on")]
    public async Task An_answer_at_the_wrong_place_neither_delivers_nor_ends_anything(
        string asked,
        string answer
    )
    {
        var isMended = false;
        _server.Answers = command =>
            !isMended && command.StartsWith(asked, StringComparison.Ordinal) ? answer : null;
        var id = await SubscribeAsync();
        await PublishAsync("1", "com.example.done");
        await FailureAsync(id);

        isMended = true;
        await MailsAsync(1);

        Assert.Equal("1", IdOf(_server.Mails[0]));
        Assert.Empty(await LettersAsync(id));
    }

    [Fact]
    public async Task A_server_that_is_silent_is_tried_again()
    {
        _server.Judges = _ => "";
        var settings = _server.Settings(new() { ["Hearth:Webhooks:TimeoutSeconds"] = "0.2" });
        await using var hub = await AHub.StartAsync(settings);
        var id = await SubscribeAsync(hub: hub);
        await PublishAsync("1", "com.example.done", hub: hub);
        await FailureAsync(id, hub);
        Assert.Equal(
            "The mail server has not answered within 0.2 s.",
            (await StatusAsync(id, hub)).GetProperty("last_problem").GetString()
        );

        _server.Judges = _ => null;
        await MailsAsync(1);
    }

    [Fact]
    public async Task An_attempt_that_nobody_confirmed_comes_again_with_the_same_id()
    {
        var ids = new List<string>();
        _server.Judges = message =>
        {
            ids.Add(message.MessageId!);
            return ids.Count == 1 ? "451 again" : null;
        };
        await SubscribeAsync();
        await PublishAsync("1", "com.example.done");

        await MailsAsync(1);

        Assert.Equal(2, ids.Count);
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task What_waits_when_the_hub_stops_is_sent_by_the_next_one()
    {
        var folder = Directory.CreateTempSubdirectory("hearth-hub-").FullName;
        var isOpen = false;
        _server.Judges = _ => isOpen ? null : "451 not now";
        var first = await AHub.StartAsync(_server.Settings(new() { ["Hearth:Data"] = folder }));
        await SubscribeAsync(hub: first);
        await PublishAsync("1", "com.example.done", hub: first);
        await PublishAsync("2", "com.example.done", hub: first);
        await Until.TrueAsync(() => _server.Commands.Contains("DATA"), "an attempt");
        await first.StopAsync();
        isOpen = true;

        await using var second = await AHub.StartAsync(
            _server.Settings(new() { ["Hearth:Data"] = folder })
        );
        await MailsAsync(2);

        Assert.Equal(["1", "2"], _server.Mails.Select(IdOf));
    }

    [Fact]
    public async Task It_is_paused_resumed_and_tested_as_a_webhook_is()
    {
        var id = await SubscribeAsync();
        Assert.Equal(200, (await AskAsync(id, "pause")).Status);
        await PublishAsync("1", "com.example.done");
        var test = await AskAsync(id, "test");
        Assert.True(test.Json.GetProperty("delivered").GetBoolean(), test.Body);
        Assert.Equal(250, test.Json.GetProperty("status").GetInt32());
        Assert.Equal("hearth.subscription.test", _server.Mails.Single().Message.Subject);

        Assert.Equal(200, (await AskAsync(id, "resume")).Status);
        await MailsAsync(2);
        Assert.Equal("1", IdOf(_server.Mails[1]));
        var found = await _hub.GetAsync($"/api/v1/subscriptions/{id}");
        Assert.Equal("SMTP", found.Json.GetProperty("protocol").GetString());
        Assert.Equal("mailto:ana@example.org", found.Json.GetProperty("sink").GetString());
        var put = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/subscriptions/{id}")
        {
            Content = AHub.Body(found.Body, "application/json"),
        };
        Assert.Equal(200, (await _hub.SendAsync(put)).Status);
    }

    [Fact]
    public async Task A_password_reaches_the_server_and_nobody_else()
    {
        _server.Offers = "AUTH PLAIN";
        var isRight = false;
        _server.Answers = command =>
            !isRight && command.StartsWith("AUTH", StringComparison.Ordinal)
                ? $"535 wrong: {command}"
                : null;
        var settings = _server.Settings(
            new() { ["Hearth:Mail:User"] = "anna", ["Hearth:Mail:Password"] = " s3same " }
        );
        await using var hub = await AHub.StartAsync(settings);
        var id = await SubscribeAsync(hub: hub);
        await PublishAsync("1", "com.example.done", hub: hub);
        await FailureAsync(id, hub);
        var path = $"/api/v1/subscriptions/{id}";
        var shown =
            (await hub.GetAsync(path)).Body + (await hub.GetAsync(path + "/deliveries")).Body;
        Assert.Contains("Hearth:Mail:Password", shown);
        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes("\0anna\0 s3same "));
        Assert.Contains($"AUTH PLAIN {secret}", _server.Commands);
        Assert.DoesNotContain("s3same", shown);
        Assert.DoesNotContain(secret, shown);
        Assert.DoesNotContain("s3same", AHub.Options(settings).ToString());

        // A wrong password is mended in the settings: nothing is given up for it.
        isRight = true;
        await MailsAsync(1);
        var letters = await hub.GetAsync(path + "/dead-letters");
        Assert.Equal(0, letters.Json.GetProperty("dead_letters").GetArrayLength());
    }

    [Fact]
    public async Task A_server_that_cannot_prove_who_it_is_gets_neither_password_nor_message()
    {
        using var key = RSA.Create(2048);
        var named = new CertificateRequest(
            "CN=127.0.0.1",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var now = TimeProvider.System.GetUtcNow();
        using var own = named.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using var server = new AMailServer { Certificate = own };
        await using var hub = await AHub.StartAsync(
            server.Settings(
                new()
                {
                    ["Hearth:Mail:Security"] = "tls",
                    ["Hearth:Mail:User"] = "anna",
                    ["Hearth:Mail:Password"] = "s3same",
                }
            )
        );
        var id = await SubscribeAsync(hub: hub);
        await PublishAsync("1", "com.example.done", hub: hub);
        await Until.TrueAsync(
            async () => (await StatusAsync(id, hub)).GetProperty("failures").GetInt32() > 1,
            "two failures"
        );

        Assert.StartsWith(
            "No safe connection to the mail server",
            (await StatusAsync(id, hub)).GetProperty("last_problem").GetString()
        );
        Assert.Empty(server.Commands);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_nothing_where_it_is_wanted()
    {
        await using var hub = await AHub.StartAsync(
            _server.Settings(new() { ["Hearth:Mail:Security"] = "starttls" })
        );
        var id = await SubscribeAsync(hub: hub);
        await PublishAsync("1", "com.example.done", hub: hub);
        await FailureAsync(id, hub);

        Assert.Contains(
            "STARTTLS",
            (await StatusAsync(id, hub)).GetProperty("last_problem").GetString()
        );
        Assert.DoesNotContain(
            _server.Commands,
            command => command.StartsWith("MAIL", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Without_a_mail_server_it_is_refused_with_the_setting_to_give()
    {
        await using var hub = await AHub.StartAsync();
        var refused = await PostAsync(hub, """{"sink":"mailto:a@b.org","protocol":"SMTP"}""");

        Assert.Equal((422, "invalid"), (refused.Status, refused.Problem));
        Assert.Equal(["pointer #/sink"], refused.Places);
        Assert.Contains("Hearth:Mail:Host", refused.Body);
    }

    [Fact]
    public async Task Everything_that_does_not_go_with_an_e_mail_is_said_at_once()
    {
        var refused = await PostAsync(
            _hub,
            """
            {"sink":"mailto:a@b.org","protocol":"SMTP",
             "sinkcredential":{"credentialtype":"PLAIN","identifier":"a","secret":"b"}}
            """
        );
        Assert.Equal(["pointer #/sinkcredential"], refused.Places);
        var both = await PostAsync(
            _hub,
            """
            {"sink":"mailto:a@b.org,c@d.org","protocol":"SMTP",
             "protocolsettings":{"contentmode":"binary"}}
            """
        );
        Assert.Equal(["pointer #/protocolsettings", "pointer #/sink"], both.Places.Order());
    }

    private async Task<string> SubscribeAsync(
        string which = """ "filters":[{"prefix":{"type":"com.example."} }] """,
        AHub? hub = null
    )
    {
        var made = await PostAsync(
            hub ?? _hub,
            $$"""{"sink":"mailto:ana@example.org","protocol":"SMTP",{{which}} }"""
        );
        Assert.True(made.Status == 201, made.Body);
        return made.Json.GetProperty("subscription").GetProperty("id").GetString()!;
    }

    private async Task SaveAsync(string yaml)
    {
        var saved = await _hub.PostAsync("/api/v1/automations", yaml, "application/yaml");
        Assert.True(saved.Status == 201, saved.Body);
    }

    private async Task PublishAsync(
        string id,
        string type,
        (string Title, string Message)? says = null,
        AHub? hub = null
    )
    {
        var (title, message) = says ?? ("", "");
        var item = JsonSerializer.Serialize(
            new
            {
                specversion = "1.0",
                id,
                source = "/tests",
                type,
                data = new { title, message },
            }
        );
        var published = await (hub ?? _hub).PostAsync(
            "/api/v1/events",
            item,
            "application/cloudevents+json"
        );
        Assert.True(published.Status == 200, published.Body);
    }

    private Task MailsAsync(int count) =>
        Until.TrueAsync(() => _server.Mails.Count >= count, $"{count} mails");

    private static string IdOf(Mail mail) => IdOf(mail.Message);

    private static string IdOf(MimeMessage message) =>
        JsonElement.Parse(message.TextBody!).GetProperty("id").GetString()!;

    private async Task<JsonElement[]> LettersAsync(string id)
    {
        var found = await _hub.GetAsync($"/api/v1/subscriptions/{id}/dead-letters");
        return [.. found.Json.GetProperty("dead_letters").EnumerateArray()];
    }

    private async Task<JsonElement> StatusAsync(string id, AHub? hub = null) =>
        (await (hub ?? _hub).GetAsync($"/api/v1/subscriptions/{id}")).Json.GetProperty("status");

    private Task FailureAsync(string id, AHub? hub = null) =>
        Until.TrueAsync(
            async () => (await StatusAsync(id, hub)).GetProperty("failures").GetInt32() > 0,
            "a failure"
        );

    private Task<Answered> AskAsync(string id, string what) =>
        _hub.PostAsync($"/api/v1/subscriptions/{id}/{what}", "{}", "application/json");

    private static Task<Answered> PostAsync(AHub hub, string body) =>
        hub.PostAsync("/api/v1/subscriptions", body, "application/json");
}
