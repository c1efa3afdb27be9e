using System.Text;
using Hearth.Core;

namespace Hearth.Hub.Problems;

/// <summary>
/// One kind of answer that says no, as RFC 9457 wants it: a type that programs compare, a title
/// that never varies, and what a person does about it.
/// </summary>
/// <param name="Name">Stable: part of the API.</param>
/// <param name="Remedy">What it means and what to do, for docs/api/problems.md.</param>
internal sealed record ProblemKind(string Name, int Status, string Title, string Remedy)
{
    public string Type => "urn:hearth:problem:" + Name;

    /// <summary>Where this hub itself explains the kind.</summary>
    public string Help => "/problems#" + Name;
}

/// <summary>Every kind of problem that the HTTP API answers: docs/api/problems.md is written from
/// this table.</summary>
internal static class ProblemKinds
{
    public static readonly ProblemKind MalformedJson = new(
        "malformed-json",
        400,
        "The body is not JSON",
        "The detail says where the first error is (line and byte, counted from 1) and what was"
            + " expected there. The body is UTF-8 and at most 64 levels deep."
    );

    public static readonly ProblemKind MalformedYaml = new(
        "malformed-yaml",
        400,
        "The body is not YAML",
        "`errors` says at which line and column (counted from 1) it ends to be YAML, and why. The"
            + " body is UTF-8 and at most 64 levels deep. A template stands in quotes or in a block"
            + " after `>`; lines are indented with blanks."
    );

    public static readonly ProblemKind InvalidParameter = new(
        "invalid-parameter",
        400,
        "A parameter of the request is not of the right form",
        "Each entry of `errors` names a parameter of the query, or a header that says how the"
            + " request is meant, what was found and what to write instead."
    );

    public static readonly ProblemKind BadRequest = new(
        "bad-request",
        400,
        "The request cannot be read",
        "The request breaks HTTP itself, or ended too early."
    );

    public static readonly ProblemKind ForeignPage = new(
        "foreign-page",
        403,
        "A page from elsewhere may not do this",
        "The `Origin` of the request is not this hub's. If the page is yours, add its origin to"
            + " `Hearth:Http:Origins`."
    );

    public static readonly ProblemKind UnknownRoute = new(
        "unknown-route",
        404,
        "There is nothing at this address",
        "`/docs` lists what there is."
    );

    public static readonly ProblemKind NotFound = new(
        "not-found",
        404,
        "The home has no such thing",
        "The device, entity, automation or home that the request names is not there; it may have"
            + " been removed or have another id."
    );

    public static readonly ProblemKind MethodNotAllowed = new(
        "method-not-allowed",
        405,
        "This address does not take that method",
        "The `Allow` header names the methods that it takes."
    );

    public static readonly ProblemKind Timeout = new(
        "request-timeout",
        408,
        "The request took too long to arrive",
        "Send the whole request within a few seconds."
    );

    public static readonly ProblemKind Conflict = new(
        "conflict",
        409,
        "It would collide with something that is there",
        "The detail says with what. Choose another id, or change what is there."
    );

    public static readonly ProblemKind CursorGone = new(
        "cursor-gone",
        410,
        "The log no longer holds what follows the cursor",
        "Retention has taken it, or the cursor is of another log. `oldest` names the first sequence"
            + " that is still there: read from before it on (`after=` one less), knowing that"
            + " something is missing."
    );

    public static readonly ProblemKind TooLarge = new(
        "too-large",
        413,
        "The request is too large",
        "An event has at most 256 KiB and a batch at most 1,000 events and 8 MiB, unless"
            + " `Hearth:Events` is set otherwise; any other body has at most 1 MiB. Where events"
            + " are too large, `errors` names each by its place in the batch, and the member that"
            + " is largest. Send less at once, or put large content elsewhere and send its"
            + " address."
    );

    public static readonly ProblemKind UnsupportedMediaType = new(
        "unsupported-media-type",
        415,
        "The body is of a type that is not taken here",
        "The detail names the content types that are taken."
    );

    public static readonly ProblemKind UnknownHost = new(
        "unknown-host",
        421,
        "The hub is not known by that host name",
        "IP addresses, `localhost` and `*.local` are always taken. Add other names to"
            + " `Hearth:Http:Hosts`. This protects people at home from foreign pages whose name is"
            + " pointed at the hub (DNS rebinding)."
    );

    public static readonly ProblemKind Invalid = new(
        "invalid",
        422,
        "Something in the request is not of the right form",
        "The body could be read, and what it says cannot be taken. Each entry of `errors` says"
            + " where (a JSON pointer into the body, or the name of a header that is an attribute"
            + " of an event), what was found and what to write instead. All of them are listed at"
            + " once, the first 100 where there are more."
    );

    public static readonly ProblemKind Unsupported = new(
        "unsupported",
        422,
        "It is understood, but cannot be done",
        "The entity does not know that action, or not now; the detail says which it knows."
    );

    public static readonly ProblemKind TemplateFailed = new(
        "template-failed",
        422,
        "The template cannot be rendered",
        "`line` and `column` (counted from 1) say where, the detail what is wrong there. A template"
            + " has at most 65,536 characters, prints as many, nests 64 levels deep and takes"
            + " 100,000 steps, in which long texts and lists count by their size."
    );

    public static readonly ProblemKind LimitReached = new(
        "limit-reached",
        422,
        "A limit of the home is reached",
        "The detail names the limit. Remove something first."
    );

    public static readonly ProblemKind Internal = new(
        "internal",
        500,
        "The hub made a mistake",
        "This is a bug. The hub's own output has more under the same `request_id`; please report"
            + " it."
    );

    public static readonly ProblemKind LogDamaged = new(
        "log-damaged",
        500,
        "Something in the log is not what was written",
        "The detail names the place. The disk or something else has changed what lies there; it is"
            + " never passed on. Read past it with `after=`, and restore a backup if you need it."
    );

    public static readonly ProblemKind HomeClosed = new(
        "home-closed",
        503,
        "The home does not take anything now",
        "The log cannot be written (a full disk, most often) or the hub is starting. Nothing of the"
            + " request is in the log unless it is answered so again as a duplicate; send it again"
            + " after `Retry-After` seconds."
    );

    public static readonly IReadOnlyList<ProblemKind> All =
    [
        MalformedJson,
        MalformedYaml,
        InvalidParameter,
        BadRequest,
        ForeignPage,
        UnknownRoute,
        NotFound,
        MethodNotAllowed,
        Timeout,
        Conflict,
        CursorGone,
        TooLarge,
        UnsupportedMediaType,
        UnknownHost,
        Invalid,
        Unsupported,
        TemplateFailed,
        LimitReached,
        Internal,
        LogDamaged,
        HomeClosed,
    ];

    /// <summary>The problem that a home's refusal is answered with.</summary>
    public static ProblemKind Of(RefusalKind refusal) =>
        refusal switch
        {
            RefusalKind.Invalid => Invalid,
            RefusalKind.NotFound => NotFound,
            RefusalKind.Conflict => Conflict,
            RefusalKind.Unsupported => Unsupported,
            RefusalKind.LimitReached => LimitReached,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>The problem that stands for a status which the framework answered without a body.
    /// </summary>
    public static ProblemKind OfStatus(int status) =>
        All.FirstOrDefault(kind => kind.Status == status && kind != NotFound)
        ?? (status < 500 ? BadRequest : Internal);

    public static string ToMarkdown()
    {
        var text = new StringBuilder(
            """
            # Problems

            Whatever the HTTP API refuses it answers as `application/problem+json`
            ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)): `type` (compare this one),
            `title`, `status`, `detail` (what happened this time), `help` (the part of this page),
            `request_id`, and `errors` where several things can be wrong at once. A refused request
            has changed nothing.

            A request whose head breaks HTTP or is larger than 64 KiB is ended with a bare 400, 408
            or 431 before any of this is reached.


            """
        );
        foreach (var kind in All)
        {
            text.Append($"## {kind.Name}\n\n");
            text.Append($"{kind.Title}. Status {kind.Status}, type `{kind.Type}`.\n\n");
            text.Append($"{kind.Remedy}\n\n");
        }

        return text.ToString().TrimEnd() + "\n";
    }
}
