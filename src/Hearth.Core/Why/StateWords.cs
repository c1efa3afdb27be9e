using System.Globalization;
using Hearth.Core.Devices;

namespace Hearth.Core.Why;

/// <summary>States of entities as people say them.</summary>
internal static class StateWords
{
    // Of a binary sensor: what happens when it goes on and off, and how it is while it is so.
    private static readonly Dictionary<string, string[]> ByClass = new()
    {
        ["battery"] = ["reported a low battery", "reported a good battery"],
        ["carbon_monoxide"] = ["noticed carbon monoxide", "noticed no carbon monoxide"],
        ["connectivity"] = ["connected", "disconnected", "was connected", "was disconnected"],
        ["door"] = ["opened", "closed", "was open", "was closed"],
        ["garage_door"] = ["opened", "closed", "was open", "was closed"],
        ["gas"] = ["noticed gas", "noticed no gas"],
        ["lock"] = ["was unlocked", "was locked"],
        ["moisture"] = ["noticed water", "noticed no water"],
        ["motion"] = ["saw motion", "saw no motion"],
        ["occupancy"] = ["noticed somebody", "noticed nobody"],
        ["opening"] = ["opened", "closed", "was open", "was closed"],
        ["presence"] = ["noticed somebody", "noticed nobody"],
        ["problem"] = ["reported a problem", "reported no problem"],
        ["safety"] = ["reported danger", "reported no danger"],
        ["smoke"] = ["noticed smoke", "noticed no smoke"],
        ["tamper"] = ["noticed tampering", "noticed no tampering"],
        ["window"] = ["opened", "closed", "was open", "was closed"],
    };

    /// <summary>What an entity did: <c>Desk lamp turned off</c>.</summary>
    /// <param name="isReported">False where a command did it.</param>
    public static void Change(Telling telling, StateChanged change, bool isReported = true)
    {
        var (id, from, to) = change;
        telling.Entity(id).Say(" ");
        if (from.Available != to.Available)
        {
            telling.Say(to.Available ? "is available again" : "became unavailable");
            if (to.IsKnown && from.Value != to.Value)
            {
                telling.Say(" and says ").Value(Shown(telling.Names, id, to.Value));
            }
        }
        else if (from.Value == to.Value)
        {
            Attributes(telling, change);
        }
        else if (to.Value == EntityState.Unknown)
        {
            telling.Say("became unknown");
        }
        else if (isReported && IsFirst(change))
        {
            telling.Say("reported its first state, ").Value(Shown(telling.Names, id, to.Value));
        }
        else if (Verb(telling.Names, id, to.Value) is { } verb)
        {
            telling.Say(verb);
        }
        else
        {
            Values(telling, id, from.Value, to.Value);
        }
    }

    /// <summary>How an entity was: <c>Desk meter power was 63.2 W</c>.</summary>
    public static void Was(Telling telling, EntityId id, string value)
    {
        telling.Entity(id).Say(" ");
        if (id.Domain == "binary_sensor" && Words(telling.Names, id) is { } words && OnOff(value))
        {
            telling.Say(words[words.Length - 2 + Index(value)]);
        }
        else
        {
            telling.Say("was ").Value(Shown(telling.Names, id, value));
        }
    }

    /// <summary>A value with its unit.</summary>
    public static string Shown(NameBook names, EntityId id, string value) =>
        IsNumber(value) && names.UnitOf(id) is { Length: > 0 } unit ? $"{value} {unit}" : value;

    /// <summary>True where a person would say that the entity is in another state now.</summary>
    public static bool IsChange(StateChanged change) => change.From.Shown != change.To.Shown;

    /// <summary>True where nothing was known before: then nobody can say that it changed.
    /// </summary>
    public static bool IsFirst(StateChanged change) =>
        change.From is { Available: true, Value: EntityState.Unknown }
        && change.To.Value != EntityState.Unknown;

    private static void Values(Telling telling, EntityId id, string from, string to)
    {
        var verb =
            IsNumber(from) && IsNumber(to)
                ? Number(to) > Number(from)
                    ? "rose"
                    : "fell"
                : "changed";
        telling
            .Say(verb)
            .Say(" from ")
            .Value(Shown(telling.Names, id, from))
            .Say(" to ")
            .Value(Shown(telling.Names, id, to));
    }

    private static void Attributes(Telling telling, StateChanged change)
    {
        var (id, from, to) = change;
        var changed = to
            .Attributes.Where(item => from.Attributes.Get(item.Key) != item.Value)
            .Select(item => (item.Key, To: to.Attributes.Plain(item.Key)))
            .Concat(
                from.Attributes.Where(item => to.Attributes.Get(item.Key) is null)
                    .Select(item => (item.Key, To: (string?)null))
            )
            .ToArray();
        if (changed.Length == 0)
        {
            telling.Say("reported ").Value(Shown(telling.Names, id, to.Shown)).Say(" again");
            return;
        }

        telling.Say("changed its ");
        const int told = 3;
        for (var index = 0; index < Math.Min(changed.Length, told); index++)
        {
            var (name, value) = changed[index];
            telling.Say(index == 0 ? "" : ", its ").Say(name.Replace('_', ' '));
            var before = from.Attributes.Plain(name);
            telling
                .Say(before is null ? "" : $" from {Cut(before)}")
                .Say(value is null ? " to nothing" : $" to {Cut(value)}");
        }

        telling.Say(changed.Length > told ? $" and {changed.Length - told} more" : "");
    }

    private static string Cut(string value) => PlainText.Cut(PlainText.Shown(value), 40);

    private static string? Verb(NameBook names, EntityId id, string value) =>
        (id.Domain, value) switch
        {
            ("binary_sensor", "on" or "off") => Words(names, id) is { } words ? words[Index(value)]
            : value == "on" ? "went on"
            : "went off",
            (_, "on") => "turned on",
            (_, "off") => "turned off",
            ("sun", "above_horizon") => "rose",
            ("sun", "below_horizon") => "set",
            ("cover" or "valve", "open") => "opened",
            ("cover" or "valve", "closed") => "closed",
            ("cover" or "valve", "opening") => "is opening",
            ("cover" or "valve", "closing") => "is closing",
            ("lock", "locked" or "unlocked") => "was " + value,
            ("lock", "locking" or "unlocking" or "jammed") => "is " + value,
            _ => null,
        };

    private static string[]? Words(NameBook names, EntityId id) =>
        names.ConfigOf(id)?.DeviceClass is { } deviceClass
            ? ByClass.GetValueOrDefault(deviceClass)
            : null;

    private static bool OnOff(string value) => value is "on" or "off";

    private static int Index(string value) => value == "on" ? 0 : 1;

    private static bool IsNumber(string value) => !double.IsNaN(Number(value));

    private static double Number(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : double.NaN;
}
