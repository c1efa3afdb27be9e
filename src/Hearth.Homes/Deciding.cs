using Hearth.Core;
using Hearth.Core.Events;
using Hearth.Storage;
using Microsoft.Extensions.Logging;

namespace Hearth.Homes;

/// <summary>One call's turn: its inputs are decided one after the other, all at the same time of
/// day, and every program's event is taken once.</summary>
internal readonly partial struct Deciding(Epoch epoch, HomeSurroundings around, DateTimeOffset now)
{
    /// <param name="index">Which one of the call's inputs it is.</param>
    public Answer Decide(Submission submission, PendingCall call, int index)
    {
        var began = around.Clock.GetTimestamp();
        var answer = submission.Input is PublishEvents publish
            ? Publish(publish, call, index)
            : Take(submission.Input, submission.Received);
        var took = around.Clock.GetElapsedTime(began);
        if (took > around.Options.SlowInput)
        {
            var type = submission.Input.GetType().Name;
            Log.Slow(around.Logger, type, epoch.Home.Id, took.TotalMilliseconds);
        }

        HomesMeter.Decided(submission.Input, took);
        return answer;
    }

    private Answer Take(Input input, ReceivedPacket? received)
    {
        var outcome = epoch.Home.Decide(input, now);
        if (outcome.Events.Count == 0)
        {
            return new Answer(outcome.Refusal, null, []);
        }

        var row = Row.Of(epoch.Home.Id, outcome.Events);
        epoch.Decided(row, outcome.Refusal is null ? received : null);
        return new Answer(outcome.Refusal, row, []);
    }

    /// <summary>Duplicates are taken out before the home decides, and answered with the sequence
    /// that they have already.</summary>
    private Answer Publish(PublishEvents publish, PendingCall call, int input)
    {
        var earlier = new Sequence?[publish.Events.Count];
        var fresh = new List<NewEvent>(publish.Events.Count);
        var ids = new HashSet<PublishedId>();
        for (var index = 0; index < earlier.Length; index++)
        {
            var id = IdOf(publish, index);
            earlier[index] = epoch.Published.Find(id) ?? call.FoundInLog(input, index);
            if (earlier[index] is null && ids.Add(id))
            {
                fresh.Add(publish.Events[index]);
            }
        }

        Answer taken = new(null, null, []);
        if (fresh.Count > 0)
        {
            taken = Take(publish with { Events = fresh }, received: null);
            if (taken.Refusal is not null)
            {
                return taken;
            }

            Remember(publish.Principal, fresh, taken.Row);
        }

        var published = new PublishedEvent[earlier.Length];
        for (var index = 0; index < published.Length; index++)
        {
            var id = IdOf(publish, index);
            // The first of several alike in one batch is the one that was taken.
            var isDuplicate = earlier[index] is not null || !ids.Remove(id);
            var sequence = earlier[index] ?? epoch.Published.Find(id)!.Value;
            published[index] = new PublishedEvent(id.Id, sequence, isDuplicate);
        }

        return taken with
        {
            Published = published,
        };
    }

    private void Remember(Principal principal, List<NewEvent> fresh, Row? row)
    {
        var events = row?.Events ?? [];
        var at = 0;
        foreach (var item in fresh)
        {
            while (at < events.Count && !IsThat(events[at], item))
            {
                at++;
            }

            if (at == events.Count)
            {
                throw new InvalidOperationException(
                    $"The home took the event {item.Id} of {item.Source} and did not log it."
                );
            }

            var id = new PublishedId(principal, item.Source, item.Id);
            epoch.Published.Add(id, events[at++].Sequence);
            epoch.Gathering.Published.Add(id);
        }
    }

    private static bool IsThat(Event item, NewEvent published) =>
        item.Data is ProgramEvent && item.Id == published.Id && item.Source == published.Source;

    private static PublishedId IdOf(PublishEvents publish, int index) =>
        new(publish.Principal, publish.Events[index].Source, publish.Events[index].Id);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The home {Home} took {Milliseconds:0} ms over one {Input}."
        )]
        public static partial void Slow(
            ILogger logger,
            string input,
            HomeId home,
            double milliseconds
        );
    }
}
