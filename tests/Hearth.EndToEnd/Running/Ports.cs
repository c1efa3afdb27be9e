using System.Net;
using System.Net.Sockets;

namespace Hearth.EndToEnd.Running;

/// <summary>
/// Free ports that stay ours: below those that the system gives to outgoing connections, so that
/// none of them takes a hub's port while the hub is down (Linux begins at 32768).
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly Lock Taking = new();
    private static int next = First + Environment.ProcessId * 37 % (Last - First);

    public static int Take()
    {
        lock (Taking)
        {
            for (var tried = 0; tried < Last - First; tried++)
            {
                next = next >= Last ? First : next + 1;
                if (IsFree(next))
                {
                    return next;
                }
            }
        }

        throw new InvalidOperationException($"No port from {First} to {Last} is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
