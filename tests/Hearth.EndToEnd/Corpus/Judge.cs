using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hearth.EndToEnd.Mqtt;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Corpus;

/// <summary>Holds what was expected against what there is, as the corpus' README says.</summary>
internal static class Judge
{
    private const double OneInAMillion = 1e-6;

    /// <summary>The components that are judged; of others it is only asked that they do no harm.
    /// </summary>
    private static readonly string[] Components = ["light", "switch", "sensor", "binary_sensor"];

    private static readonly Dictionary<string, double> Tolerances = new()
    {
        ["brightness"] = 1,
        ["color_temp_kelvin"] = 15,
    };

    /// <summary>Whether an expectation or an action is judged: one of the four components,
    /// announced by discovery.</summary>
    public static bool IsJudged(JsonElement expected) =>
        Components.Contains(expected.GetProperty("component").GetString())
        && expected.TryGetProperty("unique_id", out _);

    /// <summary>What is wrong with an entity; null when nothing is.</summary>
    public static string? FaultOf(JsonElement expected, ShownEntity? entity)
    {
        if (entity is null)
        {
            return "is not there";
        }

        var isReported = !IsFalse(expected, "available") && !IsFalse(expected, "enabled");
        foreach (var member in expected.EnumerateObject())
        {
            var fault = member.Name switch
            {
                "component" or "unique_id" => null,
                "state" => isReported ? FaultOfState(member.Value, entity) : null,
                "attributes" => isReported ? FaultOfAttributes(member.Value, entity) : null,
                "available" => Differs(member.Name, member.Value, entity.Member("available")),
                "enabled" => Differs(
                    member.Name,
                    member.Value,
                    entity.Member("enabled_by_default")
                ),
                "unit" => Differs(member.Name, member.Value, entity.Member("unit_of_measurement")),
                _ => Differs(member.Name, member.Value, entity.Member(member.Name)),
            };
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>What is wrong with a device; null when nothing is.</summary>
    public static string? FaultOf(JsonElement expected, IEnumerable<ShownDevice> devices)
    {
        string? nearest = null;
        foreach (var device in devices)
        {
            var fault = expected
                .EnumerateObject()
                .Select(member => Differs(member.Name, member.Value, device.Described(member.Name)))
                .FirstOrDefault(fault => fault is not null);
            if (fault is null)
            {
                return null;
            }

            nearest ??= $"{device.Id} {fault}";
        }

        return nearest ?? "is not there";
    }

    /// <summary>Whether messages went out as expected, and in that order.</summary>
    public static bool Matches(JsonElement expected, IReadOnlyList<Received> sent) =>
        expected.GetArrayLength() == sent.Count
        && expected.EnumerateArray().Zip(sent).All(pair => Matches(pair.First, pair.Second));

    private static bool Matches(JsonElement expected, Received sent)
    {
        var qos = expected.TryGetProperty("qos", out var level) ? level.GetInt32() : 0;
        var retain = expected.TryGetProperty("retain", out var flag) && flag.GetBoolean();
        if (
            expected.GetProperty("topic").GetString() != sent.Topic
            || qos != sent.Qos
            || retain != sent.Retain
        )
        {
            return false;
        }

        if (expected.TryGetProperty("payload_re", out var pattern))
        {
            return Regex.IsMatch(
                sent.Payload,
                $@"\A(?:{pattern.GetString()})\z",
                RegexOptions.None,
                TimeSpan.FromSeconds(1)
            );
        }

        if (expected.TryGetProperty("payload_contains", out var part))
        {
            return AsJson(sent.Payload) is { } whole && Contains(whole, part);
        }

        var payload = expected.GetProperty("payload");
        if (payload.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        var text = payload.ValueKind == JsonValueKind.String ? payload.GetString()! : null;
        var wanted = text is null ? payload : AsJson(text);
        return wanted is { } json && AsJson(sent.Payload) is { } got
            ? AreEqual(json, got, 0)
            : text == sent.Payload;
    }

    private static string? FaultOfState(JsonElement expected, ShownEntity entity)
    {
        var (wanted, shown) = (expected.GetString()!, entity.State);
        if (wanted == shown)
        {
            return null;
        }

        var areEqual =
            entity.Text("device_class") == "timestamp"
                ? TryTime(wanted, out var left) && TryTime(shown, out var right) && left == right
                : TryNumber(wanted, out var a) && TryNumber(shown, out var b) && AreNear(a, b, 0);
        return areEqual ? null : $"state: expected {wanted}, found {shown}";
    }

    private static string? FaultOfAttributes(JsonElement expected, ShownEntity entity)
    {
        foreach (var member in expected.EnumerateObject())
        {
            var found = entity.Attribute(member.Name);
            var tolerance = Tolerances.GetValueOrDefault(member.Name);
            if (!AreEqual(member.Value, found, tolerance))
            {
                return $"attribute {member.Name}: expected {member.Value}, found {Show(found)}";
            }
        }

        return null;
    }

    private static string? Differs(string name, JsonElement expected, JsonElement found) =>
        AreEqual(expected, found, 0) || AreSameNumber(expected, found)
            ? null
            : $"{name}: expected {Show(expected)}, found {Show(found)}";

    private static bool AreEqual(JsonElement expected, JsonElement found, double tolerance) =>
        (expected.ValueKind, found.ValueKind) switch
        {
            (JsonValueKind.Null, JsonValueKind.Null or JsonValueKind.Undefined) => true,
            (JsonValueKind.Number, JsonValueKind.Number) => AreNear(
                expected.GetDouble(),
                found.GetDouble(),
                tolerance
            ),
            (JsonValueKind.Array, JsonValueKind.Array) => expected.GetArrayLength()
                == found.GetArrayLength()
                && expected
                    .EnumerateArray()
                    .Zip(found.EnumerateArray())
                    .All(pair => AreEqual(pair.First, pair.Second, tolerance)),
            (JsonValueKind.Object, JsonValueKind.Object) => expected.EnumerateObject().Count()
                == found.EnumerateObject().Count()
                && Contains(found, expected),
            _ => expected.ValueKind == found.ValueKind && JsonElement.DeepEquals(expected, found),
        };

    /// <summary>A version that was announced as a number is shown as text.</summary>
    private static bool AreSameNumber(JsonElement expected, JsonElement found) =>
        expected.ValueKind == JsonValueKind.Number
        && found.ValueKind == JsonValueKind.String
        && TryNumber(found.GetString()!, out var number)
        && AreNear(expected.GetDouble(), number, 0);

    private static bool Contains(JsonElement whole, JsonElement part) =>
        whole.ValueKind == JsonValueKind.Object
        && part.EnumerateObject()
            .All(member =>
                whole.TryGetProperty(member.Name, out var found)
                && (
                    member.Value.ValueKind == JsonValueKind.Object
                        ? Contains(found, member.Value)
                        : AreEqual(member.Value, found, 0)
                )
            );

    private static bool AreNear(double a, double b, double tolerance) =>
        Math.Abs(a - b) <= Math.Max(tolerance, OneInAMillion * Math.Max(1, Math.Abs(a)));

    private static bool IsFalse(JsonElement expected, string name) =>
        expected.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.False;

    private static JsonElement? AsJson(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out time
        );

    private static string Show(JsonElement json) =>
        json.ValueKind == JsonValueKind.Undefined ? "nothing" : json.GetRawText();
}
