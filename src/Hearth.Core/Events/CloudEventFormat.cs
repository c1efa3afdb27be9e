namespace Hearth.Core.Events;

/// <summary>
/// An event as CloudEvents 1.0 JSON (structured mode): what goes over the wire, and, because its
/// members always come in this order, the canonical bytes that audits are computed over.
/// </summary>
public static class CloudEventFormat
{
    /// <summary>The media type of this format.</summary>
    public const string MediaType = "application/cloudevents+json";

    /// <summary>The same as a content type, with the character set that it is written in.</summary>
    public const string ContentType = MediaType + "; charset=utf-8";

    /// <summary>How the media types of all formats of CloudEvents begin.</summary>
    public const string AnyMediaType = "application/cloudevents";

    /// <summary>The members in order: specversion, id, source, type, subject, time,
    /// datacontenttype, dataschema, sequence, causationid, correlationid, authtype, authid,
    /// recordedtime, expirytime, severitytext, extensions by name, data or data_base64.</summary>
    public static byte[] ToBytes(Event item)
    {
        var json = new JsonWriter();
        Write(json, item);
        return json.ToArray();
    }

    public static void Write(JsonWriter json, Event item)
    {
        var program = item.Data as ProgramEvent;
        json.BeginObject()
            .Name("specversion")
            .String("1.0")
            .Name("id")
            .String(item.Id)
            .Name("source")
            .String(item.Source)
            .Name("type")
            .String(item.Type);
        Optional(json, "subject", item.Data.Subject);
        json.Name("time").String(Timestamp.ToText(item.Time));
        Optional(
            json,
            "datacontenttype",
            program is null ? "application/json" : program.DataContentType
        );
        Optional(json, "dataschema", program?.DataSchema);
        json.Name("sequence").String(item.Sequence.ToString());
        Optional(json, "causationid", item.Cause?.Id);
        json.Name("correlationid").String(item.Root.Id);
        json.Name("authtype").String(item.Principal.AuthType);
        json.Name("authid").String(item.Principal.Value);
        json.Name("recordedtime").String(Timestamp.ToText(item.RecordedTime));
        if (item.ExpiryTime is { } expiry)
        {
            json.Name("expirytime").String(Timestamp.ToText(expiry));
        }

        WriteData(json, item, program);
        json.EndObject();
    }

    private static void WriteData(JsonWriter json, Event item, ProgramEvent? program)
    {
        if (program is null)
        {
            Optional(json, "severitytext", SeverityOf(item.Data));
            json.Name("data");
            item.Data.Write(json);
            return;
        }

        foreach (var (name, value) in program.Extensions)
        {
            json.Name(name).Raw(value);
        }

        if (program.Content is not null)
        {
            program.WriteContent(json);
        }
    }

    private static void Optional(JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.Name(name).String(value);
        }
    }

    internal static string? SeverityOf(EventData data) =>
        data switch
        {
            Devices.DeviceHealthChanged change => change.Severity,
            Automations.AutomationHealthChanged change => change.Severity,
            Automations.AutomationTriggered triggered => triggered.Severity,
            Devices.AnnouncementRefused => "WARN",
            _ => null,
        };
}
