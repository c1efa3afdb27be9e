using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Hearth.Core.Subscriptions;
using Hearth.Storage;

namespace Hearth.Hub.Subscriptions;

/// <summary>What a sink answered to one delivery, or why it did not.</summary>
/// <param name="Status">Null where no answer came.</param>
/// <param name="RetryAfter">How long it wants to be left alone.</param>
internal sealed record SinkAnswer(
    int? Status,
    string Detail,
    TimeSpan? RetryAfter,
    int Milliseconds
)
{
    public bool IsDelivered => Status is >= 200 and < 300;

    /// <summary>The event will never be taken, however often it is tried; the next one may be.
    /// </summary>
    public bool IsRejection { get; init; }

    /// <summary>The sink wants nothing any more: 410 over HTTP, and no status of a mail server.
    /// </summary>
    public bool IsGone { get; init; }
}

/// <summary>
/// Speaks HTTP with sinks, and has e-mails sent. Over HTTP: no redirects, no proxy, no cookies, and
/// connections only to addresses that were checked when they were dialled; of an answer nothing but
/// its head is used.
/// </summary>
internal sealed class SinkClient : IDisposable
{
    private const int DrainMax = 64 * 1024;

    private readonly SinkGuard _guard;
    private readonly MailClient _mail;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _http;

    public SinkClient(HearthOptions options, TimeProvider clock)
    {
        _options = options.Webhooks;
        _guard = new SinkGuard(_options.Allow);
        _mail = new MailClient(options.Mail, _options.Timeout, clock);
        _clock = clock;
        _http = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                MaxResponseHeadersLength = 16,
                MaxResponseDrainSize = DrainMax,
                ResponseDrainTimeout = TimeSpan.FromSeconds(1),
                // A connection ends now and then, so that its name is looked up and checked anew.
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                ConnectCallback = ConnectAsync,
                ActivityHeadersPropagator = null,
            }
        );
    }

    /// <summary>Checks where a subscription wants to be delivered to.</summary>
    /// <exception cref="SinkRefusedException">Nothing is delivered there.</exception>
    public async Task CheckAsync(
        SubscriptionDefinition definition,
        CancellationToken cancellationToken
    )
    {
        if (definition.Protocol == SinkProtocol.Http)
        {
            var sink = definition.Sink;
            await _guard.ResolveAsync(sink.IdnHost, sink.Port, cancellationToken);
        }
        else if (_mail.Why is { } why)
        {
            throw new SinkRefusedException(why);
        }
    }

    /// <summary>Asks a sink whether it wants to be notified (CloudEvents webhooks, section 4).
    /// </summary>
    public async Task<(SinkAgreement Agreement, SinkAnswer Answer)> AskAsync(
        SubscriptionDefinition definition,
        DeliverySecrets secrets,
        CancellationToken cancellationToken
    )
    {
        var (sink, rate) = (definition.Sink, definition.RatePerMinute);
        if (definition.Protocol == SinkProtocol.Smtp)
        {
            var answered = _mail.Ask(sink);
            return (answered, new SinkAnswer(null, answered.Detail, null, 0));
        }

        using var request = new HttpRequestMessage(HttpMethod.Options, sink);
        request.Headers.TryAddWithoutValidation("WebHook-Request-Origin", _options.Origin);
        if (rate is { } asked)
        {
            request.Headers.TryAddWithoutValidation(
                "WebHook-Request-Rate",
                asked.ToString(CultureInfo.InvariantCulture)
            );
        }

        request.Headers.Authorization = secrets.Authorization;
        var headers = new Dictionary<string, string>();
        var answer = await SendAsync(
            request,
            response =>
            {
                foreach (var name in (string[])["WebHook-Allowed-Origin", "WebHook-Allowed-Rate"])
                {
                    if (response.Headers.TryGetValues(name, out var values))
                    {
                        headers[name] = string.Join(", ", values).Trim();
                    }
                }
            },
            cancellationToken
        );
        return (AgreementOf(sink, answer, headers), answer);
    }

    public async Task<SinkAnswer> DeliverAsync(
        SubscriptionDefinition definition,
        OutgoingEvent item,
        DeliverySecrets secrets,
        CancellationToken cancellationToken
    )
    {
        if (definition.Protocol == SinkProtocol.Smtp)
        {
            return await _mail.DeliverAsync(definition, item, cancellationToken);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, definition.Sink);
        request.Content = item.ToContent(definition.Mode, out var body);
        foreach (var (name, value) in definition.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var now = _clock.GetUtcNow();
        var headers = request.Headers;
        headers.Authorization = secrets.Authorization;
        headers.TryAddWithoutValidation("WebHook-Request-Origin", _options.Origin);
        headers.TryAddWithoutValidation("webhook-id", item.MessageId);
        headers.TryAddWithoutValidation("webhook-timestamp", WebhookSignature.Seconds(now));
        headers.TryAddWithoutValidation(
            "webhook-signature",
            WebhookSignature.Sign(secrets.SigningAt(now), item.MessageId, now, body)
        );
        return await SendAsync(request, null, cancellationToken);
    }

    public void Dispose()
    {
        _http.Dispose();
        _mail.Dispose();
    }

    private SinkAgreement AgreementOf(
        Uri sink,
        SinkAnswer answer,
        Dictionary<string, string> headers
    )
    {
        if (answer.Status is null)
        {
            return Refused(sink, answer.Detail);
        }

        if (!headers.TryGetValue("WebHook-Allowed-Origin", out var origin))
        {
            return Refused(
                sink,
                $"The sink answered OPTIONS with {answer.Status} and no WebHook-Allowed-Origin, so"
                    + " it has not agreed to be notified."
            );
        }

        if (origin != "*" && !origin.Equals(_options.Origin, StringComparison.OrdinalIgnoreCase))
        {
            return Refused(
                sink,
                $"The sink agrees to be notified by others than {_options.Origin} only."
            );
        }

        var rate = headers.GetValueOrDefault("WebHook-Allowed-Rate", "*");
        if (rate == "*")
        {
            return new SinkAgreement("granted", "", sink.AbsoluteUri, null);
        }

        return
            int.TryParse(rate, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
            ? new SinkAgreement("granted", "", sink.AbsoluteUri, number)
            : Refused(sink, "The sink's WebHook-Allowed-Rate is neither * nor a positive number.");
    }

    private static SinkAgreement Refused(Uri sink, string detail) =>
        new("refused", detail, sink.AbsoluteUri, null);

    private async Task<SinkAnswer> SendAsync(
        HttpRequestMessage request,
        Action<HttpResponseMessage>? read,
        CancellationToken cancellationToken
    )
    {
        var began = _clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(_options.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            timeout.Token
        );
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            read?.Invoke(response);
            return new SinkAnswer(
                (int)response.StatusCode,
                DetailOf(response),
                RetryAfter(response),
                Elapsed(began)
            )
            {
                IsGone = response.StatusCode == HttpStatusCode.Gone,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var seconds = _options.Timeout.TotalSeconds;
            return new SinkAnswer(null, $"No answer within {seconds} s.", null, Elapsed(began));
        }
        catch (HttpRequestException fault)
        {
            var why = fault.InnerException is SinkRefusedException refused
                ? refused
                : (Exception)fault;
            return new SinkAnswer(null, why.Message, null, Elapsed(began));
        }
    }

    private static string DetailOf(HttpResponseMessage response) =>
        (int)response.StatusCode switch
        {
            >= 200 and < 300 => "",
            >= 300 and < 400 and var status =>
                $"The sink answered {status}; redirects are not followed.",
            var status => $"The sink answered {status}.",
        };

    /// <summary>Seconds, or a date.</summary>
    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _clock.GetUtcNow(),
            _ => null,
        };

    private int Elapsed(long began) => (int)_clock.GetElapsedTime(began).TotalMilliseconds;

    /// <summary>Dials an address that has just been checked, never a name that could mean another
    /// one by then.</summary>
    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await _guard.ResolveAsync(host, port, cancellationToken);
        SocketException? fault = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException failed)
            {
                socket.Dispose();
                fault = failed;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw fault!;
    }
}

/// <summary>What signs deliveries, and what the sink is shown.</summary>
internal sealed record DeliverySecrets(
    IReadOnlyList<StoredSecret> Signing,
    AuthenticationHeaderValue? Authorization
)
{
    /// <summary>The secret in use first, then those whose time is not over.</summary>
    public IEnumerable<string> SigningAt(DateTimeOffset now) =>
        Signing.Where(secret => secret.Until is null || secret.Until > now).Select(s => s.Value);

    public static DeliverySecrets Of(SubscriptionRecord record, IReadOnlyList<StoredSecret> secrets)
    {
        var signing = new List<StoredSecret>();
        AuthenticationHeaderValue? authorization = null;
        foreach (var secret in secrets)
        {
            if (secret.Ref == record.Credential)
            {
                authorization = SinkCredential.HeaderOf(secret.Value);
            }
            else if (secret.Ref == record.Secret)
            {
                signing.Insert(0, secret with { Until = null });
            }
            else if (
                secret.Until is not null
                && secret.Value.StartsWith(WebhookSignature.Prefix, StringComparison.Ordinal)
            )
            {
                signing.Add(secret);
            }
        }

        return new DeliverySecrets(signing, authorization);
    }
}
