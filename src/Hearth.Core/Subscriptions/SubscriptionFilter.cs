using System.Diagnostics;
using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Subscriptions;

/// <summary>
/// A filter expression of the CloudEvents Subscriptions API (section 3.2.4): its six mandatory
/// dialects, and <c>topic</c>, an MQTT filter that only messages can match.
/// </summary>
public abstract record SubscriptionFilter
{
    private static readonly string[] Dialects =
    [
        "exact",
        "prefix",
        "suffix",
        "all",
        "any",
        "not",
        "topic",
    ];

    private SubscriptionFilter() { }

    /// <summary>What an attribute's value is compared with: all of them must hold.</summary>
    internal sealed record Texts(
        string Dialect,
        IReadOnlyList<KeyValuePair<string, string>> Attributes
    ) : SubscriptionFilter;

    internal sealed record All(IReadOnlyList<SubscriptionFilter> Filters) : SubscriptionFilter;

    internal sealed record Any(IReadOnlyList<SubscriptionFilter> Filters) : SubscriptionFilter;

    internal sealed record Not(SubscriptionFilter Filter) : SubscriptionFilter;

    internal sealed record Topic(string Filter) : SubscriptionFilter;

    public bool Matches(Event item) =>
        this switch
        {
            Texts texts => texts.Attributes.All(attribute =>
                EventAttributes.Of(item, attribute.Key) is { } value
                && Holds(texts.Dialect, value, attribute.Value)
            ),
            All all => all.Filters.All(filter => filter.Matches(item)),
            Any any => any.Filters.Any(filter => filter.Matches(item)),
            Not not => !not.Filter.Matches(item),
            Topic topic => item.Data is MessageEvent message
                && TopicPattern.Matches(topic.Filter, message.Topic),
            _ => throw new UnreachableException(),
        };

    /// <summary>Reads a filter, or says everything that is wrong with it.</summary>
    /// <param name="at">Where it lies: a JSON pointer.</param>
    public static SubscriptionFilter? Read(JsonElement json, string at, ICollection<Fault> faults)
    {
        if (json.ValueKind != JsonValueKind.Object || json.GetPropertyCount() != 1)
        {
            faults.Add(
                new Fault(
                    at,
                    "A filter is an object with one dialect, like"
                        + " {\"prefix\": {\"type\": \"com.example.\"}}."
                )
            );
            return null;
        }

        var member = json.EnumerateObject().First();
        var place = $"{at}/{JsonText.PointerStep(member.Name)}";
        switch (member.Name)
        {
            case "exact" or "prefix" or "suffix":
                return ReadTexts(member.Name, member.Value, place, faults);
            case "all":
                return ReadList(member.Value, place, faults) is { } all ? new All(all) : null;
            case "any":
                return ReadList(member.Value, place, faults) is { } any ? new Any(any) : null;
            case "not":
                return Read(member.Value, place, faults) is { } not ? new Not(not) : null;
            case "topic":
                return ReadTopic(member.Value, place, faults);
            default:
                faults.Add(
                    new Fault(
                        place,
                        $"There is no filter dialect \"{member.Name}\" here; there are "
                            + string.Join(", ", Dialects)
                            + "."
                    )
                );
                return null;
        }
    }

    private static bool Holds(string dialect, string value, string wanted) =>
        dialect switch
        {
            "exact" => value == wanted,
            "prefix" => value.StartsWith(wanted, StringComparison.Ordinal),
            _ => value.EndsWith(wanted, StringComparison.Ordinal),
        };

    private static Texts? ReadTexts(
        string dialect,
        JsonElement json,
        string at,
        ICollection<Fault> faults
    )
    {
        if (json.ValueKind != JsonValueKind.Object || json.GetPropertyCount() == 0)
        {
            faults.Add(new Fault(at, $"{dialect} names at least one attribute with its text."));
            return null;
        }

        var before = faults.Count;
        var texts = new List<KeyValuePair<string, string>>();
        foreach (var member in json.EnumerateObject())
        {
            var place = $"{at}/{JsonText.PointerStep(member.Name)}";
            if (!CloudEventAttributes.IsName(member.Name))
            {
                faults.Add(
                    new Fault(
                        place,
                        $"\"{member.Name}\" is no attribute; names are lower-case letters and"
                            + " digits, like type."
                    )
                );
            }
            else if (
                member.Value.ValueKind != JsonValueKind.String
                || member.Value.GetString() is not { Length: > 0 } text
            )
            {
                faults.Add(new Fault(place, "Write a string that is not empty."));
            }
            else
            {
                texts.Add(KeyValuePair.Create(member.Name, text));
            }
        }

        return faults.Count == before ? new Texts(dialect, texts) : null;
    }

    private static List<SubscriptionFilter>? ReadList(
        JsonElement json,
        string at,
        ICollection<Fault> faults
    )
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() == 0)
        {
            faults.Add(new Fault(at, "Write a list with at least one filter in it."));
            return null;
        }

        var before = faults.Count;
        var filters = new List<SubscriptionFilter>();
        foreach (var item in json.EnumerateArray())
        {
            if (Read(item, $"{at}/{filters.Count}", faults) is not { } filter)
            {
                // A placeholder, so that the places of what follows are right.
                filter = new All([]);
            }

            filters.Add(filter);
        }

        return faults.Count == before ? filters : null;
    }

    private static Topic? ReadTopic(JsonElement json, string at, ICollection<Fault> faults)
    {
        if (
            json.ValueKind == JsonValueKind.String
            && json.GetString() is { } text
            && TopicPattern.IsValid(text)
        )
        {
            return new Topic(text);
        }

        faults.Add(new Fault(at, "Write an MQTT topic filter, like \"home/+/power/#\"."));
        return null;
    }
}
