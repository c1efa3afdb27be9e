using Hearth.Sdk;

namespace Hearth.Components.LightBulb;

/// <summary>What a lamp can be told at its start.</summary>
/// <param name="Name">Its id on the bus.</param>
/// <param name="Watts">What it draws at full brightness, in watts.</param>
/// <param name="OnAtStart">True to begin lit.</param>
/// <param name="OnAfter">
/// How long after it went off somebody presses its own switch; null for never.
/// </param>
/// <param name="OffOn">The event that turns it off, without a rule; null for none.</param>
internal sealed record LampOptions(
    string Name,
    double Watts,
    bool OnAtStart,
    TimeSpan? OnAfter,
    OffOnEvent? OffOn
)
{
    public static LampOptions Read(HearthArguments arguments)
    {
        var name = arguments.Name("name", "the lamp's id on the bus", "desk-lamp");
        var watts = arguments.Number("watts", "what it draws when fully lit, in W", 60, 0, 10_000);
        var onAtStart = arguments.Flag("on-at-start", "begin lit");
        var onAfter = arguments.Duration("on-after", "press its own switch this long after off");
        var type = arguments.Text("off-on-event", "type of the event that turns it off");
        var source = arguments.Text("off-on-source", "only if the event has this source");
        var subject = arguments.Text("off-on-subject", "only if the event has this subject");
        var offOn = type is null ? null : new OffOnEvent(type, source, subject);
        return new LampOptions(name, watts!.Value, onAtStart, onAfter, offOn);
    }
}

/// <summary>An event that turns the lamp off. What is null here may be anything.</summary>
internal sealed record OffOnEvent(string Type, string? Source, string? Subject)
{
    public bool Fits(HearthEvent happened) =>
        (Source is null || Source == happened.Source)
        && (Subject is null || Subject == happened.Subject);
}
