using System.Net;
using System.Net.Sockets;

namespace Hearth.Hub.Subscriptions;

/// <summary>An address that deliveries may not go to; the message says how to allow it.</summary>
internal sealed class SinkRefusedException(string message) : Exception(message);

/// <summary>
/// Decides where deliveries may go, so that nobody reaches through the hub what only the hub can
/// reach: the machine itself, the network at home, a cloud's metadata. What the operator has
/// allow-listed may be reached.
/// </summary>
internal sealed class SinkGuard(IReadOnlyList<AllowedSink> allowed)
{
    /// <summary>Every address of a host, none of which is forbidden.</summary>
    /// <exception cref="SinkRefusedException">One of them is, or there is none.</exception>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(
        string host,
        int port,
        CancellationToken cancellationToken
    )
    {
        var bare = host.Trim('[', ']');
        var addresses = IPAddress.TryParse(bare, out var literal)
            ? [literal]
            : await LookUpAsync(bare, cancellationToken);
        if (allowed.Any(entry => entry.AllowsHost(bare, port)))
        {
            return addresses;
        }

        foreach (var address in addresses)
        {
            if (
                ForbiddenAddresses.Why(address) is { } why
                && !allowed.Any(entry => entry.AllowsAddress(address))
            )
            {
                throw new SinkRefusedException(
                    $"{host} is at {address}, {why}; deliveries go there only where"
                        + $" {Settings.WebhooksAllow.Key} allows it."
                );
            }
        }

        return addresses;
    }

    private static async Task<IPAddress[]> LookUpAsync(
        string host,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var found = await Dns.GetHostAddressesAsync(host, cancellationToken);
            if (found.Length > 0)
            {
                return found;
            }
        }
        catch (SocketException)
        {
            // Said below, as for a name without addresses.
        }

        throw new SinkRefusedException($"The name {host} has no address now.");
    }
}

/// <summary>What the operator allows: a host, a host at one port, or a network.</summary>
internal sealed record AllowedSink(string? Host, int? Port, IPNetwork? Network)
{
    /// <summary>Reads <c>host</c>, <c>host:port</c>, an address or <c>10.0.0.0/8</c>.</summary>
    public static AllowedSink? Read(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return new AllowedSink(null, null, network);
        }

        if (IPAddress.TryParse(text, out var address))
        {
            return new AllowedSink(null, null, new IPNetwork(address, BitsOf(address)));
        }

        return
            Uri.TryCreate($"http://{text}", UriKind.Absolute, out var uri)
            && uri is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
            && !text.EndsWith('/')
            ? new AllowedSink(
                uri.IdnHost.Trim('[', ']'),
                text.EndsWith($":{uri.Port}", StringComparison.Ordinal) ? uri.Port : null,
                null
            )
            : null;
    }

    public bool AllowsHost(string host, int port) =>
        Host is not null
        && Host.Equals(host, StringComparison.OrdinalIgnoreCase)
        && (Port is null || Port == port);

    public bool AllowsAddress(IPAddress address) =>
        Network is { } network && network.Contains(ForbiddenAddresses.Plain(address));

    private static int BitsOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
}

/// <summary>The addresses that are nobody's on the Internet (IANA's special-purpose registries).
/// </summary>
internal static class ForbiddenAddresses
{
    private static readonly (IPNetwork Network, string Why)[] V4 =
    [
        Of("0.0.0.0/8", "this machine"),
        Of("10.0.0.0/8", "a private network"),
        Of("100.64.0.0/10", "a provider's own network"),
        Of("127.0.0.0/8", "this machine"),
        Of("169.254.0.0/16", "a link-local address, where clouds keep their metadata"),
        Of("172.16.0.0/12", "a private network"),
        Of("192.0.0.0/24", "an address for protocols"),
        Of("192.0.2.0/24", "an address for documents"),
        Of("192.88.99.0/24", "a relay of 6to4"),
        Of("192.168.0.0/16", "a private network"),
        Of("198.18.0.0/15", "a network for benchmarks"),
        Of("198.51.100.0/24", "an address for documents"),
        Of("203.0.113.0/24", "an address for documents"),
        Of("224.0.0.0/4", "a multicast address"),
        Of("240.0.0.0/4", "a reserved address"),
    ];

    private static readonly (IPNetwork Network, string Why)[] V6 =
    [
        Of("::/96", "this machine or an old form of an IPv4 address"),
        Of("64:ff9b:1::/48", "a translated address"),
        Of("100::/64", "a discarded address"),
        Of("2001::/23", "an address for protocols"),
        Of("2001:db8::/32", "an address for documents"),
        Of("2002::/16", "an address of 6to4"),
        Of("3fff::/20", "an address for documents"),
        Of("5f00::/16", "an address for routing"),
        Of("fc00::/7", "a private network"),
        Of("fe80::/10", "a link-local address"),
        Of("fec0::/10", "a private network"),
        Of("ff00::/8", "a multicast address"),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Why an address is forbidden; null where it is not.</summary>
    public static string? Why(IPAddress address)
    {
        var plain = Plain(address);
        var forbidden = plain.AddressFamily == AddressFamily.InterNetwork ? V4 : V6;
        foreach (var (network, why) in forbidden)
        {
            if (network.Contains(plain))
            {
                return why;
            }
        }

        return null;
    }

    /// <summary>The IPv4 address inside an IPv6 one that only wraps it, mapped or translated.
    /// </summary>
    public static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var unscoped = address.ScopeId == 0 ? address : new IPAddress(address.GetAddressBytes());
        return unscoped switch
        {
            { IsIPv4MappedToIPv6: true } => unscoped.MapToIPv4(),
            _ when Nat64.Contains(unscoped) => new IPAddress(unscoped.GetAddressBytes()[12..]),
            _ => unscoped,
        };
    }

    private static (IPNetwork, string) Of(string network, string why) =>
        (IPNetwork.Parse(network), why);
}
