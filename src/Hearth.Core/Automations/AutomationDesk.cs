using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>
/// Where people hand in automations: saves, removes, enables, disables and triggers them by hand.
/// </summary>
internal sealed class AutomationDesk(HomeState state, Runner runner)
{
    public Refusal? Decide(Turn turn, Input input) =>
        input switch
        {
            SaveAutomation save => Save(turn, save),
            RemoveAutomation remove => With(
                remove.Id,
                automation =>
                {
                    runner.Cancel(turn, automation.Id);
                    turn.Emit(new AutomationRemoved(automation.Id));
                }
            ),
            EnableAutomation enable => With(
                enable.Id,
                automation => Enable(turn, enable, automation)
            ),
            TriggerAutomation trigger => With(
                trigger.Id,
                automation =>
                    runner.Trigger(
                        turn,
                        automation,
                        new Occurrence(null, null) { By = turn.Principal },
                        anyway: true
                    )
            ),
            _ => throw new UnreachableException($"No decision for {input.GetType().Name}."),
        };

    private Refusal? Save(Turn turn, SaveAutomation save)
    {
        var rules = AutomationParser.Parse(save.Definition, out var faults);
        if (rules is null)
        {
            return new Refusal(RefusalKind.Invalid, "The automation cannot be read.", faults);
        }

        var json = JsonElement.Parse(save.Definition);
        var written = json.TryGetProperty("id", out var own) ? own.ToString() : null;
        var id = save.Id ?? written ?? NewId(rules.Alias);
        if (
            id.Length is 0 or > 128
            || id != id.Trim()
            || id.Contains('|', StringComparison.Ordinal)
        )
        {
            return new Refusal(
                RefusalKind.Invalid,
                "The id must have 1 to 128 characters, no | and no blanks around it."
            );
        }

        if (written is not null && written != id)
        {
            return new Refusal(
                RefusalKind.Conflict,
                $"The automation says its id is '{written}', the address says '{id}'."
            );
        }

        var before = state.Automations.All.GetValueOrDefault(id);
        if (before is not null && save.MustBeNew)
        {
            return new Refusal(RefusalKind.Conflict, $"There is an automation {id} already.");
        }

        var definition = Compact(json);
        if (before is null)
        {
            turn.Emit(
                new AutomationCreated(id, definition, save.Source)
                {
                    RestoredFrom = save.RestoredFrom,
                }
            );
        }
        else if (before.Definition != definition || before.Source != save.Source)
        {
            runner.Cancel(turn, id);
            turn.Emit(
                new AutomationUpdated(id, definition, save.Source)
                {
                    RestoredFrom = save.RestoredFrom,
                }
            );
        }

        return null;
    }

    private void Enable(Turn turn, EnableAutomation enable, Automation automation)
    {
        if (automation.Enabled != enable.Enabled)
        {
            runner.Cancel(turn, automation.Id);
            turn.Emit(
                enable.Enabled
                    ? new AutomationEnabled(automation.Id)
                    : new AutomationDisabled(automation.Id)
            );
        }
    }

    private Refusal? With(string id, Action<Automation> decide)
    {
        if (!state.Automations.All.TryGetValue(id, out var automation))
        {
            return new Refusal(RefusalKind.NotFound, $"There is no automation {id}.");
        }

        decide(automation);
        return null;
    }

    private string NewId(string? alias) =>
        Slug.Unused(Slug.Of(alias ?? "automation"), state.Automations.All.ContainsKey);

    // Blanks and line breaks between members say nothing; order, numbers and texts stay.
    internal static string Compact(JsonElement json)
    {
        var writer = new JsonWriter();
        Write(writer, json);
        return Encoding.UTF8.GetString(writer.Written);
    }

    private static void Write(JsonWriter writer, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.BeginObject();
                foreach (var member in json.EnumerateObject())
                {
                    writer.Name(member.Name);
                    Write(writer, member.Value);
                }

                writer.EndObject();
                break;
            case JsonValueKind.Array:
                writer.BeginArray();
                foreach (var item in json.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.EndArray();
                break;
            case JsonValueKind.String:
                writer.String(json.GetString()!);
                break;
            default:
                writer.Raw(json.GetRawText());
                break;
        }
    }
}
