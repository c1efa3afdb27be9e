using System.Text;
using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Events;

public sealed class CloudEventReading
{
    private const string Good =
        "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/garden\","
        + "\"type\":\"com.example.opened\"";

    [Fact]
    public void An_event_with_every_attribute_comes_whole()
    {
        var faults = new List<Fault>();
        var read = Read(
            "{"
                + Good
                + """
                ,"subject":"gate","time":"2026-11-25T18:30:00.1234567+02:00",
                "datacontenttype":"application/json; charset=utf-8","dataschema":"urn:x:y",
                "weight":12,"urgent":true,"traceparent":"00-ab","absent":null,
                "data":{"b":1.50, "a":[1e3 ,"x y"]}}
                """,
            faults
        );

        Assert.Empty(faults);
        Assert.Equal(("1", "/garden"), (read!.Id, read.Source));
        Assert.Equal(
            new DateTimeOffset(2026, 11, 25, 18, 30, 0, TimeSpan.FromHours(2)).AddTicks(1234567),
            read.Time
        );
        Assert.Equal("com.example.opened", read.Data.Type);
        Assert.Equal("gate", read.Data.Subject);
        Assert.Equal("urn:x:y", read.Data.DataSchema);
        Assert.Equal("application/json; charset=utf-8", read.Data.DataContentType);
        Assert.Equal(
            ["traceparent=\"00-ab\"", "urgent=true", "weight=12"],
            read.Data.Extensions.Select(item => $"{item.Key}={item.Value}")
        );
        Assert.Equal("""{"b":1.50,"a":[1e3,"x y"]}""", read.Data.Content);
    }

    [Theory]
    [InlineData("""{"a": 1.10,  "b" : 1E400}""", """{"a":1.10,"b":1E400}""")]
    [InlineData("\"a \\\" b\"", "\"a \\\" b\"")]
    [InlineData("\"\\ud83d\\ude00 ok\"", "\"\\ud83d\\ude00 ok\"")]
    [InlineData("[ ]", "[]")]
    [InlineData("\"\\\\\"", "\"\\\\\"")]
    [InlineData("null", "null")]
    public void Data_keeps_its_digits_and_loses_only_blanks(string data, string kept)
    {
        var faults = new List<Fault>();
        var read = Read("{" + Good + ",\"data\":" + data + "}", faults);
        Assert.Empty(faults);
        Assert.Equal(kept, read!.Data.Content);
        Assert.Equal(ContentKind.Json, read.Data.Kind);
    }

    [Fact]
    public void All_faults_are_found_at_once()
    {
        var faults = new List<Fault>();
        var read = Read(
            """
            {"specversion":"0.3","id":"","source":"a b","type":"hearth.state.changed",
            "subject":"","time":"yesterday","datacontenttype":"json","dataschema":"x",
            "sequence":"1","authid":"user:ana","Weight":1,"list":[1],"half":1.5,
            "data":1,"data_base64":"AA=="}
            """,
            faults
        );

        Assert.Null(read);
        Assert.Equal(
            [
                "/at/specversion",
                "/at/id",
                "/at/source",
                "/at/type",
                "/at/subject",
                "/at/time",
                "/at/datacontenttype",
                "/at/dataschema",
                "/at/sequence",
                "/at/authid",
                "/at/Weight",
                "/at/list",
                "/at/half",
                "/at/data_base64",
            ],
            faults.Select(fault => fault.Pointer)
        );
        Assert.All(faults, fault => Assert.EndsWith(".", fault.Detail));
    }

    [Theory]
    [InlineData("specversion")]
    [InlineData("id")]
    [InlineData("source")]
    [InlineData("type")]
    public void A_missing_attribute_is_named(string name)
    {
        var faults = new List<Fault>();
        using var json = JsonDocument.Parse("{" + Good + "}");
        var rest = json
            .RootElement.EnumerateObject()
            .Where(member => member.Name != name)
            .ToDictionary(member => member.Name, member => member.Value);
        Assert.Null(Read(JsonSerializer.Serialize(rest), faults));
        Assert.Equal("/at/" + name, Assert.Single(faults).Pointer);
    }

    [Theory]
    [InlineData("sequence")]
    [InlineData("causationid")]
    [InlineData("correlationid")]
    [InlineData("authtype")]
    [InlineData("authid")]
    [InlineData("recordedtime")]
    [InlineData("expirytime")]
    [InlineData("severitytext")]
    public void What_the_hub_asserts_is_refused(string name)
    {
        var faults = new List<Fault>();
        Assert.Null(Read("{" + Good + $",\"{name}\":\"x\"}}", faults));
        Assert.Equal("/at/" + name, Assert.Single(faults).Pointer);
    }

    [Theory]
    [InlineData(",\"id\":\"2\"", "/at/id")]
    [InlineData(",\"data\":1,\"data\":2", "/at/data")]
    [InlineData(",\"a\":\"1\",\"a\":\"2\"", "/at/a")]
    public void A_member_that_is_there_twice_is_refused(string more, string pointer)
    {
        var faults = new List<Fault>();
        Assert.Null(Read("{" + Good + more + "}", faults));
        Assert.Equal(pointer, Assert.Single(faults).Pointer);
    }

    [Theory]
    [InlineData("2026-11-25T18:30:00Z", true)]
    [InlineData("2026-11-25t18:30:00z", true)]
    [InlineData("2026-11-25T18:30:00.123456789-05:30", true)]
    [InlineData("2026-11-25T18:30:60Z", true)]
    [InlineData("2026-11-25T18:30:00-00:00", true)]
    [InlineData("2026-11-25T18:30:00", false)]
    [InlineData("2026-11-25T18:30:00.Z", false)]
    [InlineData("2026-11-25T18:30:00+5:30", false)]
    [InlineData("2026-11-25T18:30:00+05", false)]
    [InlineData("2026-11-25T18:30:00 Z", false)]
    [InlineData("2026-11-25T24:00:00Z", false)]
    [InlineData("2026-02-30T18:30:00Z", false)]
    [InlineData("2026-11-25 18:30:00Z", false)]
    [InlineData("2026-11-25", false)]
    public void A_time_is_one_of_rfc_3339(string time, bool good) =>
        Assert.Equal(good, IsGood($",\"time\":\"{time}\""));

    [Theory]
    [InlineData("/garden/gate", true)]
    [InlineData("https://example.com/a?b=c#d", true)]
    [InlineData("urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", true)]
    [InlineData("mailto:a@example.com", true)]
    [InlineData("gate", true)]
    [InlineData("a%20b", true)]
    [InlineData("a%2", false)]
    [InlineData("a b", false)]
    [InlineData("gärten", false)]
    [InlineData("1:2", false)]
    [InlineData("a#b#c", false)]
    [InlineData("<x>", false)]
    public void A_source_is_a_uri_reference(string source, bool good)
    {
        var faults = new List<Fault>();
        var json = JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["specversion"] = "1.0",
                ["id"] = "1",
                ["source"] = source,
                ["type"] = "x",
            }
        );
        Assert.Equal(good, Read(json, faults) is not null);
        Assert.Equal(good, faults.Count == 0);
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("text/plain; charset=utf-8", true)]
    [InlineData("application/vnd.x+json;a=\"b c\"", true)]
    [InlineData("text", false)]
    [InlineData("text/", false)]
    [InlineData("text/plain; charset", false)]
    public void A_content_type_is_a_media_type(string type, bool good) =>
        Assert.Equal(good, IsGood($",\"datacontenttype\":{JsonSerializer.Serialize(type)}"));

    [Theory]
    [InlineData(",\"a\":\"\\u0007\"")]
    [InlineData(",\"a\":\"\\ud800\"")]
    [InlineData(",\"a\":\"\\uffff\"")]
    [InlineData(",\"data\":\"\\ud800\"")]
    [InlineData(",\"data\":{\"a\":\"\\udc00\\ud800\"}")]
    [InlineData(",\"\\ud800\":1")]
    [InlineData(",\"data_base64\":\"\\ud800\"")]
    [InlineData(",\"datacontenttype\":\"\\ud800\"")]
    public void Text_that_is_none_is_refused(string more) => Assert.False(IsGood(more));

    [Fact]
    public void Data_of_another_type_is_a_string()
    {
        Assert.True(IsGood(""","datacontenttype":"text/plain","data":"x\ny" """));
        Assert.False(IsGood(""","datacontenttype":"text/plain","data":{"a":1}"""));
        Assert.False(IsGood(""","data_base64":"no base64!" """));
        Assert.True(IsGood(""","data_base64":"AAEC" """));
    }

    [Theory]
    [InlineData("application/json", "{\"a\": 1.0}", ContentKind.Json, "{\"a\":1.0}")]
    [InlineData("text/plain", "hello", ContentKind.Text, "hello")]
    [InlineData("application/octet-stream", "hello", ContentKind.Base64, "aGVsbG8=")]
    [InlineData(null, "{}", ContentKind.Base64, "e30=")]
    [InlineData("application/json", "", ContentKind.Json, null)]
    public void A_binary_event_has_its_data_in_the_body(
        string? contentType,
        string body,
        ContentKind kind,
        string? content
    )
    {
        var faults = new List<Fault>();
        var read = ReadBinary(contentType, body, faults);
        Assert.Empty(faults);
        Assert.Equal((kind, content), (read!.Data.Kind, read.Data.Content));
        Assert.Equal(contentType, read.Data.DataContentType);
        Assert.Equal(KeyValuePair.Create("room", "\"12\""), Assert.Single(read.Data.Extensions));
    }

    [Fact]
    public void A_binary_body_that_is_not_what_its_content_type_says_is_refused()
    {
        var faults = new List<Fault>();
        Assert.Null(ReadBinary("application/json", "{", faults));
        Assert.Equal("/data", Assert.Single(faults).Pointer);
    }

    [Fact]
    public void A_stored_event_reads_back_as_it_was_read()
    {
        var read = Read("{" + Good + ",\"n\":-3,\"data\":{\"a\":1.0}}", [])!;
        var sequence = new Sequence(7);
        var item = new Event
        {
            Sequence = sequence,
            Id = read.Id,
            Source = read.Source,
            Time = DateTimeOffset.UnixEpoch,
            RecordedTime = DateTimeOffset.UnixEpoch,
            Principal = Principal.Anonymous,
            Root = new EventRef(sequence, read.Id),
            Data = read.Data,
        };
        var text = Encoding.UTF8.GetString(CloudEventFormat.ToBytes(item));
        Assert.EndsWith("\"n\":-3,\"data\":{\"a\":1.0}}", text);
    }

    private static bool IsGood(string more)
    {
        var faults = new List<Fault>();
        var read = Read("{" + Good + more + "}", faults);
        Assert.Equal(read is null, faults.Count > 0);
        return read is not null;
    }

    private static NewEvent? Read(string json, ICollection<Fault> faults)
    {
        using var document = JsonDocument.Parse(json);
        return CloudEventReader.Read(document.RootElement, "/at", faults);
    }

    private static NewEvent? ReadBinary(
        string? contentType,
        string body,
        ICollection<Fault> faults
    ) =>
        CloudEventReader.Read(
            [
                KeyValuePair.Create("specversion", "1.0"),
                KeyValuePair.Create("id", "1"),
                KeyValuePair.Create("source", "/garden"),
                KeyValuePair.Create("type", "com.example.opened"),
                KeyValuePair.Create("room", "12"),
            ],
            contentType,
            Payload.FromText(body),
            faults
        );
}
