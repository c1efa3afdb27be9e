using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>A person has said what a device is called and where it belongs.</summary>
/// <param name="Says">All that is said of it now.</param>
public sealed record DeviceArranged(DeviceId Device, Arrangement Says) : EventData
{
    public const string TypeName = "hearth.device.arranged";

    public override string Type => TypeName;

    public override string Subject => Device.Value;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject().Name("device_id").String(Device.Value);
        Says.WriteMembers(json);
        json.EndObject();
    }

    internal static DeviceArranged Read(JsonElement json) =>
        new(new DeviceId(JsonRead.Required(json, "device_id")), Arrangement.Read(json));
}

/// <summary>A person has said what an area is: this is all that is said of it now.</summary>
/// <param name="Area">Its id, <c>living_room</c>.</param>
/// <param name="Floor">The floor that it is on, by name; null for none.</param>
/// <param name="Labels">By name, each once.</param>
public sealed record AreaSaved(
    string Area,
    string Name,
    string? Floor,
    IReadOnlyList<string> Labels
) : EventData
{
    public const string TypeName = "hearth.area.saved";

    public override string Type => TypeName;

    public override string Subject => "area." + Area;

    public override RetentionClass Retention => RetentionClass.Audit;

    internal bool Says(AreaSaved other) =>
        Name == other.Name && Floor == other.Floor && Labels.SequenceEqual(other.Labels);

    internal override void Write(JsonWriter json)
    {
        json.BeginObject().Name("area_id").String(Area).Name("name").String(Name);
        Arrangement.Optional(json, "floor", Floor);
        Arrangement.WriteTexts(json, "labels", Labels);
        json.EndObject();
    }

    /// <summary>Its data as JSON.</summary>
    public string ToJson() => AsJson().GetRawText();

    /// <summary>Reads its data.</summary>
    public static AreaSaved Read(JsonElement json) =>
        new(
            JsonRead.Required(json, "area_id"),
            JsonRead.Required(json, "name"),
            JsonRead.Text(json, "floor"),
            Arrangement.ReadTexts(json, "labels")
        );
}
