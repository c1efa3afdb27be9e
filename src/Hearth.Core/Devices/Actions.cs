using System.Text.Json;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>
/// Turns action calls into commands and follows each to its end: requested, sent, acknowledged,
/// failed or expired.
/// </summary>
internal sealed class Actions(HomeState state)
{
    /// <summary>How long a command is worth carrying out.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private readonly record struct Step(Entity Entity, string Action, ActionPlan Plan);

    /// <summary>Requests an action of every entity that is meant, or of none.</summary>
    /// <returns>Why it was refused, or null.</returns>
    public Refusal? Call(
        Turn turn,
        string action,
        IReadOnlyList<EntityId> entities,
        IReadOnlyList<DeviceId> devices,
        string arguments,
        Cause? cause = null,
        Principal? by = null
    )
    {
        var refusal = Plan(action, entities, devices, arguments, out var steps);
        if (refusal is not null)
        {
            return refusal;
        }

        foreach (var step in steps)
        {
            Request(turn, step, arguments, cause, by);
        }

        return null;
    }

    /// <summary>What a session, or nobody, took of the commands' messages.</summary>
    public void Report(Turn turn, IReadOnlyList<Delivery> deliveries)
    {
        foreach (var (id, sessions) in deliveries)
        {
            if (!state.Commands.Pending.TryGetValue(id, out var command) || command.Sent)
            {
                continue;
            }

            if (sessions == 0)
            {
                turn.Emit(new CommandFailed(id, command.Entity, "no_subscriber"), command.Cause);
                continue;
            }

            var sent = turn.Emit(new CommandSent(id, command.Entity), command.Cause);
            AcknowledgeOptimistic(turn, command, Cause.Of(sent));
        }
    }

    /// <summary>A device showed a sign of life: what was unfinished when the hub went down goes
    /// out again.</summary>
    public void Release(Turn turn, Entity entity)
    {
        if (state.Commands.For(entity.Id) is not { AwaitsDevice: true } command)
        {
            return;
        }

        var verb = command.Action[(command.Action.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var plan = entity.Config.Behaviour.Act(
            entity.State,
            verb,
            JsonRead.Parse(command.Arguments)
        );
        foreach (var message in plan.Messages)
        {
            Publish(turn, message, command.Id, command.Cause, command.Expires - turn.Time);
        }
    }

    /// <summary>An entity reported: if that is what its command asked for, the command is done.
    /// </summary>
    public static void Confirm(Turn turn, Command command, EntityState reported, Cause cause)
    {
        if (command.Sent && command.Desired is { } desired && Reaches(reported, desired))
        {
            turn.Emit(new CommandAcknowledged(command.Id, command.Entity), cause);
        }
    }

    /// <summary>True when a report is what was asked: the state, and the brightness within the
    /// rounding of one step.</summary>
    public static bool Reaches(EntityState reported, EntityState desired)
    {
        if (!reported.Available || reported.Value != desired.Value)
        {
            return false;
        }

        var wanted = Brightness(desired);
        var actual = Brightness(reported);
        return wanted is null || actual is null || Math.Abs(wanted.Value - actual.Value) <= 1;
    }

    public static void Expire(Turn turn, Command command) =>
        turn.Emit(new CommandExpired(command.Id, command.Entity), command.Cause, Principal.Hub);

    /// <summary>Ends what is under way for an entity that cannot answer any more.</summary>
    public void Fail(Turn turn, EntityId entity, string reason, Cause cause)
    {
        if (state.Commands.For(entity) is { } command)
        {
            turn.Emit(new CommandFailed(command.Id, entity, reason), cause);
        }
    }

    private Refusal? Plan(
        string action,
        IReadOnlyList<EntityId> entities,
        IReadOnlyList<DeviceId> devices,
        string arguments,
        out List<Step> steps
    )
    {
        steps = [];
        var dot = action.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0)
        {
            return new Refusal(
                RefusalKind.Invalid,
                $"'{action}' is no action; write a domain and a verb, such as light.turn_off."
            );
        }

        var (domain, verb) = (action[..dot], action[(dot + 1)..]);
        var targets = new List<Entity>();
        var refusal =
            FindEntities(entities, domain, targets) ?? FindDevices(devices, domain, targets);
        if (refusal is not null)
        {
            return refusal;
        }

        var data = JsonRead.Parse(arguments);
        foreach (var entity in targets)
        {
            var resolved = verb == "toggle" ? Toggled(entity) : verb;
            var plan = entity.Config.Behaviour.Act(entity.State, resolved, data);
            if (plan.Refusal is { } sentence)
            {
                return new Refusal(RefusalKind.Unsupported, $"{entity.Id}: {sentence}");
            }

            var exact = domain == "homeassistant" ? entity.Id.Domain : domain;
            steps.Add(new Step(entity, exact + "." + resolved, plan));
        }

        return null;
    }

    // A command is never a toggle on the wire: sent twice, it would undo itself.
    private static string Toggled(Entity entity) =>
        entity.State.Shown == "on" ? "turn_off" : "turn_on";

    private Refusal? FindEntities(IReadOnlyList<EntityId> ids, string domain, List<Entity> targets)
    {
        foreach (var id in ids)
        {
            if (!state.Devices.Entities.TryGetValue(id, out var entity))
            {
                return new Refusal(RefusalKind.NotFound, $"There is no entity {id}.");
            }

            if (domain != "homeassistant" && id.Domain != domain)
            {
                return new Refusal(
                    RefusalKind.Unsupported,
                    $"{id} is no {domain}; use the actions of {id.Domain}."
                );
            }

            if (!state.Devices.Devices[entity.Device].Enabled)
            {
                return new Refusal(
                    RefusalKind.Unsupported,
                    $"The device of {id} is disabled; enable it first."
                );
            }

            if (!targets.Contains(entity))
            {
                targets.Add(entity);
            }
        }

        return null;
    }

    private Refusal? FindDevices(IReadOnlyList<DeviceId> ids, string domain, List<Entity> targets)
    {
        foreach (var id in ids)
        {
            if (!state.Devices.Devices.TryGetValue(id, out var device))
            {
                return new Refusal(RefusalKind.NotFound, $"There is no device {id}.");
            }

            var matching = device
                .Entities.Where(entity => domain == "homeassistant" || entity.Domain == domain)
                .Where(entity => domain != "homeassistant" || entity.Domain is "light" or "switch")
                .ToArray();
            if (matching.Length == 0)
            {
                return new Refusal(RefusalKind.Unsupported, $"The device {id} has no {domain}.");
            }

            if (FindEntities(matching, domain, targets) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private void Request(Turn turn, Step step, string arguments, Cause? cause, Principal? by)
    {
        var entity = step.Entity.Id;
        var before = state.Commands.For(entity);
        var requested = turn.Emit(
            new CommandRequested(entity, step.Action, arguments, step.Plan.Desired),
            cause,
            by,
            turn.Time + Life
        );
        if (before is not null)
        {
            turn.Emit(new CommandFailed(before.Id, entity, "superseded"), Cause.Of(requested), by);
        }

        foreach (var message in step.Plan.Messages)
        {
            Publish(turn, message, requested.Sequence, Cause.Of(requested), Life, by);
        }
    }

    private static void Publish(
        Turn turn,
        OutgoingMessage message,
        Sequence command,
        Cause cause,
        TimeSpan life,
        Principal? by = null
    )
    {
        var seconds = (uint)Math.Max(1, Math.Ceiling(life.TotalSeconds));
        turn.Emit(
            new MessagePublished(
                message.Topic,
                message.Payload,
                message.Qos,
                message.Retain,
                command,
                new MessageProperties(ExpirySeconds: seconds)
            ),
            cause,
            by ?? Principal.Hub
        );
    }

    private void AcknowledgeOptimistic(Turn turn, Command command, Cause cause)
    {
        if (!state.Devices.Entities.TryGetValue(command.Entity, out var entity))
        {
            return;
        }

        if (command.Desired is { } desired)
        {
            if (!entity.Config.Behaviour.Optimistic)
            {
                return;
            }

            if (desired != entity.State)
            {
                turn.Emit(new StateChanged(entity.Id, entity.State, desired), cause);
            }
        }

        turn.Emit(new CommandAcknowledged(command.Id, command.Entity), cause);
    }

    private static double? Brightness(EntityState state) =>
        double.TryParse(
            state.Attributes.Get("brightness"),
            System.Globalization.NumberStyles.Float,
            System.Globalization.CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
