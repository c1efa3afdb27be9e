using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Devices;

/// <summary>
/// What an entity says of itself. <see cref="Value"/> is the string that Home Assistant shows:
/// <c>on</c>, <c>63.2</c>, <c>unknown</c> before the first value; while it is not
/// <see cref="Available"/>, the last value is kept beneath.
/// </summary>
public sealed record EntityState(string Value, Attributes Attributes, bool Available)
{
    public const string Unknown = "unknown";
    public const string Unavailable = "unavailable";

    public static readonly EntityState Initial = new(Unknown, Attributes.Empty, Available: true);

    /// <summary>The state as rules and people see it: the value, or <c>unavailable</c>.</summary>
    public string Shown => Available ? Value : Unavailable;

    /// <summary>True when there is a value to compare: neither unknown nor unavailable.</summary>
    public bool IsKnown => Available && Value != Unknown;

    /// <summary>
    /// Written as <c>{"state":"on","attributes":{…},"available":false}</c>; the attributes are left
    /// out where they are those of <paramref name="like"/> (of nothing: none), <c>available</c>
    /// where it is.
    /// </summary>
    internal void Write(JsonWriter json, EntityState? like = null, Words? words = null)
    {
        words ??= Words.Whole;
        json.BeginObject().Name(words.State).String(Value);
        if (!Attributes.Equals(like?.Attributes ?? Attributes.Empty))
        {
            json.Name(words.Attributes);
            Attributes.Write(json);
        }

        if (!Available)
        {
            json.Name(words.Available).Boolean(false);
        }

        json.EndObject();
    }

    internal static EntityState Read(
        JsonElement json,
        EntityState? like = null,
        Words? words = null
    )
    {
        words ??= Words.Whole;
        return new EntityState(
            JsonRead.Required(json, words.State),
            json.TryGetProperty(words.Attributes, out var attributes)
                ? Attributes.FromJson(attributes)
                : like?.Attributes ?? Attributes.Empty,
            !json.TryGetProperty(words.Available, out var available) || available.GetBoolean()
        );
    }
}
