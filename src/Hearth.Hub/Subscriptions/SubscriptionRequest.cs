using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Core.Subscriptions;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Subscriptions;

/// <summary>What a request asks a subscription to be, its credential taken out.</summary>
/// <param name="Keeps">True where nothing is said of a credential.</param>
internal sealed record SubscriptionRequest(
    SubscriptionDefinition Definition,
    SinkCredential? Credential,
    bool Keeps
)
{
    /// <summary>Reads the body, or answers everything that is wrong with it at once.</summary>
    public static async Task<(SubscriptionRequest? Request, Problem? Problem)> ReadAsync(
        HttpContext context,
        SinkClient sinks,
        bool isReplaced,
        CancellationToken cancellationToken
    )
    {
        var (document, problem) = await JsonBody.ReadJsonAsync(context, cancellationToken);
        using (document)
        {
            if (document is null)
            {
                return (null, problem);
            }

            var faults = new List<ProblemFault>();
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                faults.Add(new ProblemFault(Place.Pointer, "#", "A subscription is an object."));
                return (null, Problem.Invalid(faults));
            }

            var (definition, credential, keeps) = Split(document.RootElement, isReplaced, faults);
            if (definition?.Protocol == SinkProtocol.Smtp && credential is not null)
            {
                var detail =
                    "Leave this out; e-mails go through the hub's own account, set with"
                    + $" {Settings.MailUser.Key}.";
                faults.Add(new ProblemFault(Place.Pointer, "#/sinkcredential", detail));
            }

            if (definition is not null)
            {
                await CheckAsync(definition, sinks, faults, cancellationToken);
            }

            return faults.Count > 0
                ? (null, Problem.Invalid(faults))
                : (new SubscriptionRequest(definition!, credential, keeps), null);
        }
    }

    private static (SubscriptionDefinition?, SinkCredential?, bool Keeps) Split(
        JsonElement json,
        bool isReplaced,
        List<ProblemFault> faults
    )
    {
        var writer = new JsonWriter();
        writer.BeginObject();
        JsonElement? credential = null;
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name is "sinkcredential" or "sinkCredential")
            {
                credential = member.Value;
            }
            // What GET says of a subscription may come back with PUT; an id of the caller's choice
            // is left out of account, as the specification wants it.
            else if (member.Name is not ("id" or "status"))
            {
                writer.Name(member.Name).Raw(member.Value.GetRawText());
            }
        }

        writer.EndObject();
        var wrong = new List<Fault>();
        var definition = SubscriptionDefinition.Read(
            System.Text.Encoding.UTF8.GetString(writer.Written),
            wrong
        );
        faults.AddRange(wrong.Select(Problem.InBody));
        return credential switch
        {
            null => (definition, null, true),
            { ValueKind: JsonValueKind.Null } => (definition, null, false),
            { } shown when isReplaced && IsAsShown(shown) => (definition, null, true),
            { } given => (definition, SinkCredential.Read(given, faults), false),
        };
    }

    /// <summary>A credential as GET shows it, without anything secret: it is not meant to change.
    /// </summary>
    private static bool IsAsShown(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.GetPropertyCount() == 1
        && json.TryGetProperty("credentialtype", out _);

    private static async Task CheckAsync(
        SubscriptionDefinition definition,
        SinkClient sinks,
        List<ProblemFault> faults,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await sinks.CheckAsync(definition, cancellationToken);
        }
        catch (SinkRefusedException refused)
        {
            faults.Add(new ProblemFault(Place.Pointer, "#/sink", refused.Message));
        }
    }
}
