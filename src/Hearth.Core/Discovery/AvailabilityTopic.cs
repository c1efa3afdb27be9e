using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>One topic whose messages say whether an entity is available.</summary>
internal sealed record AvailabilityTopic(
    string Topic,
    string PayloadAvailable,
    string PayloadNotAvailable,
    ValueTemplate Template
)
{
    /// <summary>Reads an entry of the list that <see cref="Members.NormaliseAvailability"/>
    /// makes.</summary>
    public static AvailabilityTopic Read(JsonElement entry) =>
        new(
            JsonRead.Required(entry, "topic"),
            JsonRead.Required(entry, "payload_available"),
            JsonRead.Required(entry, "payload_not_available"),
            new ValueTemplate(JsonRead.Text(entry, "value_template"))
        );

    /// <summary>Available, not, or nothing (null).</summary>
    public bool? Says(TemplateContext message)
    {
        var said = Template.Read(message);
        return said == PayloadAvailable ? true
            : said == PayloadNotAvailable ? false
            : null;
    }
}
