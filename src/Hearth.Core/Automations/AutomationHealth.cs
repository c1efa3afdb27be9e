using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>How an automation fares.</summary>
/// <param name="To"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Detail"><c>none</c>, <c>failing</c>, <c>missing</c> (it names what is not there) or
/// <c>never_fired</c>.</param>
/// <param name="Reason">What is wrong, in sentences; empty where nothing is.</param>
public sealed record AutomationHealthChanged(
    string Automation,
    string From,
    string To,
    string Detail,
    string Reason
) : AutomationEvent(Automation)
{
    /// <summary>The triggers whose templates fail, by index, and why.</summary>
    internal IReadOnlyDictionary<int, string> Templates { get; init; } = NoFaults;

    internal static readonly IReadOnlyDictionary<int, string> NoFaults =
        new SortedDictionary<int, string>();

    public const string TypeName = "hearth.automation.health_changed";

    public override string Type => TypeName;

    /// <summary>The CloudEvents <c>severitytext</c> of this change.</summary>
    internal string Severity =>
        To switch
        {
            "healthy" => "INFO",
            "degraded" => "WARN",
            _ => "ERROR",
        };

    private protected override void WriteMore(JsonWriter json)
    {
        json.Name("from")
            .String(From)
            .Name("to")
            .String(To)
            .Name("detail")
            .String(Detail)
            .Name("reason")
            .String(Reason);
        WriteTemplates(json, Templates);
    }

    internal static void WriteTemplates(JsonWriter json, IReadOnlyDictionary<int, string> templates)
    {
        if (templates.Count == 0)
        {
            return;
        }

        json.Name("templates").BeginArray();
        foreach (var (trigger, fault) in templates)
        {
            json.BeginObject().Name("trigger").Number(trigger).Name("fault").String(fault);
            json.EndObject();
        }

        json.EndArray();
    }

    internal static IReadOnlyDictionary<int, string> ReadTemplates(JsonElement json) =>
        json.TryGetProperty("templates", out var templates)
            ? new SortedDictionary<int, string>(
                templates
                    .EnumerateArray()
                    .ToDictionary(
                        item => (int)JsonRead.Number(item, "trigger"),
                        item => JsonRead.Required(item, "fault")
                    )
            )
            : NoFaults;

    internal static AutomationHealthChanged Read(JsonElement json) =>
        new(
            Id(json),
            JsonRead.Required(json, "from"),
            JsonRead.Required(json, "to"),
            JsonRead.Required(json, "detail"),
            JsonRead.Required(json, "reason")
        )
        {
            Templates = ReadTemplates(json),
        };
}

/// <summary>What is known of how an automation fares, and what was last said about it.</summary>
/// <param name="Since">When it was saved or switched on, the later of the two.</param>
internal sealed record AutomationHealth(string Automation, DateTimeOffset Since)
{
    public const string Healthy = "healthy";

    /// <summary>How many of the last runs count.</summary>
    public const int EndsMax = 3;

    /// <summary>So long without one of its triggers, it is said to have never fired.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromDays(30);

    public string Health { get; init; } = Healthy;

    public string Detail { get; init; } = "none";

    public string Reason { get; init; } = "";

    /// <summary>True once one of its triggers has come since then, whatever came of it.</summary>
    public bool IsHeard { get; init; }

    /// <summary>True once it has been said that none came for too long.</summary>
    public bool IsSilenceTold { get; init; }

    /// <summary>How the last runs ended, the newest last: <c>+</c> or <c>-</c>.</summary>
    public string Ends { get; init; } = "";

    /// <summary>What went wrong last; null where nothing has.</summary>
    public string? Fault { get; init; }

    /// <summary>The triggers whose templates fail, by index, and why.</summary>
    public IReadOnlyDictionary<int, string> Templates { get; init; } =
        AutomationHealthChanged.NoFaults;

    /// <summary>Where a condition's template failed when they were last asked, and why; null where
    /// none did.</summary>
    public string? ConditionFault { get; init; }

    /// <summary>True where there is nothing to take back.</summary>
    public bool IsFine =>
        Health == Healthy
        && ConditionFault is null
        && !Ends.Contains('-', StringComparison.Ordinal);

    public DateTimeOffset SilentFrom => Since + SilenceMax;

    /// <summary>With the end of one more run.</summary>
    public AutomationHealth After(bool isFine, string? fault = null)
    {
        var ends = Ends + (isFine ? '+' : '-');
        return this with
        {
            Ends = ends[Math.Max(0, ends.Length - EndsMax)..],
            Fault = fault ?? Fault,
        };
    }

    public void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("automation")
            .String(Automation)
            .Name("since")
            .String(Timestamp.ToText(Since));
        if (Health != Healthy)
        {
            json.Name("health").String(Health).Name("detail").String(Detail);
            json.Name("reason").String(Reason);
        }

        if (IsHeard)
        {
            json.Name("heard").Boolean(true);
        }

        if (IsSilenceTold)
        {
            json.Name("silence_told").Boolean(true);
        }

        if (Ends.Length > 0)
        {
            json.Name("ends").String(Ends);
        }

        if (Fault is not null)
        {
            json.Name("fault").String(Fault);
        }

        if (ConditionFault is not null)
        {
            json.Name("condition_fault").String(ConditionFault);
        }

        AutomationHealthChanged.WriteTemplates(json, Templates);
        json.EndObject();
    }

    public static AutomationHealth Read(JsonElement json) =>
        new(JsonRead.Required(json, "automation"), JsonRead.Time(json, "since"))
        {
            Health = JsonRead.Text(json, "health") ?? Healthy,
            Detail = JsonRead.Text(json, "detail") ?? "none",
            Reason = JsonRead.Text(json, "reason") ?? "",
            IsHeard = JsonRead.Flag(json, "heard"),
            IsSilenceTold = JsonRead.Flag(json, "silence_told"),
            Ends = JsonRead.Text(json, "ends") ?? "",
            Fault = JsonRead.Text(json, "fault"),
            ConditionFault = JsonRead.Text(json, "condition_fault"),
            Templates = AutomationHealthChanged.ReadTemplates(json),
        };
}
