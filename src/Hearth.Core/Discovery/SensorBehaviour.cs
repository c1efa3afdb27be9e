using System.Globalization;
using Hearth.Core.Devices;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>A sensor: a value, most often a number (Home Assistant, MQTT sensor).</summary>
internal sealed class SensorBehaviour : EntityBehaviour
{
    // Home Assistant's limit of a state.
    private const int TextMax = 255;

    private static readonly string[] NotNumeric = ["date", "enum", "timestamp"];

    private readonly ValueTemplate _template;
    private readonly ValueTemplate _lastReset;
    private readonly string? _deviceClass;
    private readonly bool _isNumeric;
    private readonly string[] _options;

    public SensorBehaviour(EntityConfig config)
        : base(config)
    {
        _template = TemplateOf("value_template");
        _lastReset = TemplateOf("last_reset_value_template");
        _deviceClass = Text("device_class");
        _isNumeric =
            (_deviceClass is not null && !NotNumeric.Contains(_deviceClass))
            || Text("unit_of_measurement") is not null
            || Text("state_class") is not null
            || Text("suggested_display_precision") is not null;
        _options = Texts("options");
        ForceUpdate = Flag("force_update") ?? false;
        ExpireAfter = Seconds("expire_after");
    }

    public override TimeSpan? ExpireAfter { get; }

    public override bool ForceUpdate { get; }

    protected override IReadOnlyList<string> OwnAttributes => ["last_reset"];

    protected override Attributes ReadAnnounced() =>
        AnnouncedOf("state_class", "options", "suggested_display_precision");

    protected override EntityState ReceiveState(
        EntityState current,
        string topic,
        TemplateContext message
    )
    {
        if (!Concerns(StateTopic, topic))
        {
            return current;
        }

        var next =
            _template.Read(message) is { } said && ValueOf(said) is { } value
                ? WithValue(current, value)
                : current;
        return
            _lastReset.IsPresent
            && _lastReset.Read(message) is { } reset
            && TryParse(reset, out var time)
            ? WithAttributes(next, next.Attributes.WithText("last_reset", Instant(time)))
            : next;
    }

    // Null where what was said is no value for this sensor and is ignored: an empty text for a
    // number is a message that speaks of something else.
    private string? ValueOf(string said)
    {
        if (said == "None")
        {
            return EntityState.Unknown;
        }

        if (_isNumeric)
        {
            return Loose.Number(said) is not null ? said.Trim() : null;
        }

        if (_options.Length > 0 && !_options.Contains(said))
        {
            return null;
        }

        return _deviceClass switch
        {
            "timestamp" => TryParse(said, out var time) ? Instant(time) : null,
            "date" => TryParse(said, out var date)
                ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : null,
            _ => said.Length <= TextMax ? said : null,
        };
    }

    private static string Instant(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);

    private static bool TryParse(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out time
        );
}
