using Hearth.Core.Events;

namespace Hearth.Core;

/// <summary>A moment at which time alone brings something about.</summary>
/// <param name="Deadline">What is due; null for the look once a minute at what depends on the
/// clock.</param>
internal readonly record struct Moment(DateTimeOffset At, Deadline? Deadline);

/// <summary>
/// What time alone brings about in a home, soonest first: its deadlines, and once a minute a look
/// at the templates that read the clock.
/// </summary>
internal sealed class TimeFlow(HomeState state)
{
    private static readonly TimeSpan LooksMissedMax = TimeSpan.FromMinutes(10);

    // Which minute was looked at last is no truth: looking again at the same moment finds the same.
    private DateTimeOffset _looked;

    /// <summary>When something is due next; null where nothing is.</summary>
    public DateTimeOffset? Next =>
        (state.Deadlines.First?.At, NextLook()) switch
        {
            ({ } deadline, { } look) => deadline < look ? deadline : look,
            var (deadline, look) => deadline ?? look,
        };

    /// <summary>What is due first of all that is not after <paramref name="now"/>; null where
    /// nothing is.</summary>
    public Moment? Due(DateTimeOffset now)
    {
        var deadline = state.Deadlines.First;
        if (NextLook() is { } look && look <= now && !(deadline?.At < look))
        {
            return new Moment(look, null);
        }

        return deadline is { } first && first.At <= now ? new Moment(first.At, first) : null;
    }

    /// <summary>Says that a moment is being dealt with.</summary>
    public void Reach(Moment moment) => _looked = moment.Deadline is null ? moment.At : _looked;

    /// <summary>Minutes that nobody was awake for are not looked at one by one.</summary>
    public void SkipMissed(DateTimeOffset now)
    {
        if (NextLook() is { } first && now - first > LooksMissedMax)
        {
            _looked = now - LooksMissedMax;
        }
    }

    /// <summary>The clock was set.</summary>
    public void Reset() => _looked = default;

    private DateTimeOffset? NextLook()
    {
        if (state.Watches.Timed.Count == 0 && !state.IsSunWatched)
        {
            return null;
        }

        var last = _looked > state.Now ? _looked : state.Now;
        return new DateTimeOffset(last.Ticks - last.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero)
            + TimeSpan.FromMinutes(1);
    }
}
