using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>What a switch and a binary sensor share: a message says on, off, or neither.</summary>
internal abstract class OnOffBehaviour : EntityBehaviour
{
    private readonly string? _topic;
    private readonly Template? _template;
    private readonly string _on;
    private readonly string _off;

    protected OnOffBehaviour(EntityConfig config, string on, string off)
        : base(config)
    {
        _topic = Text("state_topic");
        _template = TemplateOf("value_template");
        (_on, _off) = (on, off);
    }

    protected override IReadOnlyList<string> OwnTopics => _topic is null ? [] : [_topic];

    protected override EntityState ReceiveState(
        EntityState current,
        string topic,
        Payload payload,
        TemplateContext context
    )
    {
        if (_topic is null || !Routes.Matches(_topic, topic))
        {
            return current;
        }

        var said = Render(_template, payload, context);
        return said == _on ? current with { Value = "on" }
            : said == _off ? current with { Value = "off" }
            : said == "None" ? current with { Value = EntityState.Unknown }
            : current;
    }

    protected static string TextOf(EntityConfig config, string name, string otherwise) =>
        config.Json.TryGetProperty(name, out var value)
            ? Loose.Text(value) ?? otherwise
            : otherwise;
}

/// <summary>A binary sensor (Home Assistant, MQTT binary sensor).</summary>
internal sealed class BinarySensorBehaviour(EntityConfig config)
    : OnOffBehaviour(
        config,
        TextOf(config, "payload_on", "ON"),
        TextOf(config, "payload_off", "OFF")
    )
{
    public override TimeSpan? OffDelay => Seconds("off_delay");
}

/// <summary>A switch (Home Assistant, MQTT switch).</summary>
internal sealed class SwitchBehaviour : OnOffBehaviour
{
    private readonly Template? _commandTemplate;

    public SwitchBehaviour(EntityConfig config)
        : base(
            config,
            TextOf(config, "state_on", TextOf(config, "payload_on", "ON")),
            TextOf(config, "state_off", TextOf(config, "payload_off", "OFF"))
        ) => _commandTemplate = TemplateOf("command_template");

    public override ActionPlan Act(EntityState current, string action, JsonElement data)
    {
        if (action is not ("turn_on" or "turn_off"))
        {
            return base.Act(current, action, data);
        }

        var on = action == "turn_on";
        var payload = on
            ? TextOf(Config, "payload_on", "ON")
            : TextOf(Config, "payload_off", "OFF");
        var text = CommandText.Render(_commandTemplate, payload);
        return new ActionPlan(
            [Message(Text("command_topic")!, text)],
            current with
            {
                Value = on ? "on" : "off",
            }
        );
    }
}

/// <summary>What goes to a device: a value, or what its command template makes of it.</summary>
internal static class CommandText
{
    public static string Render(
        Template? template,
        string value,
        IEnumerable<KeyValuePair<string, TemplateValue>>? more = null
    )
    {
        if (template is null)
        {
            return value;
        }

        var variables = new Dictionary<string, TemplateValue>(more ?? [])
        {
            ["value"] = TemplateValue.From(value),
        };
        return template.Render(new TemplateContext { Variables = variables });
    }
}
