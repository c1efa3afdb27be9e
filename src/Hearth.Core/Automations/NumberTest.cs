using System.Globalization;
using Hearth.Core.Devices;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>From where something is looked at: the home, the time, and the variables that templates
/// see.</summary>
internal readonly record struct Sight(
    HomeView View,
    DateTimeOffset Now,
    TemplateVariables? Variables
)
{
    public TemplateContext Context() => View.Context(Now, Variables);

    public EntityState? StateOf(EntityId id) => View.StateOf(id, Now);
}

/// <summary>What a number is compared with: a number, or the state of an entity.</summary>
internal readonly record struct Bound(double? Number, EntityId? Entity)
{
    /// <summary>Null where the entity has no number now.</summary>
    public double? Value(Sight sight) =>
        Entity is { } id ? NumberTest.Read(sight.StateOf(id)) : Number;
}

/// <summary>A number of an entity, and the bounds it must lie within; both are outside.</summary>
/// <param name="Attribute">The attribute to compare; null for the state itself.</param>
/// <param name="ValueTemplate">Makes the number, from <c>state</c>; null = as it is.</param>
internal sealed record NumberTest(
    string? Attribute,
    DataTemplate? ValueTemplate,
    Bound? Above,
    Bound? Below
)
{
    /// <summary>The number of an entity to compare; null where there is none.</summary>
    /// <param name="fault">Why the template failed; null where it did not.</param>
    public double? NumberOf(EntityId entity, EntityState state, Sight sight, out string? fault)
    {
        fault = null;
        if (ValueTemplate is null)
        {
            return Read(state, Attribute);
        }

        var variables = new TemplateVariables(sight.Variables);
        variables["state"] = TemplateValue.From(HomeView.Of(entity, state, sight.Now, sight.Now));
        try
        {
            return Parse(ValueTemplate.RenderText(sight.View.Context(sight.Now, variables)));
        }
        catch (TemplateException failure)
        {
            fault = failure.Message;
            return null;
        }
    }

    /// <summary>True where there is a number and it lies within the bounds.</summary>
    /// <param name="slack">By how much the bounds are wider.</param>
    public bool Holds(double? number, Sight sight, double slack) =>
        number is { } value
        && (Above is not { } above || above.Value(sight) is { } low && value > low - slack)
        && (Below is not { } below || below.Value(sight) is { } high && value < high + slack);

    public static double? Read(EntityState? state, string? attribute = null) =>
        state switch
        {
            null or { IsKnown: false } => null,
            _ when attribute is null => Parse(state.Value),
            _ => Parse(state.Attributes.Plain(attribute)),
        };

    private static double? Parse(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;
}
