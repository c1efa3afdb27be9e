using System.Globalization;
using System.Text.Json;
using Hearth.Core.Devices;

namespace Hearth.Core.Tests.Discovery;

/// <summary>An entity of a home as the expectations of the corpus see it.</summary>
internal sealed class SeenEntity(Entity entity)
{
    public string Id => entity.Id.Value;

    public static SeenEntity? Find(AHome home, string component, string uniqueId) =>
        home.FindEntity(component, uniqueId) is { } found ? new SeenEntity(found) : null;

    /// <summary>What is not as wanted, or null.</summary>
    public string? Difference(string member, JsonElement wanted, JsonElement expectation)
    {
        var isJudged =
            !expectation.TryGetProperty("available", out var available) || available.GetBoolean();
        return member switch
        {
            "state" when isJudged => StateDifference(wanted.GetString()!),
            "attributes" when isJudged => wanted
                .EnumerateObject()
                .Select(AttributeDifference)
                .FirstOrDefault(difference => difference is not null),
            "available" => Unlike(member, entity.State.Available, wanted.GetBoolean()),
            "enabled" => Unlike(member, entity.Config.EnabledByDefault, wanted.GetBoolean()),
            "name" => Unlike(member, entity.Config.Name, wanted.GetString()),
            "device_class" => Unlike(member, entity.Config.DeviceClass, wanted.GetString()),
            "unit" => Unlike(member, Option("unit_of_measurement"), wanted.GetString()),
            "entity_category" => Unlike(member, Option(member), wanted.GetString()),
            _ => null,
        };
    }

    private string? StateDifference(string wanted)
    {
        var state = entity.State.Value;
        var isSame =
            state == wanted
            || (Number(state) is { } number && Number(wanted) is { } other && Close(number, other))
            || (Option("device_class") == "timestamp" && Instant(state) == Instant(wanted));
        return isSame ? null : $"state is '{state}', not '{wanted}'";
    }

    private string? AttributeDifference(JsonProperty wanted)
    {
        var json =
            entity.State.Attributes.Get(wanted.Name)
            ?? entity.Config.Behaviour.Announced.Get(wanted.Name)
            ?? "null";
        var actual = JsonElement.Parse(json);
        var within = wanted.Name switch
        {
            "brightness" => 1,
            "color_temp_kelvin" => 15,
            _ => 1e-6,
        };
        return Corpus.SameJson(wanted.Value, actual, within)
            ? null
            : $"{wanted.Name} is {json}, not {wanted.Value.GetRawText()}";
    }

    private string? Option(string name) =>
        entity.Config.Json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string? Unlike<T>(string member, T actual, T wanted) =>
        EqualityComparer<T>.Default.Equals(actual, wanted)
            ? null
            : $"{member} is {actual}, not {wanted}";

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static bool Close(double left, double right) =>
        Math.Abs(left - right) <= 1e-6 * Math.Max(1, Math.Abs(right));

    private static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : null;
}
