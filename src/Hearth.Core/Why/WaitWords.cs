using System.Globalization;
using Hearth.Core.Automations;
using Hearth.Core.Devices;

namespace Hearth.Core.Why;

/// <summary>What a trigger waits for, in words.</summary>
internal static class WaitWords
{
    public static void Tell(Telling telling, Trigger trigger)
    {
        switch (trigger)
        {
            case NumericStateTrigger number:
                Number(telling, number);
                break;
            case StateTrigger state:
                State(telling, state);
                break;
            case TemplateTrigger:
                telling.Say("its template comes true");
                break;
            case TimeTrigger time:
                Time(telling, time);
                break;
            case TimePatternTrigger:
                telling.Say("the clock fits its pattern");
                break;
            case SunTrigger sun:
                if (sun.Offset != TimeSpan.Zero)
                {
                    telling.Say("it is ").Lasting(sun.Offset.Duration());
                    telling.Say(sun.Offset > TimeSpan.Zero ? " after " : " before ");
                }

                telling.Say(sun.IsSunrise ? "sunrise" : "sunset");
                telling.Say(sun.Offset == TimeSpan.Zero ? " comes" : "");
                break;
            case EventTrigger item:
                telling.Say("event ").Quote(string.Join(" or ", item.EventTypes));
                telling.Say(" is published");
                break;
            case MqttTrigger message:
                telling.Say("a message comes on ").Quote(message.Topic);
                break;
            case WebhookTrigger:
                telling.Say("its webhook is called");
                break;
            case HubTrigger hub:
                telling.Say(hub.IsStart ? "the hub starts" : "the hub is about to stop");
                break;
            default:
                telling.Say($"its {trigger.Platform} trigger comes");
                break;
        }

        if (trigger.For?.Fixed is { } lasts)
        {
            telling.Say(" for ").Lasting(lasts);
        }
    }

    private static void Number(Telling telling, NumericStateTrigger number)
    {
        if (number.Test.Attribute is { } attribute)
        {
            telling.Say(attribute.Replace('_', ' ') + " of ");
        }

        Entities(telling, number.Watched);
        telling.Say(" comes to be ");
        TriggerWords.Bounds(
            telling,
            new TriggerFacts(number.Platform)
            {
                Above = number.Test.Above?.Number,
                Below = number.Test.Below?.Number,
                Unit = telling.Names.UnitOf(number.Watched[0]),
            },
            number.Test
        );
    }

    private static void State(Telling telling, StateTrigger state)
    {
        if (state.Attribute is { } attribute)
        {
            telling.Say(attribute.Replace('_', ' ') + " of ");
        }

        Entities(telling, state.Watched);
        telling.Say(" changes");
        if (state.From is { } from)
        {
            telling.Say(" from ").Value(string.Join(" or ", from));
        }

        if (state.To is { } to)
        {
            telling.Say(" to ").Value(string.Join(" or ", to));
        }
    }

    private static void Time(Telling telling, TimeTrigger time)
    {
        telling.Say("it is ");
        foreach (var (index, at) in time.At.Index())
        {
            telling.Say(index == 0 ? "" : " or ");
            if (at.Entity is { } entity)
            {
                telling.Say("the time that ").Entity(entity).Say(" says");
            }
            else
            {
                var text = at.Time!.Value.Second == 0 ? "HH:mm" : "HH:mm:ss";
                telling.Value(at.Time.Value.ToString(text, CultureInfo.InvariantCulture));
            }
        }
    }

    private static void Entities(Telling telling, IReadOnlyList<EntityId> entities)
    {
        foreach (var (index, entity) in entities.Index())
        {
            telling.Say(index == 0 ? "" : " or ").Entity(entity);
        }
    }
}
