using Hearth.Homes;
using Hearth.Storage;

namespace Hearth.Hub.Problems;

/// <summary>
/// The outermost layer of the API: whatever comes out of the rest without a body, as an exception
/// or as a bare status, is answered as a problem. Nothing leaves as an empty error.
/// </summary>
internal sealed partial class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
            return;
        }
        catch (Exception fault)
        {
            var problem = ProblemOf(fault);
            if (problem.Kind == ProblemKinds.Internal)
            {
                Log.Failed(logger, fault, context.TraceIdentifier, context.Request.Path);
            }

            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            await problem.ExecuteAsync(context);
            return;
        }

        var response = context.Response;
        if (response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
        {
            await BareStatus(context).ExecuteAsync(context);
        }
    }

    private static Problem BareStatus(HttpContext context)
    {
        var request = context.Request;
        return context.Response.StatusCode switch
        {
            404 => new(
                ProblemKinds.UnknownRoute,
                $"There is nothing at {request.Path}; /docs lists what there is."
            ),
            405 => new(
                ProblemKinds.MethodNotAllowed,
                $"{request.Path} takes {context.Response.Headers.Allow}, not {request.Method}."
            ),
            var status => new(
                ProblemKinds.OfStatus(status),
                ProblemKinds.OfStatus(status).Title + "."
            ),
        };
    }

    private static Problem ProblemOf(Exception fault) =>
        fault switch
        {
            HomeClosedException => Closed(fault.Message),
            LogUnavailableException => Closed("The log cannot be read now; try again."),
            LogDamagedException => new(ProblemKinds.LogDamaged, fault.Message),
            CursorGoneException gone => new Problem(ProblemKinds.CursorGone, gone.Message)
            {
                Oldest = gone.Oldest.ToString(),
            },
            BadHttpRequestException { StatusCode: 413 } => new(
                ProblemKinds.TooLarge,
                "The body is larger than what is taken here."
            ),
            BadHttpRequestException bad => new(ProblemKinds.OfStatus(bad.StatusCode), bad.Message),
            _ => new(
                ProblemKinds.Internal,
                "Something went wrong that should not have; nothing is known to have changed."
            ),
        };

    private static Problem Closed(string detail) =>
        new(ProblemKinds.HomeClosed, detail) { RetryAfterSeconds = 1 };

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Request {RequestId} for {Path} failed with a bug"
        )]
        public static partial void Failed(
            ILogger logger,
            Exception fault,
            string requestId,
            string path
        );
    }
}
