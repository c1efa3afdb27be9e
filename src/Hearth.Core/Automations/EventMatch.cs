using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>Whether an event is what a trigger waits for, its type apart.</summary>
internal static class EventMatch
{
    public static bool Matches(Trigger trigger, EventData data) =>
        (trigger, data) switch
        {
            (EventTrigger wanted, _) => wanted.Matches(data),
            (WebhookTrigger wanted, WebhookReceived call) => wanted.WebhookId == call.WebhookId
                && wanted.Methods.Contains(call.Method)
                && (call.IsLocal || !wanted.LocalOnly),
            (TagTrigger wanted, TagScanned tag) => wanted.TagIds.Contains(tag.TagId)
                && (
                    wanted.Devices.Count == 0
                    || tag.Device is { } device && wanted.Devices.Contains(device)
                ),
            (DeviceTrigger wanted, DeviceTriggered pressed) => wanted.Device == pressed.Device
                && wanted.Type == pressed.Action
                && wanted.Subtype == pressed.Subtype,
            _ => true,
        };

    /// <summary>Whether a message, or what the template makes of it, has the payload that is
    /// waited for.</summary>
    /// <param name="fault">Why the template failed; null where it did not.</param>
    public static bool Matches(
        this MqttTrigger trigger,
        MessageEvent message,
        Sight sight,
        out string? fault
    )
    {
        fault = null;
        if (trigger.Payload is not { } wanted)
        {
            return true;
        }

        if (trigger.ValueTemplate is not { } template)
        {
            return message.Payload.Text == wanted;
        }

        try
        {
            var context = new TemplateContext
            {
                Payload = message.Payload,
                Home = sight.View,
                Now = sight.Now,
                TimeZone = sight.Context().TimeZone,
                Variables = sight.Variables,
            };
            return template.RenderText(context) == wanted;
        }
        catch (TemplateException failure)
        {
            fault = failure.Message;
            return false;
        }
    }
}
