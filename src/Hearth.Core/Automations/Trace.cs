using System.Text;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>
/// What a run did, step by step, with Home Assistant's step paths; written into the run's events
/// as it goes, so that it lives as long as they do.
/// </summary>
/// <param name="at">The time of the event that it will stand in.</param>
internal sealed class Trace(DateTimeOffset at)
{
    /// <summary>More steps than this are counted, not told: a loop would fill the log.</summary>
    public const int EntriesMax = 200;

    // What a variable or a result may take in a trace.
    private const int LengthMax = 4096;

    private readonly JsonWriter _json = new(128);
    private int _entries;

    /// <summary>The trace as a JSON array; null where there is nothing in it.</summary>
    public string? Json
    {
        get
        {
            if (_entries == 0)
            {
                return null;
            }

            if (_entries > EntriesMax)
            {
                _json.BeginObject().Name("left_out").Number(_entries - EntriesMax).EndObject();
            }

            return Encoding.UTF8.GetString(_json.EndArray().Written);
        }
    }

    /// <summary>Adds a step.</summary>
    /// <param name="result">A JSON text; null for none.</param>
    /// <param name="changed">Variables that it set.</param>
    public void Add(
        string path,
        DateTimeOffset time,
        string? result = null,
        string? error = null,
        IReadOnlyList<KeyValuePair<string, TemplateValue>>? changed = null
    )
    {
        if (_entries++ == 0)
        {
            _json.BeginArray();
        }

        if (_entries > EntriesMax)
        {
            return;
        }

        _json.BeginObject().Name("path").String(path);
        if (time != at)
        {
            _json.Name("at").String(Timestamp.ToText(time));
        }

        if (result is not null)
        {
            _json.Name("result").Raw(Short(result));
        }

        if (error is not null)
        {
            _json.Name("error").String(error);
        }

        if (changed is { Count: > 0 })
        {
            _json.Name("changed_variables").BeginObject();
            foreach (var (name, value) in changed)
            {
                _json.Name(name).Raw(Short(value.ToJson()));
            }

            _json.EndObject();
        }

        _json.EndObject();
    }

    private static string Short(string json) =>
        json.Length <= LengthMax ? json : JsonWriter.Quote($"… {json.Length} characters");
}
