using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>What devices announce on their discovery topics: it is registered, or it is said what
/// to change.</summary>
internal sealed class Announcing(HomeState state, Registration registration)
{
    private const int SentenceMax = 1_000;

    private const string ConfigurationError = "configuration_error";

    /// <summary>A message on a discovery topic. A bad one changes nothing; its device's health says
    /// so, or, where no device is known, an event of its own.</summary>
    public void Receive(Turn turn, string topic, Payload payload, Cause cause)
    {
        var parsed = Announcement.Parse(topic, payload);
        if (parsed.Announcement is not { } announcement)
        {
            Complain(turn, topic, parsed.Faults, cause);
            return;
        }

        var (id, refusal) = registration.Register(turn, announcement, cause);
        if (refusal is not null)
        {
            Complain(turn, topic, [new Fault("", refusal.Detail)], cause);
        }
        else if (parsed.Faults.Count > 0)
        {
            // Some of its entities are left out; the others are as announced.
            Complain(turn, topic, parsed.Faults, cause);
        }
        else
        {
            Mend(turn, topic, id, cause);
        }
    }

    private void Mend(Turn turn, string topic, DeviceId? id, Cause cause)
    {
        Accept(turn, topic, cause);
        if (
            id is { } known
            && state.Devices.Devices[known] is { HealthDetail: ConfigurationError } device
        )
        {
            const string Mended = "It announced itself in order again.";
            turn.Emit(
                new DeviceHealthChanged(known, device.Health, DeviceHealth.Healthy, "none", Mended),
                cause
            );
        }
    }

    private void Accept(Turn turn, string topic, Cause cause)
    {
        if (state.RefusedAnnouncements.ReasonOf(topic) is not null)
        {
            turn.Emit(new AnnouncementMended(topic), cause);
        }
    }

    private void Complain(Turn turn, string topic, IReadOnlyList<Fault> faults, Cause cause)
    {
        var said = Sentence(faults);
        if (
            !DiscoveryTopic.TryParse(topic, out var address) || Announced(address) is not { } device
        )
        {
            var refused = $"It changes nothing: {said}";
            if (state.RefusedAnnouncements.ReasonOf(topic) != refused)
            {
                turn.Emit(new AnnouncementRefused(topic, refused), cause);
            }

            return;
        }

        Accept(turn, topic, cause);
        var reason =
            $"Its announcement on {topic} has faults, and what has them changes nothing: {said}";
        turn.Emit(
            new DeviceHealthChanged(
                device.Id,
                device.Health,
                DeviceHealth.Degraded,
                ConfigurationError,
                reason
            ),
            cause
        );
    }

    // However much is wrong with it, and however long what it says is.
    private static string Sentence(IReadOnlyList<Fault> faults)
    {
        var said = string.Join(
            "; ",
            faults.Select(fault => $"{fault.Pointer} {fault.Detail}".Trim())
        );
        if (said.Length <= SentenceMax)
        {
            return said;
        }

        var end = char.IsHighSurrogate(said[SentenceMax - 1]) ? SentenceMax - 1 : SentenceMax;
        return said[..end] + "…";
    }

    /// <summary>The device whose announcement stands on a topic.</summary>
    private Device? Announced(DiscoveryTopic address)
    {
        if (!address.IsDevice)
        {
            return state.Devices.FindByDiscovery(address.Key) is { } entity
                ? state.Devices.Devices[entity.Device]
                : state.Devices.OwnerOf(address.Key);
        }

        var id = "device/" + address.Item;
        return state
            .Devices.UnderDiscovery(id)
            .Select(entity => state.Devices.Devices[entity.Device])
            .Concat(state.Devices.OthersUnder(id).Select(key => state.Devices.OwnerOf(key)!))
            .FirstOrDefault();
    }
}
