using System.Numerics;
using System.Text.Json;

namespace Hearth.Core.Templates;

/// <summary>
/// What a template computes with: Python's values, as far as templates can make them.
/// </summary>
public enum TemplateKind
{
    Undefined,
    None,
    Bool,

    /// <summary>An integer of 64 bits.</summary>
    Whole,

    /// <summary>An integer beyond 64 bits.</summary>
    Huge,

    /// <summary>A float of 64 bits.</summary>
    Real,
    Text,
    List,
    Tuple,
    Dict,
    Time,
    Duration,
    Namespace,
    Function,

    /// <summary>The state of one entity.</summary>
    State,

    /// <summary>The states of all entities, or of those of one domain.</summary>
    States,

    /// <summary>Items without order that come once.</summary>
    Set,

    /// <summary>A day without a time.</summary>
    Date,

    /// <summary>A time of day.</summary>
    Clock,

    /// <summary>What the engine makes: <c>loop</c>, a cycler.</summary>
    Object,
}

/// <summary>What Python would have made where a template gets a list; they print otherwise.
/// </summary>
internal enum ListForm
{
    List,
    Range,
    Generator,
    Keys,
    Values,
    Items,
}

/// <summary>
/// One value of a template. Values never change once made (the only exception is a namespace, which
/// lives no longer than one evaluation), so they may be shared between entities and messages.
/// </summary>
public readonly struct TemplateValue : IEquatable<TemplateValue>
{
    private const int FormShift = 48;
    private const long GroupBit = 1L << FormShift;

    private readonly object? _reference;
    private readonly long _bits;

    private TemplateValue(TemplateKind kind, object? reference, long bits = 0)
    {
        Kind = kind;
        _reference = reference;
        _bits = bits;
    }

    public static TemplateValue None { get; } = new(TemplateKind.None, null);

    public static TemplateValue True { get; } = new(TemplateKind.Bool, null, 1);

    public static TemplateValue False { get; } = new(TemplateKind.Bool, null);

    public static TemplateValue EmptyText { get; } = From("");

    public TemplateKind Kind { get; }

    public bool IsUndefined => Kind == TemplateKind.Undefined;

    public bool IsNone => Kind == TemplateKind.None;

    public bool IsText => Kind == TemplateKind.Text;

    /// <summary>A number in Python's sense, where <c>True</c> is 1 and <c>False</c> is 0.</summary>
    public bool IsNumber =>
        Kind is TemplateKind.Bool or TemplateKind.Whole or TemplateKind.Huge or TemplateKind.Real;

    public bool IsInteger => Kind is TemplateKind.Bool or TemplateKind.Whole or TemplateKind.Huge;

    public bool IsSequence => Kind is TemplateKind.List or TemplateKind.Tuple;

    public static TemplateValue From(bool value) => value ? True : False;

    public static TemplateValue From(long value) => new(TemplateKind.Whole, null, value);

    public static TemplateValue From(double value) =>
        new(TemplateKind.Real, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>An integer of any size; one that fits 64 bits becomes an ordinary one.</summary>
    public static TemplateValue From(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue
            ? From((long)value)
            : new(TemplateKind.Huge, value);

    public static TemplateValue From(string value) =>
        new(TemplateKind.Text, value, Measured(1 + (value.Length >> 4), 1));

    public static TemplateValue From(DateTimeOffset value) => From(new Moment(value));

    internal static TemplateValue From(Moment value) => new(TemplateKind.Time, value);

    internal static TemplateValue From(DateOnly value) =>
        new(TemplateKind.Date, null, value.DayNumber);

    internal static TemplateValue From(TimeOnly value) =>
        new(TemplateKind.Clock, null, value.Ticks);

    internal static TemplateValue From(TemplateObject value) => new(TemplateKind.Object, value);

    /// <summary>The keys of a dict as a set.</summary>
    internal static TemplateValue Set(TemplateDict value) =>
        new(TemplateKind.Set, value, Measured(value));

    internal static TemplateValue List(ListForm form, TemplateValue[] items) =>
        new(TemplateKind.List, items, Measured(items) | ((long)form << FormShift));

    public static TemplateValue From(TimeSpan value) =>
        new(TemplateKind.Duration, null, value.Ticks);

    public static TemplateValue List(params TemplateValue[] items) =>
        new(TemplateKind.List, items, Measured(items));

    /// <summary>A pair of what items have in common, and those items.</summary>
    internal static TemplateValue Group(TemplateValue grouper, TemplateValue list) =>
        new(TemplateKind.Tuple, new[] { grouper, list }, Measured([grouper, list]) | GroupBit);

    internal bool IsGroup => Kind == TemplateKind.Tuple && (_bits & GroupBit) != 0;

    public static TemplateValue Tuple(params TemplateValue[] items) =>
        new(TemplateKind.Tuple, items, Measured(items));

    public static TemplateValue From(TemplateDict value) =>
        new(TemplateKind.Dict, value, Measured(value));

    /// <summary>A value that is not there; <paramref name="why"/> says so in an error.</summary>
    public static TemplateValue Undefined(string why) => new(TemplateKind.Undefined, why);

    /// <summary>The state of an entity: <c>this</c>, <c>trigger.to_state</c>.</summary>
    public static TemplateValue From(StateView value) => new(TemplateKind.State, value);

    internal static TemplateValue From(StatesView value) => new(TemplateKind.States, value);

    internal static TemplateValue From(Callable value) => new(TemplateKind.Function, value);

    internal static TemplateValue From(TemplateNamespace value) =>
        new(TemplateKind.Namespace, value);

    /// <summary>
    /// How much a walk over the whole value costs, in steps. It counts a part as often as it is
    /// reached, so that a list of the same list of the same list … cannot be a bomb.
    /// </summary>
    internal int Weight =>
        Kind switch
        {
            TemplateKind.Text
            or TemplateKind.List
            or TemplateKind.Tuple
            or TemplateKind.Dict
            or TemplateKind.Set => (int)_bits,
            TemplateKind.Huge => 1 + (int)(AsBigInt.GetBitLength() >> 6),
            _ => 1,
        };

    public bool AsBool => _bits != 0;

    public long AsInt => _bits;

    public TimeSpan AsDuration => new(_bits);

    public string AsText => (string)_reference!;

    public TemplateDict AsDict => (TemplateDict)_reference!;

    public DateTimeOffset AsTime => AsMoment.Time;

    internal Moment AsMoment => (Moment)_reference!;

    internal DateOnly AsDate => DateOnly.FromDayNumber((int)_bits);

    internal TimeOnly AsClock => new(_bits);

    internal TemplateObject AsObject => (TemplateObject)_reference!;

    internal ListForm Form =>
        Kind == TemplateKind.List ? (ListForm)(_bits >> FormShift) : ListForm.List;

    /// <summary>The items of a list or tuple; they are not to be written to.</summary>
    public TemplateValue[] AsItems => (TemplateValue[])_reference!;

    public string WhyUndefined => (string?)_reference ?? "The value is undefined.";

    public StateView AsState => (StateView)_reference!;

    internal StatesView AsStates => (StatesView)_reference!;

    internal TemplateNamespace AsNamespace => (TemplateNamespace)_reference!;

    internal Callable AsFunction => (Callable)_reference!;

    internal BigInteger AsBigInt =>
        Kind == TemplateKind.Huge ? (BigInteger)_reference! : new BigInteger(_bits);

    /// <summary>The number as a float; only for values that <see cref="IsNumber"/>.</summary>
    public double AsFloat =>
        Kind switch
        {
            TemplateKind.Real => BitConverter.Int64BitsToDouble(_bits),
            TemplateKind.Huge => (double)(BigInteger)_reference!,
            _ => _bits,
        };

    /// <summary>What <c>if</c> asks: empty, zero, none and undefined are false.</summary>
    public bool IsTrue =>
        Kind switch
        {
            TemplateKind.Undefined or TemplateKind.None => false,
            TemplateKind.Bool or TemplateKind.Whole or TemplateKind.Duration => _bits != 0,
            TemplateKind.Real => AsFloat != 0,
            TemplateKind.Text => AsText.Length > 0,
            TemplateKind.List when Form == ListForm.Generator => true,
            TemplateKind.List or TemplateKind.Tuple => AsItems.Length > 0,
            TemplateKind.Dict or TemplateKind.Set => AsDict.Count > 0,
            TemplateKind.States => AsStates.All().Length > 0,
            _ => true,
        };

    /// <summary>
    /// Whether a condition that results in this value holds, as Home Assistant reads it:
    /// <c>true</c>, <c>yes</c>, <c>on</c>, <c>enable</c>, <c>1</c> in any case, and any number but
    /// 0. Everything else does not, a list with items included.
    /// </summary>
    public bool Holds => NumberFilters.AsBool(this) ?? false;

    /// <summary>True where the value printed and read back is the same value.</summary>
    internal bool IsLiteral =>
        Kind switch
        {
            TemplateKind.None or TemplateKind.Bool or TemplateKind.Whole => true,
            TemplateKind.Real => double.IsFinite(AsFloat),
            TemplateKind.List when Form != ListForm.List => false,
            TemplateKind.List or TemplateKind.Tuple => Array.TrueForAll(AsItems, IsLiteralPart),
            TemplateKind.Dict => AsDict.All(e => IsLiteralPart(e.Key) && IsLiteralPart(e.Value)),
            _ => false,
        };

    private static bool IsLiteralPart(TemplateValue part) => part.IsText || part.IsLiteral;

    /// <summary>The value that a printed text stands for, as Home Assistant reads it back; the
    /// text itself where it stands for none.</summary>
    public static TemplateValue Read(string printed) => PythonLiteral.Read(printed);

    /// <summary>The value that JSON stands for. What is no text in it (half of a surrogate pair)
    /// makes it undefined.</summary>
    public static TemplateValue FromJson(JsonElement json) =>
        json.ValueKind != JsonValueKind.Undefined && PythonJson.IsReadable(json)
            ? PythonJson.From(json)
            : Undefined("The value is no JSON that a template can read.");

    /// <summary>
    /// The value as JSON without blanks. What JSON has no words for is written as it prints, times
    /// as in RFC 3339; undefined and infinite become null.
    /// </summary>
    public string ToJson() => PythonJson.Write(this, PythonJson.Layout.Lenient);

    /// <summary>Python's <c>==</c>: <c>1 == 1.0 == True</c>, a list never equals a tuple.</summary>
    public bool Equals(TemplateValue other) => PythonCompare.AreEqual(this, other);

    public override bool Equals(object? obj) => obj is TemplateValue other && Equals(other);

    public override int GetHashCode() =>
        Kind switch
        {
            TemplateKind.Text => AsText.GetHashCode(StringComparison.Ordinal),
            TemplateKind.Bool or TemplateKind.Whole or TemplateKind.Real or TemplateKind.Huge =>
                AsFloat.GetHashCode(),
            TemplateKind.Tuple => AsItems.Length,
            TemplateKind.Time => AsTime.GetHashCode(),
            TemplateKind.Date or TemplateKind.Clock or TemplateKind.Duration => _bits.GetHashCode(),
            _ => (int)Kind,
        };

    public static bool operator ==(TemplateValue left, TemplateValue right) => left.Equals(right);

    public static bool operator !=(TemplateValue left, TemplateValue right) => !left.Equals(right);

    /// <summary>
    /// The value as a template prints it, which is as Python's <c>str()</c> does.
    /// </summary>
    public override string ToString() => PythonText.Str(this);

    internal bool IsSameObject(TemplateValue other) =>
        Kind == other.Kind && ReferenceEquals(_reference, other._reference) && _bits == other._bits;

    private int Depth =>
        Kind is TemplateKind.List or TemplateKind.Tuple or TemplateKind.Dict or TemplateKind.Set
            ? (int)(_bits >> 32) & 0xffff
            : 1;

    private static long Measured(TemplateValue[] items)
    {
        long weight = 1;
        int depth = 0;
        foreach (var item in items)
        {
            weight += item.Weight;
            depth = Math.Max(depth, item.Depth);
        }
        return Measured(weight, depth + 1);
    }

    private static long Measured(TemplateDict dict)
    {
        long weight = 1;
        int depth = 0;
        for (int i = 0; i < dict.Count; i++)
        {
            var value = dict.ValueAt(i);
            weight += dict.KeyAt(i).Weight + value.Weight;
            depth = Math.Max(depth, value.Depth);
        }
        return Measured(weight, depth + 1);
    }

    private static long Measured(long weight, int depth)
    {
        if (weight > TemplateBudget.StepsMax || depth > TemplateBudget.DepthMax)
        {
            throw new TemplateException(
                "A value of the template became too large or too deeply nested."
            );
        }
        return ((long)depth << 32) | weight;
    }
}

/// <summary>What <c>namespace()</c> makes: the one value a loop can write to.</summary>
internal sealed class TemplateNamespace
{
    public Dictionary<string, TemplateValue> Values { get; } = [];

    public TemplateDict ToDict()
    {
        var dict = new TemplateDict(Values.Count);
        foreach (var (name, value) in Values)
        {
            dict.Set(name, value);
        }
        return dict;
    }
}
