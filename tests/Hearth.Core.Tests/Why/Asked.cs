using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Why;

namespace Hearth.Core.Tests.Why;

/// <summary>Asks why of what a home in a test has in its log.</summary>
internal static class Asked
{
    /// <summary>Why the newest event of a kind happened.</summary>
    /// <param name="gone">What has left the log.</param>
    public static Explanation Why<T>(this AHome home, Func<Event, bool>? gone = null)
        where T : EventData => home.WhyOf(home.Events.Last(item => item.Data is T), gone);

    /// <summary>Why an entity last came to be in another state.</summary>
    public static Explanation WhyState(this AHome home, string entity) =>
        home.WhyOf(
            home.Events.Last(item =>
                item.Data is StateChanged change
                && change.Entity.Value == entity
                && change.From.Shown != change.To.Shown
            )
        );

    public static Explanation WhyOf(this AHome home, Event item, Func<Event, bool>? gone = null)
    {
        var inquiry = new Inquiry(item);
        Inquire(home, inquiry, gone);
        return inquiry.Explain(Names(home));
    }

    /// <summary>What held an automation back.</summary>
    /// <param name="gone">What has left the log.</param>
    public static HeldBack WhyNot(
        this AHome home,
        string automation = "lights-out",
        Func<Event, bool>? gone = null
    )
    {
        var defined = home
            .Events.Select(each => each.Data)
            .Last(data =>
                data is AutomationCreated created && created.Automation == automation
                || data is AutomationUpdated updated && updated.Automation == automation
            );
        var definition =
            (defined as AutomationCreated)?.Definition ?? ((AutomationUpdated)defined).Definition;
        var switched = home
            .Events.Select(each => each.Data)
            .LastOrDefault(data => data is AutomationEnabled or AutomationDisabled);
        var question = new WhyNot(
            automation,
            definition,
            switched is not AutomationDisabled,
            home.Events.LastOrDefault(item =>
                item.Data is AutomationTriggered { StoppedBy: null } run
                && run.Automation == automation
            )?.Time,
            home.Home.Last.Next,
            home.Now
        );
        Inquire(home, question, gone);
        return question.Answer(Names(home));
    }

    public static string Said(this Explanation why) => why.Sentence.ToString();

    private static void Inquire(AHome home, Question question, Func<Event, bool>? gone)
    {
        Event[] log = [.. home.Events.Where(item => gone?.Invoke(item) != true)];
        while (question.Next() is { } want)
        {
            question.Take(want.In(log));
        }
    }

    private static NameBook Names(AHome home)
    {
        // A zone without a name in any database: the clock at home is an hour ahead.
        var names = new NameBook(
            TimeZoneInfo.CreateCustomTimeZone("home", TimeSpan.FromHours(1), "home", "home")
        );
        foreach (var item in home.Events)
        {
            names.Learn(item.Data);
        }

        return names;
    }
}
