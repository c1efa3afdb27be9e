namespace Hearth.Core.Automations;

/// <summary>What is there in a home, so that an automation can be checked against it.</summary>
/// <param name="Entities">Ids: <c>light.desk</c>.</param>
/// <param name="Devices">Ids.</param>
/// <param name="Actions">Actions beside those that every home knows: <c>notify.ana</c>.</param>
/// <param name="Areas">Null where areas are not to be checked.</param>
public sealed record HomeNames(
    IReadOnlySet<string> Entities,
    IReadOnlySet<string> Devices,
    IReadOnlySet<string> Actions,
    IReadOnlySet<string>? Areas = null
);

/// <summary>What reading an automation came to, without saving it.</summary>
/// <param name="Faults">Why it cannot be saved; empty where it can.</param>
/// <param name="Warnings">What will not do as it says, as things are.</param>
public sealed record AutomationCheck(IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings)
{
    /// <summary>The most that an automation may have, as text in UTF-8.</summary>
    public const int BytesMax = AutomationParser.BytesMax;

    /// <summary>Reads an automation.</summary>
    /// <param name="definition">A JSON object in Home Assistant's vocabulary.</param>
    /// <param name="home">What is there; null = names are not checked.</param>
    public static AutomationCheck Of(string definition, HomeNames? home)
    {
        var fields = new FieldReader(home);
        var rules = AutomationParser.Read(definition, fields);
        // What has faults is not whole, so that its templates cannot be gone through.
        if (rules is not null && home is not null && fields.Faults.Count == 0)
        {
            foreach (var (pointer, entity) in new References(rules).Mentions.Distinct())
            {
                fields.Names.Mentioned(pointer, entity.Value);
            }
        }

        return new AutomationCheck(fields.Faults, fields.Warnings);
    }
}
