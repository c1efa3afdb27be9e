using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>What a switch and a binary sensor share: a message says on, off, or neither.</summary>
internal abstract class OnOffBehaviour : EntityBehaviour
{
    private readonly ValueTemplate _template;
    private readonly string _on;
    private readonly string _off;

    protected OnOffBehaviour(EntityConfig config)
        : base(config)
    {
        _template = TemplateOf("value_template");
        PayloadOn = Text("payload_on") ?? "ON";
        PayloadOff = Text("payload_off") ?? "OFF";
        _on = Text("state_on") ?? PayloadOn;
        _off = Text("state_off") ?? PayloadOff;
    }

    protected string PayloadOn { get; }

    protected string PayloadOff { get; }

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

        var said = _template.Read(message);
        return said == _on ? WithValue(current, "on")
            : said == _off ? WithValue(current, "off")
            : said == "None" ? WithValue(current, EntityState.Unknown)
            : current;
    }
}

/// <summary>A binary sensor (Home Assistant, MQTT binary sensor).</summary>
internal sealed class BinarySensorBehaviour : OnOffBehaviour
{
    public BinarySensorBehaviour(EntityConfig config)
        : base(config)
    {
        OffDelay = Seconds("off_delay");
        ExpireAfter = Seconds("expire_after");
        ForceUpdate = Flag("force_update") ?? false;
    }

    public override TimeSpan? OffDelay { get; }

    public override TimeSpan? ExpireAfter { get; }

    public override bool ForceUpdate { get; }
}

/// <summary>A switch (Home Assistant, MQTT switch).</summary>
internal sealed class SwitchBehaviour : OnOffBehaviour
{
    private readonly ValueTemplate _commandTemplate;

    public SwitchBehaviour(EntityConfig config)
        : base(config) => _commandTemplate = TemplateOf("command_template");

    public override ActionPlan Act(EntityState current, string action, JsonElement data)
    {
        if (action is not ("turn_on" or "turn_off"))
        {
            return base.Act(current, action, data);
        }

        var isOn = action == "turn_on";
        var payload = TemplateValue.From(isOn ? PayloadOn : PayloadOff);
        return Sending(_commandTemplate.Write(payload), WithValue(current, isOn ? "on" : "off"));
    }
}
