using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Subscriptions;

/// <summary>A subscription as it was last decided upon.</summary>
/// <param name="Owner">Who made it.</param>
/// <param name="PausedFor">Why it is paused; null while it is not.</param>
internal sealed record Subscription(
    string Id,
    string Definition,
    SecretRefs Secrets,
    Principal Owner,
    string? PausedFor
)
{
    public void Write(JsonWriter json)
    {
        json.BeginObject().Name("id").String(Id).Name("definition").Raw(Definition);
        Secrets.Write(json);
        json.Name("owner").String(Owner.Value);
        if (PausedFor is not null)
        {
            json.Name("paused_for").String(PausedFor);
        }

        json.EndObject();
    }

    public static Subscription Read(JsonElement json) =>
        new(
            JsonRead.Required(json, "id"),
            JsonRead.Raw(json, "definition")!,
            SecretRefs.Read(json),
            new Principal(JsonRead.Required(json, "owner")),
            JsonRead.Text(json, "paused_for")
        );
}

/// <summary>Every subscription of a home.</summary>
internal sealed class SubscriptionBook
{
    private readonly Dictionary<string, Subscription> _all = [];

    public IReadOnlyDictionary<string, Subscription> All => _all;

    public void Apply(SubscriptionEvent data, Principal principal)
    {
        switch (data)
        {
            case SubscriptionCreated made:
                _all[made.Subscription] = new Subscription(
                    made.Subscription,
                    made.Definition,
                    made.Secrets,
                    principal,
                    null
                );
                break;
            case SubscriptionUpdated updated:
                _all[updated.Subscription] = _all[updated.Subscription] with
                {
                    Definition = updated.Definition,
                    Secrets = updated.Secrets,
                };
                break;
            case SubscriptionRemoved removed:
                _all.Remove(removed.Subscription);
                break;
            case SubscriptionPaused paused:
                Pause(paused.Subscription, paused.Reason);
                break;
            case SubscriptionResumed resumed:
                Pause(resumed.Subscription, null);
                break;
        }
    }

    public void Restore(IEnumerable<Subscription> subscriptions)
    {
        foreach (var subscription in subscriptions)
        {
            _all[subscription.Id] = subscription;
        }
    }

    private void Pause(string id, string? reason) =>
        _all[id] = _all[id] with { PausedFor = reason };
}
