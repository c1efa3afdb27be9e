using Hearth.Core.Events;

namespace Hearth.Storage;

/// <summary>How long rows of the log are kept, by their class; null is for ever.</summary>
public sealed record RetentionTimes
{
    public TimeSpan? Messages { get; init; } = TimeSpan.FromDays(1);

    public TimeSpan? States { get; init; } = TimeSpan.FromDays(10);

    public TimeSpan? Domain { get; init; } = TimeSpan.FromDays(365);

    public TimeSpan? Audit { get; init; }

    internal TimeSpan? Of(RetentionClass retention) =>
        retention switch
        {
            RetentionClass.Message => Messages,
            RetentionClass.State => States,
            RetentionClass.Domain => Domain,
            _ => Audit,
        };
}
