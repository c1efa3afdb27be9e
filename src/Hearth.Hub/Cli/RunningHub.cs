using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Hearth.Hub.Cli;

/// <summary>
/// A hub that runs, asked over its HTTP API by a command at the command line. What goes wrong on
/// the way is an exception with a sentence for the person; what the hub refuses is an answer.
/// </summary>
internal sealed class RunningHub : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _address;

    /// <param name="patience">How long one answer may take.</param>
    public RunningHub(Uri address, TimeSpan patience)
    {
        _address = address;
        // A hub at home is not behind the proxy of an office.
        var handler = new SocketsHttpHandler { UseProxy = false };
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = patience };
    }

    /// <param name="path">Below <c>/api/v1/</c>, already escaped.</param>
    /// <exception cref="HubAwayException">There is no hub, or none that answers.</exception>
    public Task<HubReply> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, Below(path)), cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    public Task<HubReply> PostAsync(
        string path,
        string body,
        string contentType,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, Below(path))
            {
                Content = new StringContent(
                    body,
                    Encoding.UTF8,
                    MediaTypeHeaderValue.Parse(contentType)
                ),
            },
            cancellationToken
        );

    public void Dispose() => _http.Dispose();

    private static Uri Below(string path) =>
        new(Program.ApiPath.TrimStart('/') + "/" + path, UriKind.Relative);

    private async Task<HubReply> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        using (request)
        {
            try
            {
                using var answer = await _http.SendAsync(request, cancellationToken);
                var body = await answer.Content.ReadAsStringAsync(cancellationToken);
                var media = answer.Content.Headers.ContentType?.MediaType ?? "";
                return media.EndsWith("json", StringComparison.Ordinal)
                    ? new HubReply((int)answer.StatusCode, body)
                    : throw new HubAwayException(
                        $"What answers at {_address} is no Hearth hub (status"
                            + $" {(int)answer.StatusCode}). Say with --hub where it is."
                    );
            }
            catch (HttpRequestException fault)
            {
                throw new HubAwayException(Sentence(fault), fault);
            }
            catch (TaskCanceledException fault) when (!cancellationToken.IsCancellationRequested)
            {
                throw new HubAwayException(
                    $"The hub at {_address} did not answer within"
                        + $" {_http.Timeout.TotalSeconds:0} s.",
                    fault
                );
            }
        }
    }

    private string Sentence(HttpRequestException fault) =>
        fault.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
            ? $"No hub listens at {_address}. Start it with `hearth`, or say with --hub where it"
                + " is."
            : $"The hub at {_address} cannot be reached: {fault.Message.TrimEnd('.')}.";
}

/// <summary>What the hub answered.</summary>
/// <param name="Body">JSON; a problem (RFC 9457) where it refused.</param>
internal readonly record struct HubReply(int Status, string Body)
{
    public bool IsGood => Status is >= 200 and < 300;

    public JsonElement Json => Problems.AnswerJson.Parse(Body);

    /// <summary>What the hub says is wrong, in its own sentences, each with its place.</summary>
    public IReadOnlyList<string> Refusal()
    {
        var problem = Json;
        var said = Text(problem, "detail") ?? Text(problem, "title");
        var sentences = new List<string>();
        if (problem.TryGetProperty("errors", out var errors))
        {
            sentences.AddRange(errors.EnumerateArray().Select(Fault));
        }

        // What says nothing but the only fault need not be said twice.
        var isSaid =
            sentences.Count == 1
            && said is not null
            && sentences[0].EndsWith(said, StringComparison.Ordinal);
        if (said is not null && !isSaid)
        {
            sentences.Insert(0, said);
        }

        return sentences.Count > 0 ? sentences : [$"The hub answered {Status}."];
    }

    private static string Fault(JsonElement error)
    {
        var line =
            error.TryGetProperty("line", out var at) && at.ValueKind == JsonValueKind.Number
                ? $"line {at.GetInt32()}: "
                : "";
        return line + Text(error, "detail");
    }

    /// <summary>A member of an answer; null where it is no text.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

/// <summary>There is no hub at the address, or none that answers; the message is a sentence for
/// the person.</summary>
internal sealed class HubAwayException : Exception
{
    public HubAwayException() { }

    public HubAwayException(string message)
        : base(message) { }

    public HubAwayException(string message, Exception? innerException)
        : base(message, innerException) { }
}
