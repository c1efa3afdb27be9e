using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Durability;

/// <summary>A webhook goes on where it was, however the hub ended.</summary>
public sealed class Notifications
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_event_reaches_a_sink_though_the_hub_is_killed()
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var listener = new HttpListener();
        var address = $"http://127.0.0.1:{Ports.Take()}/";
        listener.Prefixes.Add(address);
        listener.Start();
        var seen = new ConcurrentQueue<(string Event, string Message)>();
        var sinking = TakeAsync(listener, seen, over.Token);

        await using var hub = RunningHub.On();
        hub.Environment["Hearth__Webhooks__Allow"] = "127.0.0.1";
        await hub.StartAgainAsync();
        using var http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{hub.HttpPort}"),
        };
        await PostAsync(
            http,
            "/api/v1/subscriptions",
            $$"""{"sink":"{{address}}in","protocol":"HTTP","source":"/tests"}""",
            "application/json"
        );
        for (var round = 0; round < 3; round++)
        {
            var events = Enumerable
                .Range(round * 100, 100)
                .Select(number =>
                    $$"""{"specversion":"1.0","id":"{{number}}","source":"/tests","type":"t.x"}"""
                );
            await PostAsync(
                http,
                "/api/v1/events",
                $"[{string.Join(',', events)}]",
                "application/cloudevents-batch+json"
            );
            // In the middle of it.
            await SeenAsync(seen, round * 100 + 20);
            await hub.KillAsync();
            await hub.StartAgainAsync();
        }

        await SeenAsync(seen, 300);
        // In order, but for what a kill made come again; and that is recognisable.
        var firsts = seen.Select(item => item.Event).Distinct();
        Assert.Equal(Enumerable.Range(0, 300).Select(number => $"{number}"), firsts);
        Assert.Equal(300, seen.Select(item => item.Message).Distinct().Count());
        await over.CancelAsync();
        listener.Stop();
        await sinking;
    }

    private static Task SeenAsync(
        ConcurrentQueue<(string Event, string Message)> seen,
        int count
    ) =>
        Eventually.Holds(
            $"{count} events reach the sink",
            Soon,
            () => seen.Select(item => item.Event).Distinct().Count() >= count,
            () => $"{seen.Count} deliveries"
        );

    private static async Task TakeAsync(
        HttpListener listener,
        ConcurrentQueue<(string Event, string Message)> seen,
        CancellationToken cancellationToken
    )
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            if (context.Request.HttpMethod == "OPTIONS")
            {
                context.Response.Headers["WebHook-Allowed-Origin"] = "*";
                context.Response.Headers["WebHook-Allowed-Rate"] = "*";
            }
            else
            {
                using var json = await JsonDocument.ParseAsync(
                    context.Request.InputStream,
                    cancellationToken: CancellationToken.None
                );
                var id = json.RootElement.GetProperty("id").GetString()!;
                seen.Enqueue((id, context.Request.Headers["webhook-id"]!));
            }

            try
            {
                context.Response.Close();
            }
            catch (HttpListenerException)
            {
                // The hub was killed while it was answered.
            }
        }
    }

    private static async Task PostAsync(HttpClient http, string path, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new(type);
        using var response = await http.PostAsync(path, content, Stop);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Stop));
    }
}
