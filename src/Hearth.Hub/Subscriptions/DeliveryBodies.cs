using System.Text.Json;
using Hearth.Storage;

namespace Hearth.Hub.Subscriptions;

/// <summary>Attempts, newest first; the newest 200 of each subscription are kept.</summary>
internal sealed record DeliveriesBody(IReadOnlyList<DeliveryBody> Deliveries);

/// <summary>One attempt to deliver one event.</summary>
/// <param name="Sequence">Null for a test, which is not in the log.</param>
/// <param name="EventId">The id of the event.</param>
/// <param name="EventType">The type of the event.</param>
/// <param name="Outcome">delivered or failed.</param>
/// <param name="Status">The HTTP status of the sink; null where no answer came.</param>
/// <param name="Detail">Why it failed.</param>
internal sealed record DeliveryBody(
    long Id,
    string? Sequence,
    string EventId,
    string EventType,
    DateTimeOffset At,
    int Milliseconds,
    string Outcome,
    int? Status,
    string? Detail
)
{
    public static DeliveryBody Of(DeliveryRecord record) =>
        new(
            record.Number,
            record.Sequence.Value == 0 ? null : record.Sequence.ToString(),
            record.Event,
            record.Type,
            record.At,
            record.Milliseconds,
            record.Outcome,
            record.Status,
            record.Detail.Length == 0 ? null : record.Detail
        );
}

/// <summary>What was given up, oldest first; the newest 1,000 of each subscription are kept.
/// </summary>
internal sealed record DeadLettersBody(IReadOnlyList<DeadLetterBody> DeadLetters);

/// <summary>An event that was given up, or a gap of events that the log no longer holds.</summary>
/// <param name="Sequence">Of the event, or of the first one of a gap.</param>
/// <param name="Last">The last sequence of a gap; null for an event.</param>
/// <param name="Failures">How many attempts failed.</param>
/// <param name="Detail">Why it was given up.</param>
/// <param name="Replaying">True while it waits to be delivered again.</param>
/// <param name="Event">The event as a CloudEvent; null for a gap.</param>
internal sealed record DeadLetterBody(
    long Id,
    string Sequence,
    string? Last,
    DateTimeOffset At,
    int Failures,
    string Detail,
    bool Replaying,
    JsonElement? Event
)
{
    public static DeadLetterBody Of(DeadLetterRecord record) =>
        new(
            record.Number,
            record.First.ToString(),
            record.Body is null ? record.Last.ToString() : null,
            record.At,
            record.Failures,
            record.Detail,
            record.Replay,
            record.Body is null ? null : Problems.AnswerJson.Parse(record.Body)
        );
}

/// <param name="From">A sequence, or a time: the first event that is delivered again.</param>
internal sealed record ReplayRequestBody(string From);

/// <param name="Cursor">Everything after this sequence is delivered, again or for the first time.
/// </param>
internal sealed record ReplayBody(string Cursor);

/// <param name="Count">How many dead letters are delivered again.</param>
internal sealed record ReplayedBody(int Count);

/// <summary>What became of a test delivery.</summary>
/// <param name="EventId">The id of the event, which is in no log.</param>
/// <param name="Status">The HTTP status of the sink; null where no answer came.</param>
/// <param name="Detail">Why it failed.</param>
internal sealed record TestBody(
    bool Delivered,
    string EventId,
    int? Status,
    int Milliseconds,
    string? Detail
);
