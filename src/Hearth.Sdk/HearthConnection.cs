namespace Hearth.Sdk;

/// <summary>Where the hub is, and who connects.</summary>
public sealed record HearthConnection
{
    private readonly int port = 1883;
    private readonly TimeSpan sessionExpiry = TimeSpan.Zero;
    private readonly TimeSpan keepAlive = TimeSpan.FromSeconds(15);

    /// <summary>Host name or address. Default <c>localhost</c>.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>TCP port, 1 to 65535. Default 1883.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a port.</exception>
    public int Port
    {
        get => port;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65535);
            port = value;
        }
    }

    /// <summary>The credential's user name; null connects without one.</summary>
    public string? Username { get; init; }

    /// <summary>The credential's secret; used only with <see cref="Username"/>.</summary>
    public string? Password { get; init; }

    /// <summary>True for TLS, usually with port 8883. Default false.</summary>
    public bool Tls { get; init; }

    /// <summary>How often a silent connection is probed. More than zero, default 15 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or negative.</exception>
    public TimeSpan KeepAlive
    {
        get => keepAlive;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            keepAlive = value;
        }
    }

    /// <summary>
    /// How long the hub keeps commands and events for this device while it is away, in whole
    /// seconds. Default zero: what happens while it is away, it never hears of.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan SessionExpiry
    {
        get => sessionExpiry;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            sessionExpiry = value;
        }
    }

    /// <summary>
    /// Reads <c>--host</c>, <c>--port</c>, <c>--username</c> and <c>--password</c>, or else
    /// <c>HEARTH_HOST</c>, <c>HEARTH_PORT</c>, <c>HEARTH_USERNAME</c> and <c>HEARTH_PASSWORD</c>.
    /// Other arguments are left alone; use <see cref="HearthArguments"/> to read those too.
    /// </summary>
    /// <exception cref="HearthException">One is not usable; the message says which.</exception>
    public static HearthConnection FromEnvironment(IReadOnlyList<string>? args = null)
    {
        var arguments = new HearthArguments(args ?? []);
        var connection = arguments.Connection();
        return arguments.Fault is { } fault ? throw new HearthException(fault) : connection;
    }

    /// <summary>Host and port.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
