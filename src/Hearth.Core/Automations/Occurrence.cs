using System.Globalization;
using System.Text;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// That a trigger came true, and how: what an automation's <c>trigger</c> variable tells, and what
/// its run carries along so that its reason can be told when the reading that began it has long
/// left the log.
/// </summary>
/// <param name="Trigger">Null for a run by hand.</param>
internal sealed record Occurrence(Trigger? Trigger, Cause? Cause)
{
    public EntityId? Entity { get; init; }

    /// <summary>The state before; made when a template asks.</summary>
    public Func<StateView?> From { get; init; } = static () => null;

    /// <summary>The state that it came to, likewise.</summary>
    public Func<StateView?> To { get; init; } = static () => null;

    /// <summary>What was compared: the attribute's value, or the state.</summary>
    public (string From, string To)? Values { get; init; }

    public string? Unit { get; init; }

    /// <summary>The hold that elapsed; null for what needed none.</summary>
    public Hold? Hold { get; init; }

    /// <summary>The event that did it, where it was one.</summary>
    public Event? Event { get; init; }

    /// <summary>What the clock said; null for triggers that are none of the clock's.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How much later than that it was, where it was missed while the home was down.
    /// </summary>
    public TimeSpan Late { get; init; }

    /// <summary>Who runs it by hand; null where a trigger did.</summary>
    public Principal? By { get; init; }

    // Until people sign in nobody is named, and that need not be said with every run.
    private Principal? Who =>
        (Hold?.Who ?? Event?.Principal) is { } who && who != Principal.Anonymous ? who : null;

    /// <summary>Why, as a JSON object: <see cref="AutomationTriggered.Facts"/>.</summary>
    public string Facts()
    {
        var json = new JsonWriter();
        json.BeginObject().Name("platform").String(Trigger?.Platform ?? "manual");
        if ((Trigger is null ? By : Who) is { } by)
        {
            json.Name("by").String(by.Value);
        }

        if (Entity is { } entity)
        {
            json.Name("entity_id").String(entity.Value);
        }

        if (Values is { } values)
        {
            json.Name("from").String(values.From).Name("to").String(values.To);
        }

        WriteBounds(json);
        if (Unit is not null)
        {
            json.Name("unit_of_measurement").Raw(Unit);
        }

        if (Hold is { } hold && Trigger is not null)
        {
            json.Name("since").String(Timestamp.ToText(hold.Since));
            var lasted = hold.AwaitsReport ? Trigger.For?.Fixed : hold.Due - hold.Since;
            Number(json, "for", lasted?.TotalSeconds);
            if (hold.AwaitsReport)
            {
                json.Name("elapsed_while_down").Boolean(true);
            }
        }

        WriteEvent(json);
        WriteTime(json);
        return Encoding.UTF8.GetString(json.EndObject().Written);
    }

    /// <summary>The variable <c>trigger</c>, as in Home Assistant.</summary>
    public TemplateValue Value()
    {
        var dict = new TemplateDict(12);
        dict.Set("platform", Text(Trigger?.Platform));
        if (Trigger is null)
        {
            return TemplateValue.From(dict);
        }

        dict.Set("id", Text(Trigger.Id));
        dict.Set("idx", Text($"{Trigger.Index}"));
        dict.Set("alias", Text(Trigger.Alias));
        if (Entity is { } entity)
        {
            dict.Set("entity_id", Text(entity.Value));
        }

        if (Trigger is StateTrigger or NumericStateTrigger or TemplateTrigger)
        {
            dict.Set(
                "from_state",
                From() is { } from ? TemplateValue.From(from) : TemplateValue.None
            );
            dict.Set("to_state", To() is { } to ? TemplateValue.From(to) : TemplateValue.None);
            dict.Set(
                "for",
                Hold is { } hold && Trigger.For is not null && hold.Due > hold.Since
                    ? TemplateValue.From(hold.Due - hold.Since)
                    : TemplateValue.None
            );
        }

        if (Trigger is StateTrigger { Attribute: { } attribute })
        {
            dict.Set("attribute", Text(attribute));
        }

        if (Trigger is NumericStateTrigger { Test: var test })
        {
            dict.Set("above", Of(test.Above));
            dict.Set("below", Of(test.Below));
        }

        if (At is { } at)
        {
            dict.Set("now", TemplateValue.From(at));
        }

        if (Trigger is not StateTrigger)
        {
            EventOccurrence.Add(dict, Trigger, Event);
        }

        return TemplateValue.From(dict);
    }

    private static TemplateValue Of(Bound? bound) =>
        bound switch
        {
            { Number: { } number } => TemplateValue.From(number),
            { Entity: { } entity } => TemplateValue.From(entity.Value),
            _ => TemplateValue.None,
        };

    private static TemplateValue Text(string? text) =>
        text is null ? TemplateValue.None : TemplateValue.From(text);

    private void WriteBounds(JsonWriter json)
    {
        if (Trigger is NumericStateTrigger { Test: var test })
        {
            Number(json, "above", test.Above?.Number);
            Number(json, "below", test.Below?.Number);
        }
    }

    private void WriteEvent(JsonWriter json)
    {
        if (Event is null || Trigger is not (EventTrigger or MqttTrigger))
        {
            return;
        }

        if (Event.Data is MessageEvent message)
        {
            json.Name("topic").String(message.Topic).Name("event_id").String(Event.Id);
            return;
        }

        json.Name("event_type")
            .String(Event.Type)
            .Name("event_id")
            .String(Event.Id)
            .Name("source")
            .String(Event.Source);
        if (Event.Data.Subject is { } subject)
        {
            json.Name("subject").String(subject);
        }
    }

    private void WriteTime(JsonWriter json)
    {
        if (At is { } at)
        {
            json.Name("at").String(Timestamp.ToText(at));
        }

        if (Late > TimeSpan.Zero)
        {
            Number(json, "late", Late.TotalSeconds);
        }
    }

    private static void Number(JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.Name(name).Raw(number.ToString("R", CultureInfo.InvariantCulture));
        }
    }
}

/// <summary>What <c>trigger</c> tells of the event that set an automation off.</summary>
internal static class EventOccurrence
{
    // The event and its trigger stand around it, and a template may put more around those.
    private const int DepthMax = Templates.TemplateBudget.DepthMax - 8;

    public static void Add(TemplateDict trigger, Trigger kind, Event? item)
    {
        switch (item?.Data)
        {
            case MessageEvent message when kind is MqttTrigger:
                Add(trigger, message);
                break;
            case WebhookReceived webhook:
                trigger.Set("webhook_id", TemplateValue.From(webhook.WebhookId));
                trigger.Set("json", Parsed(webhook.Json));
                trigger.Set("data", Parsed(webhook.Data));
                trigger.Set("query", Parsed(webhook.Query));
                break;
            case { } when kind is HubTrigger { IsStart: var isStart }:
                trigger.Set("event", TemplateValue.From(isStart ? "start" : "shutdown"));
                break;
            case { }:
                trigger.Set("event", Of(item));
                break;
        }
    }

    private static void Add(TemplateDict trigger, MessageEvent message)
    {
        trigger.Set("topic", TemplateValue.From(message.Topic));
        trigger.Set("payload", TemplateValue.From(message.Payload.Text ?? ""));
        if (message.Payload.Json.ValueKind != JsonValueKind.Undefined)
        {
            trigger.Set("payload_json", Read(message.Payload.Json));
        }

        trigger.Set("qos", TemplateValue.From(message.Qos));
    }

    // As Home Assistant tells of events, with what CloudEvents has besides.
    private static TemplateValue Of(Event item)
    {
        var told = new TemplateDict();
        told.Set("event_type", TemplateValue.From(item.Type));
        var json = item.Data.AsJson();
        told.Set(
            "data",
            json.ValueKind == JsonValueKind.Undefined
                ? TemplateValue.From(new TemplateDict())
                : Read(json)
        );
        told.Set("origin", TemplateValue.From("LOCAL"));
        told.Set("time_fired", TemplateValue.From(item.Time));
        told.Set("id", TemplateValue.From(item.Id));
        told.Set("source", TemplateValue.From(item.Source));
        if (item.Data.Subject is { } subject)
        {
            told.Set("subject", TemplateValue.From(subject));
        }

        return TemplateValue.From(told);
    }

    private static TemplateValue Parsed(string? json) =>
        json is null ? TemplateValue.None : Read(JsonRead.Parse(json));

    private static TemplateValue Read(JsonElement json) =>
        IsDeeper(json, DepthMax) ? TemplateValue.None : TemplateValue.FromJson(json);

    private static bool IsDeeper(JsonElement json, int levels) =>
        json.ValueKind switch
        {
            JsonValueKind.Array => levels == 0
                || json.EnumerateArray().Any(item => IsDeeper(item, levels - 1)),
            JsonValueKind.Object => levels == 0
                || json.EnumerateObject().Any(member => IsDeeper(member.Value, levels - 1)),
            _ => false,
        };
}
