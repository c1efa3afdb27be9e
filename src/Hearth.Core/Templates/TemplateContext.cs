using System.Collections.ObjectModel;

namespace Hearth.Core.Templates;

/// <summary>All that a template can see. Nothing else reaches it: no clock, no I/O.</summary>
public sealed class TemplateContext
{
    public static TemplateContext Empty { get; } = new();

    /// <summary>Gives the variables <c>value</c> and <c>value_json</c>.</summary>
    public TemplatePayload? Payload { get; init; }

    /// <summary>More variables by name; they win over the payload's.</summary>
    public IReadOnlyDictionary<string, TemplateValue> Variables { get; init; } =
        ReadOnlyDictionary<string, TemplateValue>.Empty;

    /// <summary>What <c>now()</c> answers.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The home's time zone. Default UTC.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    internal DateTimeOffset LocalNow => TimeZoneInfo.ConvertTime(Now, TimeZone);
}
