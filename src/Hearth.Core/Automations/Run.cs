using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>Something that a run stands at.</summary>
/// <param name="Id">Its own within the run.</param>
/// <param name="Strand">The strand of the run that stands there.</param>
/// <param name="Path">The path of the step.</param>
/// <param name="Until">When the delay is over, or the wait given up; null = never.</param>
internal sealed record Wait(int Id, string Strand, string Path, DateTimeOffset? Until)
{
    /// <summary>When it goes on: later than <see cref="Until"/> where that passed while the home
    /// was down.</summary>
    public DateTimeOffset? Due { get; init; } = Until;

    public static string KeyOf(Sequence run, int id) => $"{run.Value}.{id}";

    public void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("id")
            .Number(Id)
            .Name("strand")
            .String(Strand)
            .Name("path")
            .String(Path);
        JsonRead.OptionalTime(json, "until", Until);
        if (Due != Until)
        {
            JsonRead.OptionalTime(json, "due", Due);
        }

        json.EndObject();
    }

    public static Wait Read(JsonElement json)
    {
        var wait = new Wait(
            (int)JsonRead.Number(json, "id"),
            JsonRead.Required(json, "strand"),
            JsonRead.Required(json, "path"),
            JsonRead.OptionalTime(json, "until")
        );
        return JsonRead.OptionalTime(json, "due") is { } due ? wait with { Due = due } : wait;
    }
}

/// <summary>A run that has begun and not ended.</summary>
/// <param name="Id">The sequence of the event that triggered it.</param>
/// <param name="Cause">That event.</param>
/// <param name="State">Where it stands and what it knows, as it said when it began to wait; null
/// before that.</param>
/// <param name="Waits">What it waits for.</param>
internal sealed record Run(
    Sequence Id,
    string Automation,
    DateTimeOffset Started,
    Cause Cause,
    string? State,
    IReadOnlyList<Wait> Waits
)
{
    /// <summary>True where it waits for other runs of its automation to end.</summary>
    public bool IsQueued { get; init; }

    public void Write(JsonWriter json)
    {
        json.BeginObject()
            .Name("id")
            .Number(Id.Value)
            .Name("automation")
            .String(Automation)
            .Name("started")
            .String(Timestamp.ToText(Started));
        Cause.Write(json, "cause");
        if (State is not null)
        {
            json.Name("state").Raw(State);
        }

        json.Name("waits").BeginArray();
        foreach (var wait in Waits)
        {
            wait.Write(json);
        }

        json.EndArray();
        if (IsQueued)
        {
            json.Name("queued").Boolean(true);
        }

        json.EndObject();
    }

    public static Run Read(JsonElement json) =>
        new(
            new Sequence(json.GetProperty("id").GetInt64()),
            JsonRead.Required(json, "automation"),
            JsonRead.Time(json, "started"),
            Cause.Read(json, "cause"),
            JsonRead.Raw(json, "state"),
            [.. json.GetProperty("waits").EnumerateArray().Select(Wait.Read)]
        )
        {
            IsQueued = JsonRead.Flag(json, "queued"),
        };
}

/// <summary>
/// The runs that have begun and not ended, and what they wait for. Only events change it.
/// </summary>
internal sealed class RunBook(Deadlines deadlines)
{
    private static readonly Run[] None = [];

    private readonly Dictionary<Sequence, Run> _all = [];
    private readonly Dictionary<string, List<Run>> _byAutomation = [];

    public IReadOnlyDictionary<Sequence, Run> All => _all;

    /// <summary>The runs of an automation, oldest first.</summary>
    public IReadOnlyList<Run> Of(string automation) =>
        _byAutomation.TryGetValue(automation, out var runs) ? runs : None;

    public void Apply(AutomationEvent data, Event item)
    {
        switch (data)
        {
            case AutomationTriggered { StoppedBy: null } triggered:
                Put(
                    new Run(
                        item.Sequence,
                        triggered.Automation,
                        item.Time,
                        Cause.Of(item),
                        null,
                        []
                    )
                );
                break;
            case AutomationWaiting waiting when _all.TryGetValue(waiting.Run, out var run):
                var state = JsonRead.Parse(waiting.State);
                Put(
                    run with
                    {
                        State = waiting.State,
                        Waits = [.. state.GetProperty("waits").EnumerateArray().Select(Wait.Read)],
                        IsQueued = JsonRead.Flag(state, "queued"),
                    }
                );
                break;
            case AutomationFinished or AutomationFailed:
                Remove(((AutomationRunEvent)data).Run);
                break;
        }
    }

    /// <summary>What ran out while the home was down goes on now.</summary>
    public void Resume(DateTimeOffset now) =>
        ForEachWait(wait => wait.Due < now ? wait with { Due = now } : wait);

    public void Rebase(TimeSpan by) =>
        ForEachWait(wait => wait with { Until = wait.Until + by, Due = wait.Due + by });

    public void Restore(IEnumerable<Run> runs)
    {
        foreach (var run in runs.OrderBy(run => run.Id))
        {
            Put(run);
        }
    }

    private void ForEachWait(Func<Wait, Wait> change)
    {
        foreach (var run in _all.Values.ToArray())
        {
            Put(run with { Waits = [.. run.Waits.Select(change)] });
        }
    }

    private void Put(Run run)
    {
        if (!_byAutomation.TryGetValue(run.Automation, out var runs))
        {
            _byAutomation[run.Automation] = runs = [];
        }

        if (_all.TryGetValue(run.Id, out var before))
        {
            SetDeadlines(before, armed: false);
            runs[runs.FindIndex(other => other.Id == run.Id)] = run;
        }
        else
        {
            runs.Add(run);
        }

        _all[run.Id] = run;
        SetDeadlines(run, armed: true);
    }

    private void Remove(Sequence id)
    {
        if (!_all.Remove(id, out var run))
        {
            return;
        }

        SetDeadlines(run, armed: false);
        var runs = _byAutomation[run.Automation];
        runs.RemoveAll(other => other.Id == id);
        if (runs.Count == 0)
        {
            _byAutomation.Remove(run.Automation);
        }
    }

    private void SetDeadlines(Run run, bool armed)
    {
        foreach (var wait in run.Waits)
        {
            deadlines.Set(DeadlineKind.Wait, Wait.KeyOf(run.Id, wait.Id), armed ? wait.Due : null);
        }
    }
}
