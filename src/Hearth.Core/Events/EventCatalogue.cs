using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Subscriptions;

namespace Hearth.Core.Events;

/// <summary>Every type of event that the hub makes, and how its data is read back.</summary>
internal static class EventCatalogue
{
    /// <summary>What programs may not publish: everything below is the hub's own word.</summary>
    public const string ReservedPrefix = "hearth.";

    private static readonly Dictionary<string, Func<JsonElement, EventData>> Readers = new()
    {
        [MessageReceived.TypeName] = MessageReceived.Read,
        [MessagePublished.TypeName] = MessagePublished.Read,
        [HubStarted.TypeName] = HubStarted.Read,
        [HubStopped.TypeName] = _ => new HubStopped(),
        [HubResumed.TypeName] = HubResumed.Read,
        [ClockChanged.TypeName] = ClockChanged.Read,
        [LocationChanged.TypeName] = LocationChanged.Read,
        [WebhookReceived.TypeName] = WebhookReceived.Read,
        [TagScanned.TypeName] = TagScanned.Read,
        [NotificationSent.TypeName] = NotificationSent.Read,
        [AnnouncementRefused.TypeName] = AnnouncementRefused.Read,
        [AnnouncementMended.TypeName] = AnnouncementMended.Read,
        [StateChanged.TypeName] = StateChanged.Read,
        [DeviceRegistered.TypeName] = DeviceRegistered.Read,
        [DeviceUpdated.TypeName] = DeviceUpdated.Read,
        [DeviceRemoved.TypeName] = DeviceRemoved.Read,
        [DeviceArranged.TypeName] = DeviceArranged.Read,
        [AreaSaved.TypeName] = AreaSaved.Read,
        [DeviceConnected.TypeName] = DeviceConnected.Read,
        [DeviceDisconnected.TypeName] = DeviceDisconnected.Read,
        [DeviceTriggered.TypeName] = DeviceTriggered.Read,
        [DeviceEnabled.TypeName] = DeviceEnabled.Read,
        [DeviceDisabled.TypeName] = DeviceDisabled.Read,
        [DeviceStateChanged.TypeName] = DeviceStateChanged.Read,
        [DeviceHealthChanged.TypeName] = DeviceHealthChanged.Read,
        [CommandRequested.TypeName] = CommandRequested.Read,
        [CommandSent.TypeName] = CommandSent.Read,
        [CommandAcknowledged.TypeName] = CommandAcknowledged.Read,
        [CommandFailed.TypeName] = CommandFailed.Read,
        [CommandExpired.TypeName] = CommandExpired.Read,
        [AutomationCreated.TypeName] = AutomationCreated.Read,
        [AutomationUpdated.TypeName] = AutomationUpdated.Read,
        [AutomationRemoved.TypeName] = AutomationRemoved.Read,
        [AutomationEnabled.TypeName] = AutomationEnabled.Read,
        [AutomationDisabled.TypeName] = AutomationDisabled.Read,
        [AutomationTriggered.TypeName] = AutomationTriggered.Read,
        [AutomationTriggerChanged.TypeName] = AutomationTriggerChanged.Read,
        [AutomationWaiting.TypeName] = AutomationWaiting.Read,
        [AutomationFinished.TypeName] = AutomationFinished.Read,
        [AutomationFailed.TypeName] = AutomationFailed.Read,
        [AutomationHealthChanged.TypeName] = AutomationHealthChanged.Read,
        [SubscriptionCreated.TypeName] = SubscriptionCreated.Read,
        [SubscriptionUpdated.TypeName] = SubscriptionUpdated.Read,
        [SubscriptionRemoved.TypeName] = SubscriptionRemoved.Read,
        [SubscriptionPaused.TypeName] = SubscriptionPaused.Read,
        [SubscriptionResumed.TypeName] = SubscriptionResumed.Read,
        [SubscriptionDeadLettered.TypeName] = SubscriptionDeadLettered.Read,
    };

    public static IEnumerable<string> Types => Readers.Keys;

    /// <summary>Reads the data of a stored event; a type that is not ours is a program's.</summary>
    public static EventData Read(string type, JsonElement json)
    {
        var data = json.GetProperty("d");
        if (Readers.TryGetValue(type, out var read))
        {
            return read(data);
        }

        return type.StartsWith(ReservedPrefix, StringComparison.Ordinal)
            ? throw new NotSupportedException(
                $"The log holds an event of type {type}, which this version does not know."
            )
            : ProgramEvent.Read(type, data);
    }
}
