using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Hearth.Hub.Subscriptions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hearth.Hub.Automations;

/// <summary>
/// Calls that set automations off, at Home Assistant's own path, so that what calls it there calls
/// it here. Whoever knows an id may call; so an id that nobody waits for is answered like one that
/// somebody does, and leaves no event behind.
/// </summary>
internal static class WebhooksIn
{
    private const string Path = "/api/webhook/{id}";
    private const int BytesMax = 64 * 1024;

    // A proxy on this machine or next to it makes every caller look as if it was at home; what it
    // adds cannot be taken away by who calls.
    private static readonly string[] OfProxies = ["Forwarded", "X-Forwarded-For", "X-Real-IP"];

    private static readonly IPNetwork[] AtHome =
    [
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("fe80::/10"),
    ];

    public static void MapWebhooksIn(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost(Path, Call)
            .WithTags("Automations")
            .WithName("callWebhook")
            .Refuses(413, 503);
        routes.MapMethods(Path, ["PUT", "GET", "HEAD"], Call).ExcludeFromDescription();
    }

    /// <summary>Set off what waits for a webhook.</summary>
    /// <remarks>
    /// The id is the secret. PUT, GET and HEAD are taken as well, where the trigger allows them. A
    /// body of JSON is trigger.json, the fields of a form are trigger.data (of other bodies the
    /// text is trigger.data.text), the query is trigger.query. At most 64 KiB. Answered with
    /// nothing once it is durable, and so is an id that nothing waits for.
    /// </remarks>
    /// <param name="id">The webhook_id of a trigger.</param>
    internal static async Task<Ok> Call(
        HttpContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        var request = context.Request;
        var body = await JsonBody.ReadAsync(context, BytesMax, cancellationToken);
        var (json, data) = await ReadAsync(request, body, cancellationToken);
        var call = new CallWebhook(
            id,
            request.Method.ToUpperInvariant(),
            IsLocal(context.Connection.RemoteIpAddress, request.Headers),
            json,
            data,
            Object(request.Query.Select(item => (item.Key, item.Value.FirstOrDefault())))
        );
        await context.Home().SubmitAsync(context.Signed(call), cancellationToken);
        return TypedResults.Ok();
    }

    /// <summary>Whether a caller is in the home's own network.</summary>
    public static bool IsLocal(IPAddress? address, IHeaderDictionary headers)
    {
        if (address is null || OfProxies.Any(headers.ContainsKey))
        {
            return false;
        }

        var plain = ForbiddenAddresses.Plain(address);
        return AtHome.Any(network => network.Contains(plain));
    }

    private static async Task<(string? Json, string Data)> ReadAsync(
        HttpRequest request,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        if (body.IsEmpty)
        {
            return (null, "{}");
        }

        var media = JsonBody.Media(request.ContentType);
        if (media.Contains("json", StringComparison.OrdinalIgnoreCase) && Compact(body) is { } json)
        {
            return (json, "{}");
        }

        if (request.HasFormContentType)
        {
            request.Body = new MemoryStream(body.ToArray());
            try
            {
                var form = await request.ReadFormAsync(cancellationToken);
                return (null, Object(form.Select(item => (item.Key, item.Value.FirstOrDefault()))));
            }
            catch (InvalidDataException)
            {
                // It says that it is a form and is none: then it is text like any other.
            }
        }

        return (null, Object([("text", Encoding.UTF8.GetString(body.Span))]));
    }

    // Blanks and line breaks say nothing, and an event has none; null where it is no JSON, or has
    // half of a character in it, which is text to nobody.
    private static string? Compact(ReadOnlyMemory<byte> body)
    {
        using var document = JsonBody.Parse(body, out _);
        if (document is null)
        {
            return null;
        }

        var written = new ArrayBufferWriter<byte>(body.Length);
        using (var json = new Utf8JsonWriter(written, JsonBody.WriterOptions))
        {
            document.WriteTo(json);
        }

        return Encoding.UTF8.GetString(written.WrittenSpan);
    }

    private static string Object(IEnumerable<(string Name, string? Value)> members)
    {
        var json = new JsonWriter();
        json.BeginObject();
        foreach (var (name, value) in members)
        {
            json.Name(name).String(value ?? "");
        }

        return Encoding.UTF8.GetString(json.EndObject().Written);
    }
}
