using Hearth.Core.Automations;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>
/// What a message means to the home: an announcement, a word on availability, a report.
/// </summary>
internal sealed class Readings(
    HomeState state,
    Announcing announcing,
    Actions actions,
    Rules rules,
    DeviceStates deviceStates
)
{
    public void Receive(Turn turn, ReceiveMessage message)
    {
        var received = turn.Emit(
            new MessageReceived(
                message.Topic,
                message.Payload,
                message.Qos,
                message.Retain,
                message.Client,
                message.Properties
            )
        );
        var cause = Cause.Of(received);
        if (DiscoveryTopic.IsDiscovery(message.Topic))
        {
            announcing.Receive(turn, message.Topic, message.Payload, cause);
        }

        // Whether it is available first: a device that says online and reports in one message is
        // available when it does.
        if (state.Devices.Said.Count + state.Devices.SaidByOthers.Count > 0)
        {
            ReceiveAvailability(turn, cause);
        }

        foreach (var route in state.Devices.RoutesOf(message.Topic))
        {
            if (route.AvailabilityIndex < 0)
            {
                ReceiveReport(turn, route.Entity, message, cause);
            }
        }

        foreach (var key in state.Devices.OccasionsOn(message.Topic))
        {
            var device = state.Devices.OwnerOf(key)!;
            var occasion = device.Others.First(other => other.Key == key).Occasion!;
            if (device.Enabled && occasion.Read(device.Id, message.Payload, turn.Time) is { } fact)
            {
                turn.Emit(fact, cause);
            }
        }
    }

    /// <summary>An entity has not reported for too long.</summary>
    public void Expire(Turn turn, EntityId id)
    {
        var entity = state.Devices.Entities[id];
        turn.Emit(
            new StateChanged(id, entity.State, entity.State with { Available = false }),
            by: Principal.Hub
        );
    }

    /// <summary>A binary sensor that went on goes off by itself.</summary>
    public void SwitchOff(Turn turn, EntityId id)
    {
        var entity = state.Devices.Entities[id];
        turn.Emit(
            new StateChanged(id, entity.State, entity.State with { Value = "off" }),
            by: Principal.Hub
        );
    }

    private void ReceiveAvailability(Turn turn, Cause cause)
    {
        var heard = state
            .Devices.SaidByOthers.Where(id =>
                state.Devices.Devices.TryGetValue(id, out var device) && device.Enabled
            )
            .ToHashSet();
        foreach (var (id, said) in state.Devices.Said)
        {
            // An announcement in the same message may have taken the entity away.
            if (
                state.Devices.Entities.TryGetValue(id, out var entity)
                && state.Devices.Devices[entity.Device].Enabled
            )
            {
                ReceiveAvailability(turn, entity, said, cause);
                heard.Add(entity.Device);
            }
        }

        foreach (var device in heard)
        {
            deviceStates.UpdateConnectivity(turn, device, cause);
        }
    }

    private void ReceiveAvailability(Turn turn, Entity entity, bool said, Cause cause)
    {
        var available = entity.Config.Behaviour.IsAvailable(entity.Availability, said);
        if (available != entity.State.Available)
        {
            var to = entity.State with { Available = available };
            turn.Emit(new StateChanged(entity.Id, entity.State, to), cause);
        }

        if (available)
        {
            actions.Release(turn, entity);
        }
    }

    private void ReceiveReport(Turn turn, EntityId id, ReceiveMessage message, Cause cause)
    {
        // An announcement in the same message may have taken the entity away.
        if (!state.Devices.Entities.TryGetValue(id, out var entity))
        {
            return;
        }

        var behaviour = entity.Config.Behaviour;
        if (!state.Devices.Devices[entity.Device].Enabled)
        {
            return;
        }

        actions.Release(turn, entity);
        var current =
            behaviour.ExpireAfter is not null && entity.Availability.Count == 0
                ? entity.State with
                {
                    Available = true,
                }
                : entity.State;
        var next = behaviour.Receive(current, message.Topic, message.Payload, turn.Time);
        var command = state.Commands.For(id);
        var changed = next != entity.State;
        var repeated = !changed && (behaviour.ForceUpdate || behaviour.OffDelay is not null);
        if (changed || repeated)
        {
            // What a command asked for is that command's doing; the message only carries it.
            var asked =
                changed
                && command is { Sent: true, Desired: { } desired }
                && Actions.Reaches(next, desired);
            var change = turn.Emit(
                new StateChanged(id, entity.State, next),
                asked ? command!.Cause : cause
            );
            cause = Cause.Of(change);
        }

        if (command is not null)
        {
            Actions.Confirm(turn, command, next, changed ? cause : command.Cause);
        }

        rules.Reported(turn, id, cause);
    }
}
