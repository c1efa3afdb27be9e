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
/// reader beyond what is on its way to the socket; one that is too slow is told so and resumes with
/// its Last-Event-ID.
/// </summary>
internal sealed partial class EventStream(
    HearthOptions options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<EventStream> logger
)
{
    /// <summary>How long a reader that took nothing has once more to take what is under way and
    /// to be told.</summary>
    private static readonly TimeSpan GoodbyeMax = TimeSpan.FromSeconds(2);

    private TimeSpan UntakenMax => options.Followers.UntakenMax;

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

        // The server's own rule of a least rate would cut a reader off after five seconds; it comes
        // back for the last bytes, which nobody else watches.
        var rate = context.Features.Get<IHttpMinResponseDataRateFeature>();
        var least = rate?.MinDataRate;
        Begin(context.Response, rate);
        var cursor = new Cursor { Value = start.After };
        try
        {
            var why = await CopyAsync(context, feed, query.Filter, start, cursor, ending.Token);
            rate?.MinDataRate = least;
            await SayGoodbyeAsync(context, why, cursor.Value);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone or was cut off: the stream is over.
        }

        await ending.CancelAsync();
        return Results.Empty;
    }

    /// <summary>Sends until something ends it; answers what that is.</summary>
    private async Task<string> CopyAsync(
        HttpContext context,
        HomeFeed feed,
        EventFilter filter,
        StreamStart start,
        Cursor cursor,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await CopyUntilSlowAsync(
                context,
                feed,
                filter,
                start,
                cursor,
                cancellationToken
            );
        }
        catch (OperationCanceledException)
            when (lifetime.ApplicationStopping.IsCancellationRequested
                && !context.RequestAborted.IsCancellationRequested
            )
        {
            return "The hub stops";
        }
        catch (Exception fault) when (fault is HomeClosedException or CursorGoneException)
        {
            Log.Ended(logger, context.TraceIdentifier, fault.Message);
            return "Not readable now";
        }
        catch (LogDamagedException fault)
        {
            Log.Ended(logger, context.TraceIdentifier, fault.Message);
            return "The log is damaged";
        }
    }

    private async Task<string> CopyUntilSlowAsync(
        HttpContext context,
        HomeFeed feed,
        EventFilter filter,
        StreamStart start,
        Cursor cursor,
        CancellationToken cancellationToken
    )
    {
        var pace = new ReaderPace(options.Followers, clock, start);
        var reading = start.Reading;
        var output = context.Response.BodyWriter;
        output.Write(": hearth\nretry: 2000\n\n"u8);
        await FlushAsync(context, cancellationToken);
        var json = new JsonWriter(1024);
        while (true)
        {
            Event? last = null;
            if (await IsSilentAsync(reading, cancellationToken))
            {
                // An id without data moves the reader's cursor past what the filter left out.
                WriteText(output, $": heartbeat\nid: {cursor.Value}\n\n");
            }
            else
            {
                foreach (var row in await reading)
                {
                    foreach (var item in row.Events.Where(item => item.Sequence > cursor.Value))
                    {
                        cursor.Value = item.Sequence;
                        if (filter.Matches(item))
                        {
                            WriteEvent(output, json, item);
                            pace.Sent(json.Length);
                            last = item;
                        }
                    }
                }

                reading = LogFollowing.ReadAsync(feed, cursor.Value, cancellationToken);
            }

            var taken = await FlushAsync(context, cancellationToken);
            var isSlow = taken == Taken.Later && last is not null;
            var why = isSlow ? pace.TooFarBehind(last!, feed.Head) : null;
            if (taken == Taken.TooLate)
            {
                why = $"Too slow: nothing was taken for {UntakenMax.TotalSeconds:0.#} s";
            }

            if (why is not null)
            {
                Log.CutOff(logger, context.TraceIdentifier, why);
                return why;
            }

            pace.Reached(cursor.Value, feed.Head);
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

    /// <summary>Hands over what was written; a reader that does not take it, not even late, is cut
    /// off.</summary>
    private async Task<Taken> FlushAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var flushing = context.Response.BodyWriter.FlushAsync(cancellationToken).AsTask();
        var taken = flushing.IsCompleted ? Taken.AtOnce : Taken.Later;
        if (taken == Taken.Later && !await IsOverAsync(flushing, UntakenMax, cancellationToken))
        {
            taken = Taken.TooLate;
            if (!await IsOverAsync(flushing, GoodbyeMax, cancellationToken))
            {
                Log.CutOff(logger, context.TraceIdentifier, $"nothing was taken for {UntakenMax}");
                context.Abort();
                throw new OperationCanceledException(context.RequestAborted);
            }
        }

        if ((await flushing).IsCompleted)
        {
            throw new OperationCanceledException("The reader has gone.");
        }

        return taken;
    }

    /// <summary>Whether something ends within a time.</summary>
    private async Task<bool> IsOverAsync(
        Task what,
        TimeSpan within,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await what.WaitAsync(within, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>The last thing in a stream: why it ends, and where the reader goes on.</summary>
    private async Task SayGoodbyeAsync(HttpContext context, string why, Sequence cursor)
    {
        var detail = $"{why}; resume with Last-Event-ID: {cursor}";
        WriteText(
            context.Response.BodyWriter,
            $"event: hearth.error\nid: {cursor}\n"
                + $"data: {{\"detail\":\"{detail}\",\"resume_after\":\"{cursor}\"}}\n\n"
        );
        await FlushAsync(context, context.RequestAborted);
    }

    private static void Begin(HttpResponse response, IHttpMinResponseDataRateFeature? rate)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        // Some proxies hold an answer back until it is whole unless they are told not to.
        response.Headers["X-Accel-Buffering"] = "no";
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

    /// <summary>How what was written was taken.</summary>
    private enum Taken
    {
        AtOnce,
        Later,
        TooLate,
    }

    /// <summary>How far a reader has come; it outlives what ends the copying.</summary>
    private sealed class Cursor
    {
        public Sequence Value { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Event stream {RequestId} was cut off: {Why}"
        )]
        public static partial void CutOff(ILogger logger, string requestId, string why);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Event stream {RequestId} ended: {Why}")]
        public static partial void Ended(ILogger logger, string requestId, string why);
    }
}
