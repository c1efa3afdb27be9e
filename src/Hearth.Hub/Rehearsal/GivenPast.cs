using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Rehearsal;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Rehearsal;

/// <summary>A past that somebody made up, to test an automation: states at the beginning, and what
/// happens then.</summary>
internal sealed record GivenPast(
    RehearsalTimes Times,
    Past Past,
    IReadOnlyList<IReadOnlyList<Event>> Rows
);

/// <summary>Reads a past that is given in a request.</summary>
internal sealed class GivenPastReader(BodyReader body)
{
    private const int EventsMax = 10_000;

    /// <summary>No test needs more than a year.</summary>
    private static readonly TimeSpan LengthMax = TimeSpan.FromDays(366);

    /// <summary>How long it goes on after the last event unless the request says.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromDays(1);

    private static readonly string[] OfState = ["state", "attributes", "last_changed"];

    private static readonly string[] OfEvent =
    [
        "at",
        "entity_id",
        "state",
        "attributes",
        "type",
        "data",
        "topic",
        "payload",
        "webhook_id",
        "tag_id",
        "homeassistant",
    ];

    /// <summary>What says which kind of event it is.</summary>
    private static readonly string[] Kinds =
    [
        "entity_id",
        "type",
        "topic",
        "webhook_id",
        "tag_id",
        "homeassistant",
    ];

    private readonly Dictionary<EntityId, EntityState> _states = [];
    private Sequence _last = Sequence.None;

    public GivenPast? Read(JsonElement json)
    {
        var from = body.Time(json, "", "from");
        var at = Times(json, ref from);
        var begin = from ?? DateTimeOffset.UnixEpoch;
        var states = States(json, begin);
        var events = Events(json, at);
        if (body.Faults.Count > 0)
        {
            return null;
        }

        var end = at.Count > 0 ? at.Max() : begin;
        if (end > DateTimeOffset.MaxValue - LengthMax)
        {
            body.Fault("/from", "It is too far away.");
            return null;
        }

        var until = Until(json, begin) ?? end + Afterwards;
        if (until - begin > LengthMax + Afterwards)
        {
            body.Fault(
                BodyReader.IsGiven(json, "until", out _) ? "/until" : "/events",
                "It is longer than a year; make it shorter."
            );
        }

        var rows = events
            .OrderBy(item => item.Time)
            .Select(item => (IReadOnlyList<Event>)[item])
            .ToArray();
        return body.Faults.Count > 0
            ? null
            : new GivenPast(
                new RehearsalTimes(begin, begin, until),
                new Past(states) { IsWhole = true },
                rows
            );
    }

    // Times, or lengths of time after the beginning, which then has to be said.
    private List<DateTimeOffset> Times(JsonElement json, ref DateTimeOffset? from)
    {
        var times = new List<DateTimeOffset>();
        if (!BodyReader.IsGiven(json, "events", out var events))
        {
            return NeedsFrom(from, times);
        }

        if (events.ValueKind != JsonValueKind.Array || events.GetArrayLength() > EventsMax)
        {
            body.Fault("/events", $"Expected a list of at most {EventsMax} events.");
            return times;
        }

        from ??= events
            .EnumerateArray()
            .Select(item =>
                item.ValueKind == JsonValueKind.Object
                && item.TryGetProperty("at", out var at)
                && at.ValueKind == JsonValueKind.String
                && BodyReader.TryTime(at.GetString()!, out var time)
                && !Duration.TryRead(at, out _)
                    ? time
                    : (DateTimeOffset?)null
            )
            .Min();
        var index = 0;
        foreach (var item in events.EnumerateArray())
        {
            times.Add(At(item, $"/events/{index++}", "at", from));
        }

        return NeedsFrom(from, times);
    }

    private List<DateTimeOffset> NeedsFrom(DateTimeOffset? from, List<DateTimeOffset> times)
    {
        if (from is null)
        {
            body.Fault("/from", "Say when it begins, like 2026-01-02T18:00:00Z.");
        }

        return times;
    }

    private DateTimeOffset? Until(JsonElement json, DateTimeOffset from) =>
        BodyReader.IsGiven(json, "until", out _) ? At(json, "", "until", from) : null;

    private DateTimeOffset At(JsonElement json, string pointer, string name, DateTimeOffset? from)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            body.Fault(pointer, "Expected an object, like {\"at\": 10, \"entity_id\": …}.");
            return default;
        }

        if (BodyReader.IsGiven(json, name, out var given))
        {
            // What is too long is refused with the whole; here it must only not overflow.
            var begin = from ?? DateTimeOffset.UnixEpoch;
            if (Duration.TryRead(given, out var after) && after < DateTimeOffset.MaxValue - begin)
            {
                return begin + after;
            }

            if (
                given.ValueKind == JsonValueKind.String
                && BodyReader.TryTime(given.GetString()!, out var time)
            )
            {
                if (time >= from)
                {
                    return time;
                }

                body.Fault($"{pointer}/{name}", "It is before the beginning, from.");
                return default;
            }
        }

        body.Fault(
            $"{pointer}/{name}",
            "Say when: seconds or \"00:10:00\" after the beginning, or 2026-01-02T03:04:05Z."
        );
        return default;
    }

    private Dictionary<EntityId, PastState> States(JsonElement json, DateTimeOffset from)
    {
        var states = new Dictionary<EntityId, PastState>();
        if (!BodyReader.IsGiven(json, "states", out var given))
        {
            return states;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            body.Fault("/states", "Expected the states by entity, like {\"light.desk\": \"on\"}.");
            return states;
        }

        foreach (var member in given.EnumerateObject())
        {
            var pointer = $"/states/{member.Name}";
            var (value, since) = (member.Value, from);
            var text = Value(value);
            var attributes = Attributes.Empty;
            if (value.ValueKind == JsonValueKind.Object)
            {
                body.RefuseUnknown(value, pointer, OfState);
                text = value.TryGetProperty("state", out var state) ? Value(state) : null;
                attributes = body.AttributesOf(value, pointer);
                since = body.Time(value, pointer, "last_changed") ?? from;
            }

            if (text is null)
            {
                body.Fault(pointer, "Expected the state as text, or an object with state.");
            }
            else if (IsSun(member.Name, pointer))
            {
                continue;
            }
            else if (body.IsEntity(member.Name, pointer))
            {
                var id = new EntityId(member.Name);
                _states[id] = StateOf(text, attributes, EntityState.Initial);
                states[id] = new PastState(_states[id], since, since);
            }
        }

        return states;
    }

    private List<Event> Events(JsonElement json, List<DateTimeOffset> at)
    {
        var events = new List<Event>();
        if (!BodyReader.IsGiven(json, "events", out var given) || at.Count == 0)
        {
            return events;
        }

        // What an entity was before follows from the order of the times.
        var items = given.EnumerateArray().Select((item, index) => (Item: item, Index: index));
        foreach (var (item, index) in items.OrderBy(each => at[each.Index]))
        {
            var pointer = $"/events/{index}";
            if (item.ValueKind == JsonValueKind.Object && Fact(item, pointer) is { } data)
            {
                events.Add(Made(data, at[index]));
            }
        }

        return events;
    }

    private EventData? Fact(JsonElement json, string pointer)
    {
        body.RefuseUnknown(json, pointer, OfEvent);
        var kinds = Kinds.Where(kind => BodyReader.IsGiven(json, kind, out _)).ToArray();
        if (kinds is not [var kind])
        {
            body.Fault(pointer, $"Say what happens with one of {string.Join(", ", Kinds)}.");
            return null;
        }

        if (body.Text(json, pointer, kind) is not { } name)
        {
            return null;
        }

        return kind switch
        {
            "entity_id" => Change(json, pointer, name),
            "type" => Published(json, name),
            "topic" => new MessageReceived(
                name,
                Payload.FromText(
                    json.TryGetProperty("payload", out var payload) ? Value(payload) ?? "" : ""
                ),
                Qos: 0,
                Retain: false,
                Client: "rehearsal"
            ),
            "webhook_id" => new WebhookReceived(
                name,
                "POST",
                IsLocal: true,
                json.TryGetProperty("data", out var sent) ? sent.GetRawText() : null,
                "{}",
                "{}"
            ),
            "tag_id" => new TagScanned(name, null),
            _ => Hub(name, pointer),
        };
    }

    private StateChanged? Change(JsonElement json, string pointer, string name)
    {
        if (IsSun(name, $"{pointer}/entity_id") || !body.IsEntity(name, $"{pointer}/entity_id"))
        {
            return null;
        }

        var id = new EntityId(name);
        var before = _states.GetValueOrDefault(id, EntityState.Initial);
        var text = BodyReader.IsGiven(json, "state", out var state) ? Value(state) : before.Shown;
        if (text is null)
        {
            body.Fault($"{pointer}/state", "Expected the state as text or a number.");
            return null;
        }

        var attributes = BodyReader.IsGiven(json, "attributes", out _)
            ? body.AttributesOf(json, pointer)
            : before.Attributes;
        return new StateChanged(id, before, _states[id] = StateOf(text, attributes, before));
    }

    private bool IsSun(string entity, string pointer)
    {
        if (entity != "sun.sun")
        {
            return false;
        }

        body.Fault(pointer, "The sun goes by the place of the home; choose the time with from.");
        return true;
    }

    private static ProgramEvent Published(JsonElement json, string type) =>
        new(
            type,
            null,
            "application/json",
            null,
            ContentKind.Json,
            json.TryGetProperty("data", out var data) ? data.GetRawText() : null,
            []
        );

    private EventData? Hub(string name, string pointer)
    {
        switch (name)
        {
            case "start":
                return new HubStarted("rehearsal");
            case "shutdown":
                return new HubStopped();
            default:
                body.Fault($"{pointer}/homeassistant", "Write start or shutdown.");
                return null;
        }
    }

    private Event Made(EventData data, DateTimeOffset at)
    {
        _last = _last.Next;
        return new Event
        {
            Sequence = _last,
            Id = _last.ToString(),
            Source = "/rehearsal",
            Time = at,
            RecordedTime = at,
            Principal = Principal.Anonymous,
            Root = new EventRef(_last, _last.ToString()),
            Data = data,
        };
    }

    private static EntityState StateOf(string text, Attributes attributes, EntityState before) =>
        text == EntityState.Unavailable
            ? new EntityState(before.Value, attributes, Available: false)
            : new EntityState(text, attributes, Available: true);

    private static string? Value(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.True => "on",
            JsonValueKind.False => "off",
            _ => null,
        };
}
