namespace Hearth.Core.Automations;

/// <summary>The steps and lists of steps of an automation by their paths: a run that waits knows
/// its place by nothing else.</summary>
internal sealed class StepIndex
{
    private readonly Dictionary<string, Step> _steps = [];
    private readonly Dictionary<string, StepList> _lists = [];

    public StepIndex(StepList actions) => Add(actions);

    public StepList List(string path) => _lists[path];

    public Step Step(string path) => _steps[path];

    public IEnumerable<Step> Steps => _steps.Values;

    private void Add(StepList? list)
    {
        if (list is null)
        {
            return;
        }

        _lists[list.Path] = list;
        foreach (var step in list.Steps)
        {
            _steps[step.Path] = step;
            foreach (var inner in Inside(step))
            {
                Add(inner);
            }
        }
    }

    /// <summary>The lists that stand within a step.</summary>
    public static IEnumerable<StepList?> Inside(Step step) =>
        step switch
        {
            ChooseStep choose => choose
                .Choices.Select(choice => choice.Sequence)
                .Append(choose.Default),
            IfStep branch => [branch.Then, branch.Else],
            RepeatStep repeat => [repeat.Sequence],
            ParallelStep parallel => parallel.Branches,
            SequenceStep sequence => [sequence.Sequence],
            _ => [],
        };
}
