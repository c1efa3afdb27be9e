using System.Globalization;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>A sensor: a value, most often a number (Home Assistant, MQTT sensor).</summary>
internal sealed class SensorBehaviour : EntityBehaviour
{
    private readonly string _topic;
    private readonly Template? _template;
    private readonly bool _isNumeric;
    private readonly bool _isInstant;
    private readonly string[]? _options;

    public SensorBehaviour(EntityConfig config)
        : base(config)
    {
        _topic = Text("state_topic")!;
        _template = TemplateOf("value_template");
        var deviceClass = Text("device_class");
        _isInstant = deviceClass is "timestamp" or "date";
        _isNumeric =
            deviceClass is not (null or "enum" or "timestamp" or "date")
            || Text("unit_of_measurement") is not null
            || Text("state_class") is not null
            || Text("suggested_display_precision") is not null;
        _options = config.Json.TryGetProperty("options", out var options)
            ? [.. options.EnumerateArray().Select(Loose.Text).OfType<string>()]
            : null;
    }

    public override Attributes Announced => AnnouncedOf("state_class", "options");

    protected override IReadOnlyList<string> OwnTopics => [_topic];

    protected override EntityState ReceiveState(
        EntityState current,
        string topic,
        Payload payload,
        TemplateContext context
    )
    {
        if (!Routes.Matches(_topic, topic) || Render(_template, payload, context) is not { } value)
        {
            return current;
        }

        if (value == "None")
        {
            return current with { Value = EntityState.Unknown };
        }

        if (_isNumeric)
        {
            // An empty value is a message that speaks of something else.
            return value.Trim() is { Length: > 0 } number && Loose.Number(number) is not null
                ? current with
                {
                    Value = number,
                }
                : current;
        }

        if (_options is not null && !_options.Contains(value))
        {
            return current;
        }

        return _isInstant && !IsInstant(value)
            ? current with
            {
                Value = EntityState.Unknown,
            }
            : current with
            {
                Value = value,
            };
    }

    private static bool IsInstant(string value) =>
        DateTimeOffset.TryParse(
            value,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out _
        );
}
