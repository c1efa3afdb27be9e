using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Hearth.EndToEnd.Running;

/// <summary>The HTTP API as a program sees it.</summary>
internal sealed class Api(Uri address) : IDisposable
{
    public const string EventsType = "application/cloudevents-batch+json";
    public const string EventType = "application/cloudevents+json";

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // A connection to a hub that was killed must not be tried again for long.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
        }
    )
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A status, or null where nobody answers.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string path) => (await TryGetAsync(path)).Status;

    /// <summary>An answer, whatever it is; a null status where nobody answers.</summary>
    public async Task<(HttpStatusCode? Status, string Body)> TryGetAsync(string path)
    {
        try
        {
            using var answer = await _http.GetAsync(path, Cancelled);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        }
        catch (HttpRequestException)
        {
            return (null, "");
        }
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, $"GET {path}: {(int)answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Posts JSON and expects that it is taken.</summary>
    public async Task PostAsync(string path, object body)
    {
        var refusal = await TryPostAsync(path, body);
        Assert.True(refusal is null, $"POST {path}: {refusal}");
    }

    /// <summary>Posts JSON; null where it is taken, else the status and the problem.</summary>
    public async Task<string?> TryPostAsync(string path, object body)
    {
        using var answer = await SendAsync(
            HttpMethod.Post,
            path,
            JsonSerializer.Serialize(body),
            cancellationToken: Cancelled
        );
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode} {text}";
    }

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string body,
        string type = "application/json",
        CancellationToken cancellationToken = default
    ) => SendAsync(method, path, Encoding.UTF8.GetBytes(body), type, cancellationToken);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        byte[] body,
        string? type,
        CancellationToken cancellationToken = default
    )
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = type is null
            ? null
            : MediaTypeHeaderValue.Parse(type);
        return await _http.SendAsync(request, cancellationToken);
    }

    /// <summary>The whole log after a sequence, page by page.</summary>
    public async IAsyncEnumerable<LoggedEvent> EventsAsync(string query = "after=0&limit=1000")
    {
        var next = new Uri($"/api/v1/events?{query}", UriKind.Relative);
        while (next is not null)
        {
            using var answer = await _http.GetAsync(next, Cancelled);
            var text = await answer.Content.ReadAsStringAsync(Cancelled);
            Assert.True(answer.IsSuccessStatusCode, $"GET {next}: {(int)answer.StatusCode} {text}");
            using var page = JsonDocument.Parse(text);
            foreach (var item in page.RootElement.EnumerateArray())
            {
                yield return LoggedEvent.Read(item.Clone());
            }

            next = Next(answer);
        }
    }

    /// <summary>The ids of the events that come over the stream after one, until it ends.</summary>
    public async IAsyncEnumerable<long> StreamAsync(
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events/stream");
        request.Headers.Add("Last-Event-ID", after.ToString());
        using var answer = await _http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        answer.EnsureSuccessStatusCode();
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (item.EventType != SseParser.EventTypeDefault)
            {
                // The hub says goodbye.
                yield break;
            }

            yield return long.Parse(item.EventId!);
        }
    }

    public void Dispose() => _http.Dispose();

    private static Uri? Next(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Link", out var links))
        {
            return null;
        }

        // <URI>; rel="next" (RFC 8288)
        var next = string.Join(',', links)
            .Split(',')
            .FirstOrDefault(link => link.Contains("rel=\"next\"", StringComparison.Ordinal));
        return next is null
            ? null
            : new Uri(next[(next.IndexOf('<') + 1)..next.IndexOf('>')], UriKind.RelativeOrAbsolute);
    }
}

/// <summary>An event of the log as the API shows it.</summary>
internal sealed record LoggedEvent(
    long Sequence,
    string Id,
    string Source,
    string Type,
    string? Subject,
    JsonElement Json
)
{
    public DateTimeOffset Time => Json.GetProperty("time").GetDateTimeOffset();

    public JsonElement Data => Json.TryGetProperty("data", out var data) ? data : default;

    public static LoggedEvent Read(JsonElement json) =>
        new(
            long.Parse(json.GetProperty("sequence").GetString()!),
            json.GetProperty("id").GetString()!,
            json.GetProperty("source").GetString()!,
            json.GetProperty("type").GetString()!,
            json.TryGetProperty("subject", out var subject) ? subject.GetString() : null,
            json
        );

    public override string ToString() => $"{Sequence} {Type} {Subject} {Data}";
}
