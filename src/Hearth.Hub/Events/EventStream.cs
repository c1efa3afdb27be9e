using System.Buffers;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Hearth.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Hearth.Hub.Events;

/// <summary>
/// Server-sent events: a follower of the log with the reader's cursor. Nothing is buffered for a
/// reader beyond what is on its way to the socket; one that takes nothing for a while is cut off
/// and resumes with its Last-Event-ID.
/// </summary>
internal sealed partial class EventStream(
    HearthOptions options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<EventStream> logger
)
{
    public async Task<IResult> RunAsync(
        HttpContext context,
        EventQuery query,
        CancellationToken cancellationToken
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        var feed = context.Home().Feed;
        var start = await LogFollowing.BeginAsync(feed, query, ending.Token);
        if (start.Problem is not null)
        {
            return start.Problem;
        }

        Begin(context.Response);
        try
        {
            var (after, reading) = (start.After, start.Reading);
            await CopyAsync(context, feed, query.Filter, after, reading, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone or was cut off, or the hub is stopping: the stream is over.
        }
        catch (Exception fault)
            when (fault is HomeClosedException or CursorGoneException or LogDamagedException)
        {
            Log.Ended(logger, context.TraceIdentifier, fault.Message);
        }

        return Results.Empty;
    }

    private async Task CopyAsync(
        HttpContext context,
        HomeFeed feed,
        EventFilter filter,
        Sequence cursor,
        Task<IReadOnlyList<Row>> reading,
        CancellationToken cancellationToken
    )
    {
        var output = context.Response.BodyWriter;
        output.Write(": hearth\nretry: 2000\n\n"u8);
        await FlushAsync(context, cancellationToken);
        var json = new JsonWriter(1024);
        while (true)
        {
            if (await IsSilentAsync(reading, cancellationToken))
            {
                // An id without data moves the reader's cursor past what the filter left out.
                WriteText(output, $": heartbeat\nid: {cursor}\n\n");
                await FlushAsync(context, cancellationToken);
                continue;
            }

            foreach (var row in await reading)
            {
                foreach (var item in row.Events.Where(item => item.Sequence > cursor))
                {
                    cursor = item.Sequence;
                    if (filter.Matches(item))
                    {
                        WriteEvent(output, json, item);
                    }
                }
            }

            reading = LogFollowing.ReadAsync(feed, cursor, cancellationToken);
            await FlushAsync(context, cancellationToken);
        }
    }

    /// <summary>Whether a heartbeat is due before there is something to read.</summary>
    private async Task<bool> IsSilentAsync(Task reading, CancellationToken cancellationToken)
    {
        if (reading.IsCompleted)
        {
            return false;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var silence = Task.Delay(options.Followers.Heartbeat, clock, enough.Token);
        var first = await Task.WhenAny(reading, silence);
        await enough.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == silence;
    }

    /// <summary>Hands over what was written; a reader that does not take it in time is cut off.
    /// </summary>
    private async Task FlushAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var untakenMax = options.Followers.UntakenMax;
        var flushing = context.Response.BodyWriter.FlushAsync(cancellationToken).AsTask();
        if (!flushing.IsCompleted)
        {
            try
            {
                await flushing.WaitAsync(untakenMax, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                Log.CutOff(logger, context.TraceIdentifier, untakenMax);
                context.Abort();
                throw new OperationCanceledException(context.RequestAborted);
            }
        }

        if ((await flushing).IsCompleted)
        {
            throw new OperationCanceledException("The reader has gone.");
        }
    }

    private static void Begin(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        // Some proxies hold an answer back until it is whole unless they are told not to.
        response.Headers["X-Accel-Buffering"] = "no";
        // The server's own rule of a least rate would cut a reader off after five seconds.
        var rate = response.HttpContext.Features.Get<IHttpMinResponseDataRateFeature>();
        rate?.MinDataRate = null;
    }

    private static void WriteEvent(IBufferWriter<byte> output, JsonWriter json, Event item)
    {
        json.Clear();
        CloudEventFormat.Write(json, item);
        WriteText(output, $"id: {item.Sequence}\ndata: ");
        var rest = json.Written;
        // What devices send is kept as it came, line breaks between JSON tokens included.
        for (var end = rest.IndexOfAny("\r\n"u8); end >= 0; end = rest.IndexOfAny("\r\n"u8))
        {
            output.Write(rest[..end]);
            output.Write("\ndata: "u8);
            rest = rest[(end + 1)..];
        }

        output.Write(rest);
        output.Write("\n\n"u8);
    }

    private static void WriteText(IBufferWriter<byte> output, string text)
    {
        var room = output.GetSpan(text.Length);
        output.Advance(System.Text.Encoding.ASCII.GetBytes(text, room));
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Event stream {RequestId} was cut off: its reader took nothing for {Untaken}"
        )]
        public static partial void CutOff(ILogger logger, string requestId, TimeSpan untaken);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Event stream {RequestId} ended: {Why}")]
        public static partial void Ended(ILogger logger, string requestId, string why);
    }
}
