using System.Net;
using Hearth.Hub.Subscriptions;

namespace Hearth.Hub.Tests.Subscriptions;

/// <summary>Where deliveries may not go (SSRF).</summary>
public sealed class ForbiddenSinks
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.10")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1%3")]
    [InlineData("ff02::1")]
    public void An_address_that_is_nobodys_on_the_Internet_is_forbidden(string address) =>
        Assert.NotNull(ForbiddenAddresses.Why(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("100.63.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("192.167.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    public void Any_other_address_is_not(string address) =>
        Assert.Null(ForbiddenAddresses.Why(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://127.1/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://localhost./")]
    public async Task Another_way_to_write_it_is_no_way_in(string sink)
    {
        var uri = new Uri(sink);

        await Assert.ThrowsAsync<SinkRefusedException>(async () =>
            await new SinkGuard([]).ResolveAsync(uri.IdnHost, uri.Port, Stop)
        );
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", 80, true)]
    [InlineData("127.0.0.0/8", "127.9.9.9", 80, true)]
    [InlineData("127.0.0.0/8", "10.0.0.1", 80, false)]
    [InlineData("127.0.0.0/8", "::ffff:127.0.0.1", 80, true)]
    [InlineData("fd00::/8", "fd00::1", 80, true)]
    [InlineData("localhost", "localhost", 80, true)]
    [InlineData("localhost:8123", "localhost", 8123, true)]
    [InlineData("localhost:8123", "localhost", 80, false)]
    [InlineData("127.0.0.1:8123", "127.0.0.1", 8123, true)]
    [InlineData("127.0.0.1:8123", "127.0.0.1", 22, false)]
    [InlineData("example.com", "127.0.0.1", 80, false)]
    public async Task Only_what_is_allow_listed_may_be_reached(
        string allowed,
        string host,
        int port,
        bool isAllowed
    )
    {
        var guard = new SinkGuard([AllowedSink.Read(allowed)!]);
        var reached = true;
        try
        {
            await guard.ResolveAsync(host, port, Stop);
        }
        catch (SinkRefusedException)
        {
            reached = false;
        }

        Assert.Equal(isAllowed, reached);
    }

    [Theory]
    [InlineData("http://x.example/")]
    [InlineData("x.example/path")]
    [InlineData("ana@x.example")]
    [InlineData("10.0.0.0/99")]
    public void What_is_no_host_and_no_network_cannot_be_allowed(string entry) =>
        Assert.Null(AllowedSink.Read(entry));
}
