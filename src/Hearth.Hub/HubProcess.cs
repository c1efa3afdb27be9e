using System.Net;
using System.Net.Sockets;
using Hearth.Homes;
using Microsoft.AspNetCore.Connections;

namespace Hearth.Hub;

/// <summary>
/// One run of the hub from its settings to its exit code. What goes wrong at the start is told in
/// a sentence, because it is the person who can change it.
/// </summary>
internal static class HubProcess
{
    public static async Task<int> RunAsync(
        IReadOnlyDictionary<string, string?> given,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (ReadOptions(given) is not { } options)
        {
            return 1;
        }
        return 0;
    }

    private static HearthOptions? ReadOptions(IReadOnlyDictionary<string, string?> given) => null;
}
