using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Subscriptions;

/// <summary>An event's CloudEvents attributes by name, as the text that goes over the wire.
/// </summary>
internal static class EventAttributes
{
    /// <summary>Null where the event has no such attribute.</summary>
    public static string? Of(Event item, string name) =>
        name switch
        {
            "type" => item.Type,
            "source" => item.Source,
            "id" => item.Id,
            "subject" => item.Data.Subject,
            "specversion" => "1.0",
            "time" => Timestamp.ToText(item.Time),
            "datacontenttype" => item.Data is ProgramEvent program
                ? program.DataContentType
                : "application/json",
            "dataschema" => (item.Data as ProgramEvent)?.DataSchema,
            "sequence" => item.Sequence.ToString(),
            "causationid" => item.Cause?.Id,
            "correlationid" => item.Root.Id,
            "authtype" => item.Principal.AuthType,
            "authid" => item.Principal.Value,
            "recordedtime" => Timestamp.ToText(item.RecordedTime),
            "expirytime" => item.ExpiryTime is { } expiry ? Timestamp.ToText(expiry) : null,
            "severitytext" => CloudEventFormat.SeverityOf(item.Data),
            _ => item.Data is ProgramEvent of ? Extension(of, name) : null,
        };

    private static string? Extension(ProgramEvent program, string name)
    {
        foreach (var (extension, value) in program.Extensions)
        {
            if (extension == name)
            {
                return value[0] == '"' ? JsonElement.Parse(value).GetString() : value;
            }
        }

        return null;
    }
}
