using System.Buffers;
using System.Text.Json;
using Hearth.Core.Automations;
using Hearth.Core.Events;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Automations;

/// <summary>
/// Writes a YAML document as JSON and remembers where each part stood. An alias counts each time it
/// is used, so that no document grows beyond what an automation may have.
/// </summary>
internal sealed class YamlToJson
{
    private readonly Utf8JsonWriter _json;
    private readonly TextPlaces _places;

    private YamlToJson(Utf8JsonWriter json, TextPlaces places)
    {
        _json = json;
        _places = places;
    }

    public static ReadOnlyMemory<byte> Write(YamlPart part, TextPlaces places)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, JsonBody.WriterOptions))
        {
            new YamlToJson(json, places).Write(part, "", part.At, depth: 1);
        }

        return bytes.WrittenMemory;
    }

    private void Write(YamlPart part, string pointer, TextPlace at, int depth)
    {
        if (depth > YamlReader.DepthMax)
        {
            throw new YamlRefusedException(
                at,
                $"With its aliases it is more than {YamlReader.DepthMax} levels deep."
            );
        }

        if (_json.BytesCommitted + _json.BytesPending > AutomationCheck.BytesMax)
        {
            throw new YamlRefusedException(
                at,
                $"With its aliases it is larger than {AutomationCheck.BytesMax / 1024} KiB."
            );
        }

        _places.Add(pointer, at);
        switch (part)
        {
            case YamlScalar { Literal: { } literal }:
                _json.WriteRawValue(literal);
                break;
            case YamlScalar scalar:
                _json.WriteStringValue(scalar.Text);
                break;
            case YamlList list:
                WriteList(list, pointer, depth);
                break;
            case YamlMapping mapping:
                WriteMapping(mapping, pointer, depth);
                break;
        }
    }

    private void WriteList(YamlList list, string pointer, int depth)
    {
        _json.WriteStartArray();
        for (var index = 0; index < list.Items.Count; index++)
        {
            var item = list.Items[index];
            Write(item, $"{pointer}/{index}", item.At, depth + 1);
        }

        _json.WriteEndArray();
    }

    private void WriteMapping(YamlMapping mapping, string pointer, int depth)
    {
        _json.WriteStartObject();
        foreach (var member in mapping.Members)
        {
            _json.WritePropertyName(member.Key);
            var place = $"{pointer}/{JsonText.PointerStep(member.Key)}";
            Write(member.Value, place, member.At, depth + 1);
        }

        _json.WriteEndObject();
    }
}
