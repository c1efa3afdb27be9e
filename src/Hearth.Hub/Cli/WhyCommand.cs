using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using static Hearth.Hub.Cli.HubReply;

namespace Hearth.Hub.Cli;

/// <summary><c>hearth why</c>: why an entity is as it is, told by the hub that runs.</summary>
internal static class WhyCommand
{
    // Further in a line would have no room for words; what follows stands below without moving in.
    private const int IndentMax = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Make(Func<ParseResult, IReadOnlyDictionary<string, string?>> given)
    {
        var thing = new Argument<string>("ENTITY")
        {
            Description =
                "An entity, like light.desk; or an event by its sequence, or an automation with"
                + " --not.",
        };
        var not = new Option<bool>("--not")
        {
            Description = "Tell why it did not happen: what held its automations back.",
        };
        var command = new Command("why", "Ask a running hub why something is as it is.")
        {
            thing,
            not,
        };
        return new HubCommand(command).Does(
            given,
            Patience,
            (parsed, hub, cancellationToken) =>
                AskAsync(hub, parsed.GetValue(thing)!, parsed.GetValue(not), cancellationToken),
            (parsed, screen, reply) => Show(screen, reply.Json, parsed.GetValue(not))
        );
    }

    private static async Task<HubReply?> AskAsync(
        RunningHub hub,
        string thing,
        bool not,
        CancellationToken cancellationToken
    )
    {
        var id = Uri.EscapeDataString(thing);
        return await hub.GetAsync(
            thing.All(char.IsAsciiDigit) ? $"events/{id}/why"
                : not && !thing.Contains('.', StringComparison.Ordinal)
                    ? $"automations/{id}/why-not"
                : $"entities/{id}/why",
            cancellationToken
        );
    }

    /// <summary>The sentence, and what it rests on.</summary>
    internal static void Show(IAnsiConsole screen, JsonElement why, bool not)
    {
        if (!why.TryGetProperty("causes", out _))
        {
            ShowHeldBack(screen, why);
            return;
        }

        if (not && why.TryGetProperty("held_back", out var held))
        {
            if (held.GetArrayLength() == 0)
            {
                screen.WriteLine("No automation names it as what to act on.");
            }

            foreach (var each in held.EnumerateArray())
            {
                ShowHeldBack(screen, each);
            }

            return;
        }

        screen.Write(new Paragraph(Text(why, "sentence")!, new Style(decoration: Decoration.Bold)));
        screen.WriteLine();
        screen.WriteLine();
        screen.Write(Chain(why));
        foreach (var gone in why.GetProperty("missing").EnumerateArray())
        {
            screen.Write(new Paragraph(Text(gone, "sentence")!));
            screen.WriteLine();
        }

        if (Text(why, "more") is { } more)
        {
            screen.Write(new Paragraph($"This is not all of it; the rest: {more}"));
            screen.WriteLine();
        }
    }

    // Each cause stands above what it led to; what the event itself led to hangs below it.
    private static Tree Chain(JsonElement why)
    {
        var steps = why.GetProperty("causes").EnumerateArray().ToList();
        if (why.GetProperty("step") is { ValueKind: JsonValueKind.Object } step)
        {
            steps.Add(step);
        }

        var zone = Text(why, "time_zone");
        var tree = new Tree(steps.Count == 0 ? Text(why, "sentence")! : Line(steps[0], zone))
        {
            Guide = TreeGuide.Line,
        };
        (IHasTreeNodes At, int Indent) below = (tree, 0);
        foreach (var later in steps.Skip(1))
        {
            below = Add(below, later, zone);
        }

        Hang(below, why.GetProperty("effects"), zone);
        return tree;
    }

    private static void Hang(
        (IHasTreeNodes At, int Indent) below,
        JsonElement effects,
        string? zone
    )
    {
        foreach (var effect in effects.EnumerateArray())
        {
            Hang(Add(below, effect, zone), effect.GetProperty("effects"), zone);
        }
    }

    /// <summary>Where what it led to stands.</summary>
    private static (IHasTreeNodes At, int Indent) Add(
        (IHasTreeNodes At, int Indent) below,
        JsonElement step,
        string? zone
    )
    {
        var node = below.At.AddNode(Line(step, zone));
        return below.Indent < IndentMax ? (node, below.Indent + 1) : below;
    }

    private static string Line(JsonElement step, string? zone) =>
        Markup.Escape($"{LocalTime(Text(step, "time")!, zone)}  {Text(step, "sentence")}");

    private static void ShowHeldBack(IAnsiConsole screen, JsonElement not)
    {
        screen.Write(new Paragraph(Text(not, "sentence")!));
        screen.WriteLine();
    }

    // As the clock at home shows it; a machine that does not know the zone shows UTC.
    private static string LocalTime(string time, string? zone)
    {
        var instant = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        var local =
            zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known)
                ? TimeZoneInfo.ConvertTime(instant, known)
                : instant.ToUniversalTime();
        return local.ToString("d MMM HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }
}
