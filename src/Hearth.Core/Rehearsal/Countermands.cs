using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Rehearsal;

/// <summary>
/// Notices that somebody did the opposite of what a run wanted, soon afterwards: the run may have
/// been one too many.
/// </summary>
internal sealed class Countermands
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(5);

    private readonly Dictionary<EntityId, Wish> _wishes = [];
    private string? _message;

    private readonly record struct Wish(RunNote Run, string Wanted, DateTimeOffset Until);

    /// <summary>A run asked an entity to be something.</summary>
    public void Watch(RunNote run, CommandRequested requested, DateTimeOffset at)
    {
        if (Wanted(requested) is { } wanted)
        {
            _wishes[requested.Entity] = new Wish(run, wanted, at + Soon);
        }
    }

    /// <summary>A recorded event.</summary>
    public void Record(Event recorded, DateTimeOffset at)
    {
        if (_wishes.Count == 0)
        {
            return;
        }

        switch (recorded.Data)
        {
            case MessageReceived:
                _message = recorded.Id;
                break;
            case CommandRequested requested when IsByAPerson(recorded.Principal):
                Countermand(requested.Entity, Wanted(requested), recorded, at, isDevice: false);
                break;
            // A report that a command led to has that command for its cause; one that was lost or
            // came back has not been switched.
            case StateChanged { From.IsKnown: true, To.IsKnown: true } change
                when change.From.Value != change.To.Value && recorded.Cause?.Id == _message:
                Countermand(change.Entity, change.To.Value, recorded, at, isDevice: true);
                break;
        }
    }

    private void Countermand(
        EntityId entity,
        string? value,
        Event recorded,
        DateTimeOffset at,
        bool isDevice
    )
    {
        if (!_wishes.TryGetValue(entity, out var wish))
        {
            return;
        }

        if (at > wish.Until)
        {
            _wishes.Remove(entity);
        }
        else if (value is not null && value != wish.Wanted)
        {
            _wishes.Remove(entity);
            wish.Run.UndoneBy = new Countermand(
                at,
                entity,
                isDevice ? null : recorded.Principal.Value,
                recorded.Id
            );
        }
    }

    private static bool IsByAPerson(Principal principal) =>
        principal != Principal.Hub
        && !principal.Value.StartsWith("automation:", StringComparison.Ordinal);

    private static string? Wanted(CommandRequested requested) =>
        requested.Desired?.Value
        ?? requested.Verb switch
        {
            "turn_on" => "on",
            "turn_off" => "off",
            _ => null,
        };
}
