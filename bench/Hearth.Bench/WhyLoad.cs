using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Hearth.Bench;

/// <summary>
/// How long it takes to say why, anywhere in the log of a running hub: events that lie all over it,
/// and entities' last changes, one after the other on one connection. <c>rule</c> makes the log.
/// </summary>
internal static class WhyLoad
{
    private const int WarmUp = 100;

    public static async Task<int> RunAsync(Arguments options, CancellationToken stop)
    {
        var address = $"http://{options.Text("host", "127.0.0.1")}:{options.Number("port", 8080)}";
        var samples = options.Number("samples", 1_000);
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var newest = await AskAsync(http, "events?order=desc&limit=1", stop);
        var head = long.Parse(
            newest[0].GetProperty("sequence").GetString()!,
            CultureInfo.InvariantCulture
        );
        var entities = (await AskAsync(http, "entities", stop))
            .EnumerateArray()
            .Select(entity => entity.GetProperty("entity_id").GetString()!)
            .ToArray();
        // A step that has no factor in common with what the rules repeat.
        var events = Enumerable
            .Range(0, samples)
            .Select(index => $"events/{1 + (long)(head * ((index * 0.61803398875) % 1))}/why")
            .ToArray();
        await MeasureAsync(http, $"events in a log of {head:N0}", events, stop);
        if (entities.Length > 0)
        {
            var asked = Enumerable
                .Range(0, samples)
                .Select(index => $"entities/{entities[index % entities.Length]}/why");
            await MeasureAsync(http, $"last changes of {entities.Length} entities", asked, stop);
        }

        return 0;
    }

    private static async Task MeasureAsync(
        HttpClient http,
        string what,
        IEnumerable<string> paths,
        CancellationToken stop
    )
    {
        var (latencies, count, incomplete) = (new Latencies(), 0, 0);
        foreach (var path in paths)
        {
            var began = Stopwatch.GetTimestamp();
            var why = await AskAsync(http, path, stop);
            if (count++ >= WarmUp)
            {
                latencies.Add(Stopwatch.GetTimestamp() - began);
                incomplete += why.GetProperty("complete").GetBoolean() ? 0 : 1;
            }
        }

        Console.WriteLine($"why: {what}: {latencies.Describe()}; {incomplete} not complete");
    }

    private static async Task<JsonElement> AskAsync(
        HttpClient http,
        string path,
        CancellationToken stop
    )
    {
        var uri = new Uri("/api/v1/" + path, UriKind.Relative);
        using var answer = await http.GetAsync(uri, stop);
        var body = await answer.Content.ReadAsByteArrayAsync(stop);
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(body)
            : throw new IOException($"{path}: {System.Text.Encoding.UTF8.GetString(body)}");
    }
}
