using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core;

/// <summary>
/// A home's whole state at one sequence, immutable, with a versioned wire form of its own:
/// canonical JSON, the same state always the same bytes.
/// </summary>
public sealed record HomeSnapshot
{
    /// <summary>The version of the wire form that <see cref="ToBytes"/> writes.</summary>
    public const int Version = 1;

    public required Sequence Sequence { get; init; }

    public required DateTimeOffset Time { get; init; }

    public byte[] ToBytes()
    {
        var json = new JsonWriter(4096);
        json.BeginObject()
            .Name("version")
            .Number(Version)
            .Name("sequence")
            .Number(Sequence.Value)
            .Name("time")
            .String(Timestamp.ToText(Time))
            .EndObject();
        return json.ToArray();
    }

    /// <summary>Reads any released version of the wire form.</summary>
    /// <exception cref="NotSupportedException">A newer version than this one wrote it.</exception>
    public static HomeSnapshot FromBytes(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var json = document.RootElement;
        var version = json.GetProperty("version").GetInt32();
        return version == Version
            ? new HomeSnapshot
            {
                Sequence = new Sequence(json.GetProperty("sequence").GetInt64()),
                Time = JsonRead.Time(json, "time"),
            }
            : throw new NotSupportedException(
                $"The snapshot has version {version}; this version of Hearth reads {Version}."
            );
    }
}
