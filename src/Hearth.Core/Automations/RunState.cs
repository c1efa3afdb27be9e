using System.Text;
using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>Variables by name in the order in which they were set, and how templates see them.
/// </summary>
internal sealed class Variables(TemplateVariables? outer)
{
    private readonly List<KeyValuePair<string, TemplateValue>> _items = [];

    public TemplateVariables Scope { get; } = new(outer);

    public bool Has(string name) => _items.Exists(item => item.Key == name);

    public void Set(string name, TemplateValue value)
    {
        _items.RemoveAll(item => item.Key == name);
        _items.Add(KeyValuePair.Create(name, value));
        Scope[name] = value;
    }

    public void Write(JsonWriter json)
    {
        json.BeginObject();
        foreach (var (name, value) in _items)
        {
            json.Name(name);
            RunValue.Write(json, value);
        }

        json.EndObject();
    }

    public void Read(JsonElement json)
    {
        foreach (var member in json.EnumerateObject())
        {
            Set(member.Name, RunValue.Read(member.Value));
        }
    }
}

/// <summary>Where a loop is.</summary>
/// <param name="Round">The first is 1.</param>
/// <param name="Last">How many rounds there are; null where a condition says.</param>
internal sealed record Loop(RepeatStep Step, int Round, int? Last, TemplateValue[]? Items);

/// <summary>A list of steps that is being worked on.</summary>
internal sealed class Frame(StepList list, TemplateVariables outer)
{
    public StepList List => list;

    /// <summary>The index of the step that comes next.</summary>
    public int Next { get; set; }

    public Variables Variables { get; } = new(outer);

    /// <summary>The loop whose round this is; null for none.</summary>
    public Loop? Loop { get; init; }

    /// <summary>The step under way.</summary>
    public Step Current => list.Steps[Next - 1];
}

/// <summary>A row of steps, one after the other; parallel branches are strands of their own.
/// </summary>
/// <param name="parent">The strand that waits for this one; null for the first.</param>
internal sealed class Strand(string id, Strand? parent)
{
    public string Id => id;

    public Strand? Parent => parent;

    /// <summary>The lists within lists, the innermost last.</summary>
    public List<Frame> Frames { get; } = [];

    public Frame Top => Frames[^1];

    /// <summary>What it stands at; null where it goes on.</summary>
    public Wait? Waiting { get; set; }
}

/// <summary>A run at work: its variables and where it is. What it says when it begins to wait is
/// all that it needs to go on.</summary>
internal sealed class RunState
{
    private int _waits;
    private int _strands;

    public RunState(string automation, TemplateVariables known, Sequence? id = null)
    {
        Automation = automation;
        Known = known;
        Id = id ?? default;
        Variables = new Variables(known);
    }

    public string Automation { get; }

    public Sequence Id { get; set; }

    /// <summary>What every run knows without having been told: <c>this</c>, <c>context</c>,
    /// <c>trigger</c>.</summary>
    public TemplateVariables Known { get; }

    /// <summary>The id of the trigger; null by hand.</summary>
    public string? TriggerId { get; init; }

    /// <summary>What <c>trigger</c> is; made when it is first asked for.</summary>
    public required Func<TemplateValue> Trigger { get; init; }

    public Variables Variables { get; }

    public List<Strand> Strands { get; } = [];

    /// <summary>Begins a strand; it sees what its parent sees.</summary>
    public Strand Begin(Strand? parent)
    {
        var strand = new Strand($"{_strands++}", parent);
        Strands.Add(strand);
        return strand;
    }

    /// <summary>What the innermost list of a strand sees.</summary>
    public TemplateVariables ScopeOf(Strand? strand) =>
        strand is null ? Variables.Scope
        : strand.Frames.Count > 0 ? strand.Top.Variables.Scope
        : ScopeOf(strand.Parent);

    public Frame Enter(Strand strand, StepList list, Loop? loop = null)
    {
        var frame = new Frame(list, ScopeOf(strand)) { Loop = loop };
        strand.Frames.Add(frame);
        return frame;
    }

    /// <summary>Sets a variable where it was first set; else in the innermost list. A parallel
    /// branch keeps what it sets to itself.</summary>
    public void Set(Strand strand, string name, TemplateValue value)
    {
        var found = strand.Frames.FindLast(frame => frame.Variables.Has(name))?.Variables;
        if (found is null && strand.Parent is null && Variables.Has(name))
        {
            found = Variables;
        }

        (found ?? strand.Top.Variables).Set(name, value);
    }

    public void Wait(Strand strand, string path, DateTimeOffset? until) =>
        strand.Waiting = new Wait(_waits++, strand.Id, path, until);

    /// <summary>All of it, as <see cref="AutomationWaiting.State"/> keeps it.</summary>
    public string Write(bool queued)
    {
        var json = new JsonWriter();
        json.BeginObject();
        if (queued)
        {
            json.Name("queued").Boolean(true);
        }

        json.Name("waits").BeginArray();
        foreach (var strand in Strands)
        {
            strand.Waiting?.Write(json);
        }

        json.EndArray().Name("next_wait").Number(_waits).Name("next_strand").Number(_strands);
        if (TriggerId is not null)
        {
            json.Name("trigger_id").String(TriggerId);
        }

        json.Name("trigger");
        RunValue.Write(json, Trigger());
        json.Name("variables");
        Variables.Write(json);
        json.Name("strands").BeginArray();
        foreach (var strand in Strands)
        {
            Write(json, strand);
        }

        return Encoding.UTF8.GetString(json.EndArray().EndObject().Written);
    }

    /// <summary>What every run of an automation knows.</summary>
    public static TemplateVariables KnownTo(Automation automation, Run? run, HomeView view)
    {
        var known = new TemplateVariables();
        known.Set("this", () => TemplateValue.From(view.Of(automation)));
        known.Set(
            "context",
            () =>
            {
                var context = new TemplateDict(3);
                var id = run is null ? TemplateValue.None : TemplateValue.From($"{run.Id}");
                context.Set("id", id);
                context.Set("parent_id", TemplateValue.None);
                context.Set("user_id", TemplateValue.None);
                return TemplateValue.From(context);
            }
        );
        return known;
    }

    /// <summary>A run as it said it was.</summary>
    public static RunState Load(Run run, Automation automation, HomeView view)
    {
        var (rules, known) = (automation.Rules, KnownTo(automation, run, view));
        var json = JsonRead.Parse(run.State!);
        var trigger = RunValue.Read(json.GetProperty("trigger"));
        known["trigger"] = trigger;
        var state = new RunState(run.Automation, known, run.Id)
        {
            TriggerId = JsonRead.Text(json, "trigger_id"),
            Trigger = () => trigger,
            _waits = (int)JsonRead.Number(json, "next_wait"),
            _strands = (int)JsonRead.Number(json, "next_strand"),
        };
        state.Variables.Read(json.GetProperty("variables"));
        foreach (var strand in json.GetProperty("strands").EnumerateArray())
        {
            state.ReadStrand(strand, rules, run.Waits);
        }

        return state;
    }

    private static void Write(JsonWriter json, Strand strand)
    {
        json.BeginObject().Name("id").String(strand.Id);
        if (strand.Parent is { } parent)
        {
            json.Name("parent").String(parent.Id);
        }

        json.Name("frames").BeginArray();
        foreach (var frame in strand.Frames)
        {
            json.BeginObject()
                .Name("list")
                .String(frame.List.Path)
                .Name("next")
                .Number(frame.Next)
                .Name("variables");
            frame.Variables.Write(json);
            if (frame.Loop is { } loop)
            {
                Write(json, loop);
            }

            json.EndObject();
        }

        json.EndArray().EndObject();
    }

    private static void Write(JsonWriter json, Loop loop)
    {
        json.Name("loop")
            .BeginObject()
            .Name("step")
            .String(loop.Step.Path)
            .Name("round")
            .Number(loop.Round);
        if (loop.Last is { } last)
        {
            json.Name("last").Number(last);
        }

        if (loop.Items is { } items)
        {
            json.Name("items");
            RunValue.Write(json, TemplateValue.List(items));
        }

        json.EndObject();
    }

    private void ReadStrand(JsonElement json, AutomationRules rules, IReadOnlyList<Wait> waits)
    {
        var id = JsonRead.Required(json, "id");
        var above = JsonRead.Text(json, "parent");
        var parent = above is null ? null : Strands.Find(strand => strand.Id == above);
        var strand = new Strand(id, parent) { Waiting = waits.FirstOrDefault(w => w.Strand == id) };
        Strands.Add(strand);
        foreach (var item in json.GetProperty("frames").EnumerateArray())
        {
            var list = rules.Index.List(JsonRead.Required(item, "list"));
            var loop = item.TryGetProperty("loop", out var found) ? ReadLoop(found, rules) : null;
            var frame = Enter(strand, list, loop);
            frame.Next = (int)JsonRead.Number(item, "next");
            frame.Variables.Read(item.GetProperty("variables"));
        }
    }

    private static Loop ReadLoop(JsonElement json, AutomationRules rules) =>
        new(
            (RepeatStep)rules.Index.Step(JsonRead.Required(json, "step")),
            (int)JsonRead.Number(json, "round"),
            json.TryGetProperty("last", out var last) ? last.GetInt32() : null,
            json.TryGetProperty("items", out var items) ? RunValue.Read(items).AsItems : null
        );
}
