using System.Diagnostics;
using Hearth.Core;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Homes;
using Hearth.Hub.Access;
using Hearth.Hub.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hearth.Hub.Devices;

/// <summary>The commands that an action led to, one an entity.</summary>
internal sealed record CommandsBody(IReadOnlyList<CommandBody> Commands);

/// <param name="Id">The command's id: the sequence of the event that requested it.</param>
/// <param name="State">requested, sent, acknowledged, failed or expired.</param>
/// <param name="Reason">Why it failed; null where it did not.</param>
internal sealed record CommandBody(
    string Id,
    string EntityId,
    string Action,
    string State,
    string? Reason
)
{
    public static CommandBody Of(Event item, CommandRequested requested) =>
        new(item.Id, requested.Entity.Value, requested.Action, "requested", null);

    public bool IsOver => State is not ("requested" or "sent");

    /// <summary>The command with what came to it.</summary>
    public CommandBody After(CommandProgress progress)
    {
        var (state, reason) = progress switch
        {
            CommandSent => ("sent", null),
            CommandAcknowledged => ("acknowledged", null),
            CommandFailed failed => ("failed", failed.Reason),
            CommandExpired => ("expired", null),
            _ => throw new UnreachableException($"No state for {progress.Type}."),
        };
        return this with { State = state, Reason = reason };
    }
}

/// <summary>Tell entities to do something.</summary>
internal static class ActionsApi
{
    public static void MapActions(this IEndpointRouteBuilder routes) =>
        routes
            .MapGroup("/actions")
            .WithTags("Devices")
            .MapPost("/{action}", Call)
            .WithName("callAction")
            .Produces<CommandsBody>(202)
            .TakesJson<ActionBody>()
            .Refuses(404, 503);

    /// <summary>Tell entities to do something.</summary>
    /// <remarks>
    /// The action is a domain and a verb, light.turn_off. Answered 202 with one command for each
    /// entity once they are durable; with wait, once each of them has come to its end (then 200)
    /// or the time is over. A command that nothing is heard of expires after 30 seconds.
    /// </remarks>
    /// <param name="action">light.turn_on, light.turn_off, switch.turn_on, …</param>
    /// <param name="wait">How long to wait for the end: 5s, 500ms; at most 60s.</param>
    internal static async Task<Results<Ok<CommandsBody>, Accepted<CommandsBody>, Problem>> Call(
        HttpContext context,
        string action,
        [FromQuery] string? wait,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (!IsAction(action))
        {
            var detail = $"\"{action}\" is no action; write a domain and a verb: light.turn_off.";
            return new Problem(ProblemKinds.InvalidParameter, detail);
        }

        if (!WaitTime.TryRead(wait, out var patience))
        {
            var detail = $"\"{wait}\" is no time to wait; write it like 5s or 500ms, at most 60s.";
            return Problem.InvalidParameters([new ProblemFault(Place.Parameter, "wait", detail)]);
        }

        var (document, problem) = await JsonBody.ReadJsonAsync(context, cancellationToken);
        using (document)
        {
            if (document is null)
            {
                return problem!;
            }

            if (ActionReader.Read(action, document.RootElement, out problem) is not { } call)
            {
                return problem!;
            }

            var home = context.Home();
            var answer = await home.SubmitAsync(context.Signed(call), cancellationToken);
            if (answer.Refusal is { } refusal)
            {
                return Problem.Of(refusal);
            }

            var commands = new CommandsUnderWay(answer.Row);
            await commands.FollowAsync(home.Feed, patience, clock, cancellationToken);
            return commands.AreOver
                ? TypedResults.Ok(commands.Body)
                : TypedResults.Accepted((string?)null, commands.Body);
        }
    }

    private static bool IsAction(string action) =>
        action.Split('.') is [{ Length: > 0 } domain, { Length: > 0 } verb]
        && (domain + verb).All(sign =>
            char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '_'
        );
}

/// <summary>The commands of one call, followed to their ends.</summary>
internal sealed class CommandsUnderWay
{
    private const int RowsAtOnce = 256;
    private const int BytesAtOnce = 256 * 1024;

    private readonly Dictionary<Sequence, CommandBody> _commands = [];
    private Sequence _cursor;

    /// <param name="row">What the call led to. What fell due at the same moment stands in it too,
    /// but has a cause.</param>
    public CommandsUnderWay(Row? row)
    {
        foreach (var item in row?.Events ?? [])
        {
            if (item is { Cause: null, Data: CommandRequested requested })
            {
                _commands[item.Sequence] = CommandBody.Of(item, requested);
            }
            else
            {
                Take(item);
            }
        }

        _cursor = row?.Last ?? Sequence.None;
    }

    public CommandsBody Body =>
        new([.. _commands.OrderBy(item => item.Key).Select(item => item.Value)]);

    public bool AreOver => _commands.Values.All(command => command.IsOver);

    public async Task FollowAsync(
        HomeFeed feed,
        TimeSpan patience,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (patience == TimeSpan.Zero)
        {
            return;
        }

        using var enough = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            enough.Token,
            cancellationToken
        );
        try
        {
            while (!AreOver)
            {
                var rows = await feed.ReadAsync(_cursor, RowsAtOnce, BytesAtOnce, either.Token);
                foreach (var item in rows.SelectMany(row => row.Events))
                {
                    Take(item);
                }

                _cursor = rows[^1].Last;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The caller's patience is over, not the caller: the commands are told as they are.
        }
    }

    private void Take(Event item)
    {
        if (
            item.Data is CommandProgress progress
            && _commands.TryGetValue(progress.Command, out var command)
        )
        {
            _commands[progress.Command] = command.After(progress);
        }
    }
}
