using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>An automation as it was saved, with what it means, compiled when first asked for.
/// </summary>
/// <param name="Definition">What it says, a JSON object.</param>
internal sealed record Automation(string Id, string Definition, bool Enabled)
{
    private AutomationRules? _rules;

    /// <summary>The text that the person wrote, where that is not JSON.</summary>
    public string? Source { get; init; }

    /// <summary>When it was last switched on or off, or saved.</summary>
    public DateTimeOffset Changed { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>When a run last began; null where none has.</summary>
    public DateTimeOffset? LastTriggered { get; init; }

    public AutomationRules Rules =>
        _rules ??=
            AutomationParser.Parse(Definition, out _)
            ?? throw new InvalidOperationException(
                $"The saved automation {Id} can no longer be read."
            );

    /// <summary>What a person calls it.</summary>
    public string Name => Rules.Alias ?? Id;

    public void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("id")
            .String(Id)
            .Name("definition")
            .Raw(Definition)
            .Name("enabled")
            .Boolean(Enabled);
        if (Source is not null)
        {
            json.Name("source").String(Source);
        }

        JsonRead.OptionalTime(
            json,
            "changed",
            Changed == DateTimeOffset.UnixEpoch ? null : Changed
        );
        JsonRead.OptionalTime(json, "last_triggered", LastTriggered);
        json.EndObject();
    }

    public static Automation Read(JsonElement json) =>
        new(
            JsonRead.Required(json, "id"),
            JsonRead.Raw(json, "definition")!,
            JsonRead.Flag(json, "enabled")
        )
        {
            Source = JsonRead.Text(json, "source"),
            Changed = JsonRead.OptionalTime(json, "changed") ?? DateTimeOffset.UnixEpoch,
            LastTriggered = JsonRead.OptionalTime(json, "last_triggered"),
        };
}

/// <summary>What happens when an automation is set off while it runs.</summary>
internal enum RunMode
{
    /// <summary>The new run does not begin.</summary>
    Single,

    /// <summary>The old run ends, the new one begins.</summary>
    Restart,

    /// <summary>The new run waits for the old ones.</summary>
    Queued,

    /// <summary>Both run.</summary>
    Parallel,
}

/// <summary>What an automation means.</summary>
internal sealed record AutomationRules
{
    /// <summary>How many runs there may be at once, unless <c>max</c> says otherwise.</summary>
    public const int UsualMax = 10;

    public string? Alias { get; init; }

    public bool InitiallyEnabled { get; init; } = true;

    public RunMode Mode { get; init; }

    /// <summary>How many runs there may be at once, waiting ones counted; for queued and
    /// parallel.</summary>
    public int Max { get; init; } = UsualMax;

    /// <summary>How loudly a trigger is spoken of that the mode has stopped.</summary>
    public string MaxExceeded { get; init; } = "warning";

    /// <summary>Variables that every run begins with; a mapping, or null.</summary>
    public DataTemplate? Variables { get; init; }

    /// <summary>Variables that the triggers' own fields were filled with; a mapping without
    /// templates, or null. Runs see them too.</summary>
    public DataTemplate? TriggerVariables { get; init; }

    /// <summary>What a time trigger that was missed while the home was down does; null = the
    /// usual.</summary>
    public CatchUp? CatchUp { get; init; }

    /// <summary>Nested lists laid flat; a trigger's index is its place here.</summary>
    public required IReadOnlyList<Trigger> Triggers { get; init; }

    /// <summary>All of them must hold; its path is <c>condition</c>.</summary>
    public required AndCondition Condition { get; init; }

    /// <summary>What it does; its path is <c>action</c>.</summary>
    public required StepList Actions { get; init; }

    /// <summary>Where to find what runs stand at.</summary>
    public StepIndex Index => _index ??= new StepIndex(Actions);

    private StepIndex? _index;
}

/// <summary>Hearth's own word for an automation: what to do about times that were missed.
/// </summary>
/// <param name="Within">Missed by no more than this, it runs.</param>
/// <param name="OtherwiseRuns">What happens when it was missed by more.</param>
internal sealed record CatchUp(TimeSpan Within, bool OtherwiseRuns);
