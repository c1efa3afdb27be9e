using Hearth.Core.Devices;
using Hearth.Core.Why;
using Hearth.Storage;

namespace Hearth.Hub.Why;

/// <summary>Puts together what is known of why an entity is as it is.</summary>
internal static class EntityWhy
{
    /// <param name="why">Of its last change; null where that has left the log.</param>
    /// <param name="attempt">What came to nothing since.</param>
    public static EntityWhyBody Of(
        EntityRecord entity,
        NameBook names,
        WhyBody? why,
        Sentence? attempt,
        IReadOnlyList<HeldBackBody> held,
        HearthOptions options
    )
    {
        var parts = Parts(entity, names, why, attempt);
        return new EntityWhyBody(
            entity.Id.Value,
            names.NameOf(entity.Id),
            Shown(entity),
            entity.LastChanged,
            why?.Event,
            string.Concat(parts.Select(part => part.Text)),
            parts,
            why?.Step,
            why?.Causes ?? [],
            why?.Effects ?? [],
            why?.Complete ?? false,
            why?.Missing ?? [],
            why?.Cut ?? false,
            why?.More,
            attempt?.ToString(),
            held,
            options.Location.Zone.Id
        );
    }

    private static List<PartBody> Parts(
        EntityRecord entity,
        NameBook names,
        WhyBody? why,
        Sentence? attempt
    )
    {
        var (id, state) = (entity.Id.Value, Shown(entity));
        var name = new PartBody("entity", names.NameOf(entity.Id), id);
        var parts = new List<PartBody>();
        if (why is null)
        {
            parts.Add(name);
            parts.Add(Text(" is "));
            parts.Add(new PartBody("value", names.Shown(entity.Id, state), state));
            parts.Add(Text("; what led to it has left the log."));
        }
        else
        {
            if (why.Step.Type is DeviceRegistered.TypeName or DeviceUpdated.TypeName)
            {
                parts.Add(name);
                parts.Add(Text(" has not reported a state yet. "));
            }

            parts.AddRange(why.Parts);
        }

        if (attempt is not null)
        {
            parts.Add(Text(" Since then: "));
            parts.AddRange(PartBody.Each(attempt));
            parts.Add(Text(" It is still "));
            parts.Add(new PartBody("value", names.Shown(entity.Id, state), state));
            parts.Add(Text("."));
        }

        return parts;
    }

    private static PartBody Text(string text) => new("text", text, null);

    private static string Shown(EntityRecord entity) =>
        entity.Available ? entity.State : EntityState.Unavailable;
}
