using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Tests.Discovery;

/// <summary>One entity by itself: what it makes of messages, and what it sends.</summary>
internal sealed class ABehaviour
{
    private readonly EntityBehaviour _behaviour;

    private ABehaviour(EntityConfig config)
    {
        _behaviour = config.Behaviour;
        State = config.InitialState;
    }

    public EntityState State { get; private set; }

    public Attributes Announced => _behaviour.Announced;

    public EntityBehaviour Itself => _behaviour;

    /// <summary>The state and then the attributes, <c>on brightness=128</c>.</summary>
    public string Shown =>
        string.Join(' ', State.Attributes.Select(a => $"{a.Key}={a.Value}").Prepend(State.Value));

    public static ABehaviour Of(string component, string json) =>
        new(
            Assert.Single(
                Announcement
                    .Parse($"homeassistant/{component}/x/config", Payload.FromText(json))
                    .Announcement!.Entities
            )
        );

    public ABehaviour Hears(string topic, params string[] payloads)
    {
        foreach (var payload in payloads)
        {
            State = _behaviour.Receive(State, topic, Payload.FromText(payload), AHome.Monday);
        }

        return this;
    }

    /// <summary>What it sends, <c>topic payload | topic payload</c>, or why it refuses.</summary>
    public string Sends(string action, string data = "{}")
    {
        var plan = _behaviour.Act(State, action, JsonElement.Parse(data));
        return plan.Refusal
            ?? string.Join(" | ", plan.Messages.Select(m => $"{m.Topic} {m.Payload.Text}"));
    }

    public EntityState? Desires(string action, string data = "{}") =>
        _behaviour.Act(State, action, JsonElement.Parse(data)).Desired;
}
