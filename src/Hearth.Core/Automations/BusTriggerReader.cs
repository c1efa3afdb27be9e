using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>Reads triggers that something outside sets off: events, messages, requests, tags, the
/// hub itself.</summary>
internal sealed class BusTriggerReader(FieldReader fields)
{
    private static readonly string[] Methods = ["POST", "PUT", "GET", "HEAD"];

    public EventTrigger? ReadEvent(Node node)
    {
        fields.RefuseUnknown(node, TriggerReader.Common, ["event_type", "event_data", "context"]);
        var types = fields.FilledTexts(node, "event_type");
        if (types.Count == 0 || types.Contains(""))
        {
            fields.Fault(node.Member("event_type"), "is missing; name the type of the event");
        }

        foreach (var type in types)
        {
            CheckType(node.Member("event_type"), type);
        }

        if (!node.Member("context").IsMissing)
        {
            fields.Fault(
                node.Member("context"),
                "is not known to Hearth, whose people have other ids than Home Assistant's; take"
                    + " it out"
            );
        }

        var data = node.Member("event_data");
        if (data.IsMissing || !fields.IsMapping(data, "write a mapping of names to values"))
        {
            return new EventTrigger(types, []) { Id = "" };
        }

        return new EventTrigger(
            types,
            [
                .. data
                    .Json.EnumerateObject()
                    .Select(member =>
                        KeyValuePair.Create(member.Name, FilledData(data.Member(member.Name)))
                    ),
            ]
        )
        {
            Id = "",
        };
    }

    public MqttTrigger ReadMqtt(Node node)
    {
        fields.RefuseUnknown(
            node,
            TriggerReader.Common,
            ["topic", "payload", "value_template", "encoding", "qos"]
        );
        var topic = fields.Filled(node.Member("topic")) ?? "";
        if (topic.Length == 0)
        {
            fields.Fault(node.Member("topic"), "is missing; write an MQTT topic or filter");
        }
        else if (!TopicPattern.IsValid(topic))
        {
            fields.Fault(node.Member("topic"), $"is '{topic}', which is no MQTT topic filter");
        }

        if (fields.Text(node, "encoding") is { } encoding && !IsUtf8(encoding))
        {
            fields.Fault(
                node.Member("encoding"),
                $"is '{encoding}'; payloads are read as utf-8, take it out"
            );
        }

        if (fields.Number(node, "qos") is { } qos && qos is not (0 or 1 or 2))
        {
            fields.Fault(node.Member("qos"), $"is {qos}; write 0, 1 or 2");
        }

        return new MqttTrigger(
            topic,
            fields.Filled(node.Member("payload")),
            fields.Template(node, "value_template")
        )
        {
            Id = "",
        };
    }

    public WebhookTrigger ReadWebhook(Node node)
    {
        fields.RefuseUnknown(
            node,
            TriggerReader.Common,
            ["webhook_id", "allowed_methods", "local_only"]
        );
        var id = fields.Filled(node.Member("webhook_id")) ?? "";
        if (id.Length == 0)
        {
            fields.Fault(node.Member("webhook_id"), "is missing; write a name nobody can guess");
        }
        else if (id.Length > 128 || id.Any(letter => letter is '/' or '?' or '#' or <= ' '))
        {
            fields.Fault(
                node.Member("webhook_id"),
                "must have at most 128 characters, without blanks and / ? #"
            );
        }

        var methods = fields
            .Scalars(node.Member("allowed_methods"))
            .Select(item => (Item: item, Method: (fields.Text(item) ?? "").ToUpperInvariant()))
            .ToArray();
        foreach (var (item, method) in methods)
        {
            if (!Methods.Contains(method))
            {
                fields.Fault(item, $"is '{method}'; write GET, HEAD, POST or PUT");
            }
        }

        return new WebhookTrigger(
            id,
            methods.Length == 0 ? ["POST", "PUT"] : [.. methods.Select(found => found.Method)],
            fields.Flag(node, "local_only", usual: true)
        )
        {
            Id = "",
        };
    }

    public TagTrigger ReadTag(Node node)
    {
        fields.RefuseUnknown(node, TriggerReader.Common, ["tag_id", "device_id"]);
        var tags = fields.FilledTexts(node, "tag_id");
        if (tags.Count == 0 || tags.Contains(""))
        {
            fields.Fault(node.Member("tag_id"), "is missing; write the tag's id");
        }

        return new TagTrigger(tags, fields.FilledTexts(node, "device_id")) { Id = "" };
    }

    public HubTrigger ReadHub(Node node)
    {
        fields.RefuseUnknown(node, TriggerReader.Common, ["event"]);
        var moment = fields.RequiredText(node, "event", "write start or shutdown");
        if (moment is not (null or "" or "start" or "shutdown"))
        {
            fields.Unknown(node.Member("event"), moment, $"is '{moment}'", ["start", "shutdown"]);
        }

        return new HubTrigger(moment == "start") { Id = "" };
    }

    private void CheckType(Node at, string type)
    {
        if (type.StartsWith("hearth.message.", StringComparison.Ordinal))
        {
            fields.Fault(at, "raw messages are no events to wait for; write a trigger: mqtt");
        }
        else if (Foreign.EventType(type) is { } instead)
        {
            fields.Warn(at, $"Hearth has no event {type}; it says {instead}");
        }
    }

    // A template in what the data must be is filled when the automation is saved.
    private JsonElement FilledData(Node value) =>
        value.Kind == JsonValueKind.String
        && DataTemplate.IsTemplate(value.Json.GetString()!)
        && fields.Filled(value) is { } text
            ? JsonSerializer.SerializeToElement(text)
            : value.Json;

    private static bool IsUtf8(string encoding) =>
        encoding.ToLowerInvariant() is "utf-8" or "utf8" or "";
}
