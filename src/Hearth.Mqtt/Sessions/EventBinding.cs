using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Mqtt.Packets;

namespace Hearth.Mqtt.Sessions;

/// <summary>
/// Events as the MQTT binding of CloudEvents carries them: structured (the payload is the event in
/// JSON) or, with MQTT 5, binary (user properties are the attributes, the content type is that of
/// the payload).
/// </summary>
internal static class EventBinding
{
    /// <summary>The event, or null and what is wrong with it.</summary>
    public static NewEvent? Read(Packet.Publish publish, ICollection<Fault> faults)
    {
        var contentType = publish.Properties.ContentType;
        var media = contentType?.Split(';')[0].Trim() ?? "";
        if (media.Equals(CloudEventFormat.MediaType, StringComparison.OrdinalIgnoreCase))
        {
            return ReadStructured(publish, faults);
        }

        if (media.StartsWith(CloudEventFormat.AnyMediaType, StringComparison.OrdinalIgnoreCase))
        {
            var taken = CloudEventFormat.MediaType;
            faults.Add(new Fault("", $"The content type is {contentType}; {taken} is taken."));
            return null;
        }

        // 3.1.1 has no content type, and many programs set none: then the attributes tell.
        return publish.Properties.UserProperties.Any(item => item.Name == "specversion")
            ? ReadBinary(publish, faults)
            : ReadStructured(publish, faults);
    }

    private static NewEvent? ReadStructured(Packet.Publish publish, ICollection<Fault> faults)
    {
        var json = new Payload(publish.Payload).Json;
        if (json.ValueKind != JsonValueKind.Undefined)
        {
            return CloudEventReader.Read(json, "", faults);
        }

        faults.Add(
            new Fault(
                "",
                "The payload is not a CloudEvent in JSON, and there is no user property specversion"
                    + " that would make it the data of one."
            )
        );
        return null;
    }

    private static NewEvent? ReadBinary(Packet.Publish publish, ICollection<Fault> faults)
    {
        var attributes = publish.Properties.UserProperties.Select(item =>
            KeyValuePair.Create(item.Name, item.Value)
        );
        var contentType = publish.Properties.ContentType;
        var payload = new Payload(publish.Payload);
        return CloudEventReader.Read(attributes, contentType, payload, faults);
    }
}
