using Hearth.Core.Devices;

namespace Hearth.Core.Automations;

/// <summary>What a number is compared with: a number, or the state of an entity.</summary>
internal readonly record struct Bound(double? Number, EntityId? Entity);

/// <summary>A number of an entity, and the bounds it must lie within; both are outside.</summary>
/// <param name="Attribute">The attribute to compare; null for the state itself.</param>
/// <param name="ValueTemplate">Makes the number, from <c>state</c>; null = as it is.</param>
internal sealed record NumberTest(
    string? Attribute,
    DataTemplate? ValueTemplate,
    Bound? Above,
    Bound? Below
);
