using System.Diagnostics;
using Hearth.Core.Events;

namespace Hearth.Core.Subscriptions;

/// <summary>Where people hand in subscriptions, and where it is said what became of deliveries.
/// </summary>
internal sealed class SubscriptionDesk(HomeState state)
{
    /// <summary>How many a home can have.</summary>
    public const int Max = 1000;

    public Refusal? Decide(Turn turn, SubscriptionInput input) =>
        input switch
        {
            CreateSubscription create => Create(turn, create),
            ReplaceSubscription replace => With(input.Id, known => Replace(turn, known, replace)),
            RotateSubscriptionSecret rotate => With(
                input.Id,
                known =>
                    Emit(
                        turn,
                        new SubscriptionUpdated(
                            known.Id,
                            known.Definition,
                            known.Secrets with
                            {
                                Signing = rotate.Secret,
                            }
                        )
                    )
            ),
            RemoveSubscription => With(
                input.Id,
                known => Emit(turn, new SubscriptionRemoved(known.Id))
            ),
            PauseSubscription pause => With(
                input.Id,
                known =>
                    known.PausedFor == pause.Reason
                        ? null
                        : Emit(turn, new SubscriptionPaused(known.Id, pause.Reason))
            ),
            ResumeSubscription => With(
                input.Id,
                known =>
                    known.PausedFor is null ? null : Emit(turn, new SubscriptionResumed(known.Id))
            ),
            ReportDeadLetters dead => With(
                input.Id,
                known =>
                    Emit(
                        turn,
                        new SubscriptionDeadLettered(known.Id, dead.First, dead.Last, dead.Reason)
                    )
            ),
            _ => throw new UnreachableException($"No decision for {input.GetType().Name}."),
        };

    private Refusal? Create(Turn turn, CreateSubscription create)
    {
        var faults = new List<Fault>();
        if (SubscriptionDefinition.Read(create.Definition, faults) is not { } definition)
        {
            return Invalid(faults);
        }

        if (state.Subscriptions.All.ContainsKey(create.Id))
        {
            return new Refusal(
                RefusalKind.Conflict,
                $"There is a subscription {create.Id} already."
            );
        }

        if (state.Subscriptions.All.Count >= Max)
        {
            return new Refusal(
                RefusalKind.LimitReached,
                $"There are {Max} subscriptions already; remove one first."
            );
        }

        return Emit(turn, new SubscriptionCreated(create.Id, definition.Text, create.Secrets));
    }

    private static Refusal? Replace(Turn turn, Subscription known, ReplaceSubscription replace)
    {
        var faults = new List<Fault>();
        if (SubscriptionDefinition.Read(replace.Definition, faults) is not { } definition)
        {
            return Invalid(faults);
        }

        var secrets = known.Secrets with
        {
            Credential = replace.Credential,
            CredentialType = replace.CredentialType,
        };
        if (replace.KeepsCredential)
        {
            var before = SubscriptionDefinition.Read(known.Definition, faults)!;
            if (known.Secrets.Credential is not null && before.Origin != definition.Origin)
            {
                // Whoever may change a sink must not learn what another one is shown.
                faults.Add(
                    new Fault(
                        "/sinkcredential",
                        $"The sink moves away from {before.Origin}; give the credential anew, or"
                            + " null for none."
                    )
                );
                return Invalid(faults);
            }

            secrets = known.Secrets;
        }

        return known.Definition == definition.Text && known.Secrets == secrets
            ? null
            : Emit(turn, new SubscriptionUpdated(known.Id, definition.Text, secrets));
    }

    private static Refusal Invalid(List<Fault> faults) =>
        new(RefusalKind.Invalid, "The subscription cannot be read.", faults);

    private static Refusal? Emit(Turn turn, SubscriptionEvent data)
    {
        turn.Emit(data);
        return null;
    }

    private Refusal? With(string id, Func<Subscription, Refusal?> decide) =>
        state.Subscriptions.All.TryGetValue(id, out var known)
            ? decide(known)
            : new Refusal(RefusalKind.NotFound, $"There is no subscription {id}.");
}
