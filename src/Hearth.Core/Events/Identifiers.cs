using System.Globalization;

namespace Hearth.Core.Events;

/// <summary>
/// The id of a home: the unit of ownership, ordering and scale. Lower-case letters, digits and
/// hyphens, 1 to 64 characters; <c>home</c> when nothing else is said.
/// </summary>
public readonly record struct HomeId(string Value)
{
    public static readonly HomeId Default = new("home");

    /// <summary>The CloudEvents <c>source</c> of what the home itself says.</summary>
    public string Source => "/homes/" + Value;

    public override string ToString() => Value;
}

/// <summary>
/// The place of an event in its home's log: 1, 2, 3 … without gaps; 0 is "before the first".
/// On the wire it is padded to 20 digits, because the CloudEvents sequence extension sorts as text.
/// </summary>
public readonly record struct Sequence(long Value) : IComparable<Sequence>
{
    public static readonly Sequence None = new(0);

    public Sequence Next => new(Value + 1);

    public int CompareTo(Sequence other) => Value.CompareTo(other.Value);

    public static bool operator <(Sequence left, Sequence right) => left.Value < right.Value;

    public static bool operator >(Sequence left, Sequence right) => left.Value > right.Value;

    public static bool operator <=(Sequence left, Sequence right) => left.Value <= right.Value;

    public static bool operator >=(Sequence left, Sequence right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString("D20", CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads a sequence as written by <see cref="ToString"/> or as a plain number.
    /// </summary>
    public static bool TryParse(string? text, out Sequence sequence)
    {
        var parsed = long.TryParse(
            text,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var value
        );
        sequence = new Sequence(value);
        return parsed;
    }
}

/// <summary>
/// Points at an event both ways: the sequence says which one without doubt, the id is what
/// CloudEvents consumers know it by (<c>causationid</c>, <c>correlationid</c>).
/// </summary>
public readonly record struct EventRef(Sequence Sequence, string Id);

/// <summary>
/// Who acts: <c>user:ana</c>, <c>token:ci</c>, <c>device:desk-lamp</c>,
/// <c>automation:lights-out</c>, <c>hub</c>, or <c>anonymous</c> while access is not set up.
/// </summary>
public readonly record struct Principal(string Value)
{
    public static readonly Principal Anonymous = new("anonymous");
    public static readonly Principal Hub = new("hub");

    public static Principal Automation(string id) => new("automation:" + id);

    /// <summary>
    /// The CloudEvents <c>authtype</c> of this principal (authcontext extension).
    /// </summary>
    public string AuthType =>
        Value switch
        {
            _ when Value.StartsWith("user:", StringComparison.Ordinal) => "user",
            _ when Value.StartsWith("token:", StringComparison.Ordinal) => "api_key",
            _ when Value.StartsWith("device:", StringComparison.Ordinal) => "service_account",
            _ when Value == "anonymous" => "unauthenticated",
            _ => "system",
        };

    public override string ToString() => Value;
}
