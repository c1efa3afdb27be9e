using System.Globalization;
using System.Net;
using System.Text.Json;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Durability;

/// <summary>
/// Publishes CloudEvents over HTTP, one at a time or several, and sends what was not answered
/// again with the same ids, as a careful program does.
/// </summary>
internal sealed class HttpPublisher(string name, Api api, Ledger ledger, Gate gate, Random random)
{
    public const string Source = "/crash/http";
    public const string Type = "com.example.crash.posted";

    private int _count;

    public string Name => name;

    /// <param name="finish">Cancelled when it is to publish nothing new.</param>
    /// <param name="cancellationToken">Cancelled when it is to give up.</param>
    public async Task RunAsync(CancellationToken finish, CancellationToken cancellationToken)
    {
        while (!finish.IsCancellationRequested)
        {
            var entries = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Next()).ToArray();
            await PostAsync(entries, isAgain: false, cancellationToken);
            if (random.Next(20) == 0)
            {
                await PostAsync(entries, isAgain: true, cancellationToken);
            }
        }
    }

    private Entry Next() => ledger.Add(name, ++_count, Promise.ExactlyOnceIfAcknowledged);

    /// <summary>Posts until it is answered.</summary>
    /// <param name="isAgain">Whether these were answered before, so that nothing may come of it.
    /// </param>
    private async Task PostAsync(Entry[] entries, bool isAgain, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(entries.Select(Event));
        while (true)
        {
            await gate.PassAsync(cancellationToken);
            Array.ForEach(entries, entry => entry.CountSent());
            try
            {
                using var answer = await api.SendAsync(
                    HttpMethod.Post,
                    "/api/v1/events",
                    body,
                    Api.EventsType,
                    cancellationToken
                );
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    Acknowledge(entries, isAgain, JsonElement.Parse(text));
                    return;
                }

                Assert.True(
                    answer.StatusCode == HttpStatusCode.ServiceUnavailable,
                    $"{name}: {(int)answer.StatusCode} {text}"
                );
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                // The hub was killed; nobody knows whether it was taken, so it is sent again.
                await Task.Yield();
            }
        }
    }

    private void Acknowledge(Entry[] entries, bool isAgain, JsonElement answer)
    {
        foreach (var (index, item) in answer.GetProperty("events").EnumerateArray().Index())
        {
            var entry = entries[index];
            Assert.EndsWith(item.GetProperty("id").GetString()!, entry.Key);
            var sequence = long.Parse(
                item.GetProperty("sequence").GetString()!,
                CultureInfo.InvariantCulture
            );
            if (isAgain)
            {
                Assert.True(
                    item.GetProperty("duplicate").GetBoolean() && entry.Sequence == sequence,
                    $"{entry.Key} was taken at {entry.Sequence}; sent again it was answered {item}"
                );
            }
            else
            {
                entry.Sequence = sequence;
                ledger.Acknowledge(entry);
            }
        }
    }

    private static object Event(Entry entry) =>
        new
        {
            specversion = "1.0",
            id = entry.Key,
            source = Source,
            type = Type,
            data = new { k = entry.Key },
        };
}
