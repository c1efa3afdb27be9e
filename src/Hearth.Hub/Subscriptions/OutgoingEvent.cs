using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;
using Hearth.Hub.Events;

namespace Hearth.Hub.Subscriptions;

/// <summary>An event on its way: made once, shared by every subscription that wants it.</summary>
/// <param name="MessageId">What stays the same however often it is sent.</param>
/// <param name="Json">The event as CloudEvents JSON.</param>
internal sealed record OutgoingEvent(
    string MessageId,
    Sequence Sequence,
    string Id,
    string Type,
    DateTimeOffset RecordedTime,
    byte[] Json
)
{
    public static OutgoingEvent Of(HomeId home, Event item) =>
        new(
            $"msg_{home}_{item.Sequence}",
            item.Sequence,
            item.Id,
            item.Type,
            item.RecordedTime,
            CloudEventFormat.ToBytes(item)
        );

    /// <summary>An event that happened nowhere, to see whether a sink takes events.</summary>
    public static OutgoingEvent Test(HomeId home, string subscription, DateTimeOffset now)
    {
        const string type = "hearth.subscription.test";
        var id = Guid.CreateVersion7(now).ToString();
        var json = new JsonWriter();
        json.BeginObject()
            .Name("specversion")
            .String("1.0")
            .Name("id")
            .String(id)
            .Name("source")
            .String(home.Source)
            .Name("type")
            .String(type)
            .Name("subject")
            .String("subscription." + subscription)
            .Name("time")
            .String(Timestamp.ToText(now))
            .Name("datacontenttype")
            .String("application/json")
            .Name("data")
            .BeginObject()
            .Name("subscription")
            .String(subscription)
            .EndObject()
            .EndObject();
        return new($"msg_test_{id}", Sequence.None, id, type, now, json.ToArray());
    }

    /// <summary>
    /// The body and its headers in one of the two modes of the HTTP binding. A webhook without a
    /// payload is none, so an event without data is always sent structured.
    /// </summary>
    public HttpContent ToContent(ContentMode mode, out byte[] body)
    {
        if (mode == ContentMode.Binary)
        {
            using var document = JsonDocument.Parse(Json, Problems.AnswerJson.Options);
            var json = document.RootElement;
            if (Data(json) is { } data)
            {
                body = data;
                return Binary(json, data);
            }
        }

        body = Json;
        var content = new ByteArrayContent(Json);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(CloudEventFormat.ContentType);
        return content;
    }

    private static byte[]? Data(JsonElement json)
    {
        if (json.TryGetProperty("data_base64", out var base64))
        {
            return base64.GetBytesFromBase64();
        }

        if (!json.TryGetProperty("data", out var data))
        {
            return null;
        }

        return ProgramEvent.IsJson(TypeOf(json))
            ? Encoding.UTF8.GetBytes(data.GetRawText())
            : Encoding.UTF8.GetBytes(data.GetString()!);
    }

    private static string? TypeOf(JsonElement json) =>
        json.TryGetProperty("datacontenttype", out var type) ? type.GetString() : null;

    private static ByteArrayContent Binary(JsonElement json, byte[] data)
    {
        var content = new ByteArrayContent(data);
        content.Headers.TryAddWithoutValidation("Content-Type", TypeOf(json) ?? "application/json");
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name is "data" or "data_base64" or "datacontenttype")
            {
                continue;
            }

            var text =
                member.Value.ValueKind == JsonValueKind.String
                    ? member.Value.GetString()!
                    : member.Value.GetRawText();
            content.Headers.TryAddWithoutValidation("ce-" + member.Name, HeaderText.Encode(text));
        }

        return content;
    }
}
