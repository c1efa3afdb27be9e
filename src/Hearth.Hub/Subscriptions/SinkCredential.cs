using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Subscriptions;

/// <summary>
/// What a sink wants to be shown (CloudEvents Subscriptions API, section 3.2.3): PLAIN or
/// ACCESSTOKEN. It is written, kept apart from the log, and never shown again.
/// </summary>
/// <param name="Value">How it is kept: the value of an <c>Authorization</c> header.</param>
internal sealed record SinkCredential(string Type, string Value)
{
    public static AuthenticationHeaderValue HeaderOf(string value) =>
        AuthenticationHeaderValue.Parse(value);

    /// <summary>Reads a credential, or says everything that is wrong with it. Names are compared
    /// without case, because the specification writes them both ways.</summary>
    public static SinkCredential? Read(JsonElement json, ICollection<ProblemFault> faults)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Fault(faults, "", "Write an object with credentialtype, or null for none.");
            return null;
        }

        var members = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String)
            {
                members[member.Name] = member.Value.GetString()!;
            }
            else
            {
                Fault(faults, "/" + member.Name, "must be a string");
            }
        }

        switch (members.GetValueOrDefault("credentialtype"))
        {
            case "PLAIN":
                var account = Required(members, "identifier", faults);
                var password = Required(members, "secret", faults);
                if (account.Contains(':', StringComparison.Ordinal))
                {
                    Fault(faults, "/identifier", "must have no colon");
                }

                var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account}:{password}"));
                return new SinkCredential("PLAIN", "Basic " + pair);
            case "ACCESSTOKEN":
                var token = Required(members, "accesstoken", faults);
                var scheme = members.GetValueOrDefault("accesstokentype", "Bearer");
                scheme = scheme.Equals("bearer", StringComparison.OrdinalIgnoreCase)
                    ? "Bearer"
                    : scheme;
                var value = $"{scheme} {token}";
                if (value.Any(sign => sign is < ' ' or > '~') || scheme.Any(char.IsWhiteSpace))
                {
                    Fault(faults, "/accesstoken", "must be printable ASCII");
                }

                return new SinkCredential("ACCESSTOKEN", value);
            default:
                Fault(
                    faults,
                    "/credentialtype",
                    "Write PLAIN or ACCESSTOKEN; others are not known."
                );
                return null;
        }
    }

    private static string Required(
        Dictionary<string, string> members,
        string name,
        ICollection<ProblemFault> faults
    )
    {
        if (members.GetValueOrDefault(name) is { Length: > 0 } value)
        {
            return value;
        }

        Fault(faults, "/" + name, $"{name} is missing.");
        return "";
    }

    private static void Fault(ICollection<ProblemFault> faults, string at, string detail) =>
        faults.Add(new ProblemFault(Place.Pointer, "#/sinkcredential" + at, detail));
}
