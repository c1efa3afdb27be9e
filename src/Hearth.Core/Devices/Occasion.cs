using Hearth.Core.Automations;
using Hearth.Core.Discovery;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Devices;

/// <summary>
/// Something that a device announced and that happens, rather than being in a state: a button that
/// is pressed (<c>device_automation</c>), a tag that is scanned (<c>tag</c>).
/// </summary>
internal sealed class Occasion
{
    /// <summary>What stands for it where others have the index of an availability topic.</summary>
    public const int Index = -1;

    private readonly EntityConfig _config;
    private readonly ValueTemplate _value;

    private Occasion(EntityConfig config, string topic)
    {
        _config = config;
        Topic = topic;
        _value = new ValueTemplate(JsonRead.Text(config.Json, "value_template"));
    }

    public string Topic { get; }

    public static Occasion? Of(EntityConfig config) =>
        JsonRead.Text(config.Json, "topic") is { } topic ? new Occasion(config, topic) : null;

    /// <summary>What a message on the topic says has happened; null for nothing.</summary>
    public EventData? Read(DeviceId device, Payload payload, DateTimeOffset now)
    {
        var value = _value.Read(TemplateContext.Of(payload, now));
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        if (_config.Component == "tag")
        {
            return new TagScanned(value, device.Value);
        }

        var wanted = JsonRead.Text(_config.Json, "payload");
        return wanted is null || wanted == value
            ? new DeviceTriggered(
                device.Value,
                JsonRead.Text(_config.Json, "type") ?? "",
                JsonRead.Text(_config.Json, "subtype") ?? ""
            )
            : null;
    }
}
