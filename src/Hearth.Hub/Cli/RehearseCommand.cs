using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hearth.Core.Events;
using Hearth.Hub.Automations;
using Spectre.Console;
using static Hearth.Hub.Cli.HubReply;

namespace Hearth.Hub.Cli;

/// <summary><c>hearth rehearse</c>: tries an automation on what the running hub has recorded, or on
/// a past from a file.</summary>
internal static class RehearseCommand
{
    // A month of a busy home takes seconds; a Raspberry Pi takes its time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>More runs than that are counted.</summary>
    private const int ShownMax = 20;

    public static Command Make(
        Func<ParseResult, IReadOnlyDictionary<string, string?>> given,
        TimeProvider clock
    )
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description = "An automation as YAML or JSON; it need not be saved at the hub.",
        };
        var from = new Option<string?>("--from")
        {
            Description = "Where to begin: 7d, 24h, 30m ago, or a time. Default: 7d.",
        };
        var to = new Option<string?>("--to")
        {
            Description = "Where to end, likewise. Default: now.",
        };
        var past = new Option<FileInfo?>("--past")
        {
            Description =
                "A past from a file instead: YAML or JSON with states, events, from, until.",
        };
        var command = new Command(
            "rehearse",
            "Try an automation on the past: when it would have run, and what it would have done."
        )
        {
            file,
            from,
            to,
            past,
        };
        return new HubCommand(command).Does(
            given,
            Patience,
            async (parsed, hub, cancellationToken) =>
                await BodyAsync(
                    parsed.GetValue(file)!,
                    parsed.GetValue(past),
                    (parsed.GetValue(from), parsed.GetValue(to)),
                    clock.GetUtcNow(),
                    cancellationToken
                )
                    is { } body
                    ? await hub.PostAsync(
                        "automations/rehearse",
                        body,
                        "application/json",
                        cancellationToken
                    )
                    : null,
            (_, screen, reply) => Show(screen, reply.Json, clock.LocalTimeZone)
        );
    }

    /// <summary>A time as people write it: <c>7d</c> ago, or an RFC 3339 time.</summary>
    internal static DateTimeOffset? Read(string text, DateTimeOffset now)
    {
        TimeSpan? unit =
            text.Length > 1
                ? text[^1] switch
                {
                    'm' => TimeSpan.FromMinutes(1),
                    'h' => TimeSpan.FromHours(1),
                    'd' => TimeSpan.FromDays(1),
                    'w' => TimeSpan.FromDays(7),
                    _ => null,
                }
                : null;
        if (
            unit is { } each
            && double.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var count
            )
        )
        {
            return each.TotalDays * count < 36_500 ? now - each * count : null;
        }

        return Problems.BodyReader.TryTime(text, out var time) ? time : null;
    }

    // Null where it has said what is wrong.
    private static async Task<string?> BodyAsync(
        FileInfo file,
        FileInfo? past,
        (string? From, string? To) window,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var json = new JsonWriter();
        json.BeginObject();
        if (await TextAsync(file, cancellationToken) is not { } automation)
        {
            return null;
        }

        json.Name("automation").String(automation);
        foreach (var (name, text) in new[] { ("from", window.From), ("to", window.To) })
        {
            if (text is null)
            {
                continue;
            }

            if (Read(text, now) is not { } time)
            {
                await Console.Error.WriteLineAsync(
                    $"--{name} is \"{text}\"; write 7d, 24h, 30m, or a time like"
                        + " 2026-11-25T18:30:00Z."
                );
                return null;
            }

            json.Name(name).String(Timestamp.ToText(time));
        }

        if (past is null)
        {
            return Encoding.UTF8.GetString(json.EndObject().Written);
        }

        if (window is not (null, null))
        {
            await Console.Error.WriteLineAsync(
                "A past from a file says itself from when until when it is: leave --from and --to"
                    + " out, and write from and until into it."
            );
            return null;
        }

        if (!await AddPastAsync(json, past, cancellationToken))
        {
            return null;
        }

        return Encoding.UTF8.GetString(json.EndObject().Written);
    }

    private static async Task<bool> AddPastAsync(
        JsonWriter json,
        FileInfo file,
        CancellationToken cancellationToken
    )
    {
        if (await TextAsync(file, cancellationToken) is not { } text)
        {
            return false;
        }

        try
        {
            // JSON is YAML, too.
            var bytes = YamlToJson.Write(YamlReader.Read(text), new TextPlaces());
            var past = JsonElement.Parse(bytes.Span);
            if (past.ValueKind == JsonValueKind.Object)
            {
                foreach (
                    var member in past.EnumerateObject().Where(one => one.Name != "automation")
                )
                {
                    json.Name(member.Name).Raw(member.Value.GetRawText());
                }

                return true;
            }

            await Console.Error.WriteLineAsync(
                $"{file.Name} has no states and events: write a mapping with them."
            );
        }
        catch (YamlRefusedException refused)
        {
            await Console.Error.WriteLineAsync(
                $"{file.Name}, line {refused.At.Line}: {refused.Message}"
            );
        }

        return false;
    }

    private static async Task<string?> TextAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file.FullName, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{file} cannot be read: {fault.Message}");
            return null;
        }
    }

    /// <summary>The sentence, and the runs one by one.</summary>
    internal static void Show(IAnsiConsole screen, JsonElement report, TimeZoneInfo zone)
    {
        screen.Write(
            new Paragraph(Text(report, "sentence")!, new Style(decoration: Decoration.Bold))
        );
        screen.WriteLine();
        ShowHoles(screen, report, zone);
        List(
            screen,
            report.GetProperty("runs"),
            report.GetProperty("run_count").GetInt32(),
            run =>
                $"{Local(Text(run, "at")!, zone)}  {Text(run, "sentence")}\n"
                + $"  would have: {Did(run)}{Marks(run, zone)}"
        );
        List(
            screen,
            report.GetProperty("skipped"),
            report.GetProperty("skipped_count").GetInt32(),
            run => $"{Local(Text(run, "at")!, zone)}  {Text(run, "sentence")}"
        );
        var misses = report.GetProperty("near_misses");
        List(
            screen,
            misses,
            misses.GetArrayLength(),
            miss =>
                $"{Local(Text(miss, "since")!, zone)}  nearly: "
                + (Text(miss, "entity_id") ?? $"trigger {Text(miss, "trigger")}")
                + $" held for {Number(miss, "lasted")} s of {Number(miss, "wanted")} s"
        );
        screen.WriteLine("Nothing is switched while you rehearse.");
    }

    private static void ShowHoles(IAnsiConsole screen, JsonElement report, TimeZoneInfo zone)
    {
        if (
            Text(report, "reliable_from") is { } reliable
            && DateTimeOffset.Parse(reliable, CultureInfo.InvariantCulture)
                > DateTimeOffset.Parse(Text(report, "from")!, CultureInfo.InvariantCulture)
        )
        {
            screen.Write(
                new Paragraph(
                    $"What was before {Local(reliable, zone)} is not known for sure: the log does"
                        + " not go back so far, or has not kept everything."
                )
            );
            screen.WriteLine();
        }
    }

    private static void List(
        IAnsiConsole screen,
        JsonElement items,
        int count,
        Func<JsonElement, string> line
    )
    {
        if (count == 0)
        {
            return;
        }

        screen.WriteLine();
        foreach (var item in items.EnumerateArray().Take(ShownMax))
        {
            screen.Write(new Paragraph(line(item)));
            screen.WriteLine();
        }

        if (count > ShownMax)
        {
            screen.WriteLine($"... and {count - ShownMax} more; --json has them.");
        }
    }

    private static string Did(JsonElement run)
    {
        var actions = run.GetProperty("actions")
            .EnumerateArray()
            .Select(action => $"{Text(action, "action")} {Text(action, "target")}".TrimEnd())
            .ToArray();
        var did = actions.Length == 0 ? "nothing" : string.Join(", ", actions);
        return Text(run, "reason") is { } reason ? $"{did}; failed at {reason}" : did;
    }

    private static string Marks(JsonElement run, TimeZoneInfo zone)
    {
        var undone = run.GetProperty("undone");
        return undone.ValueKind == JsonValueKind.Object
            ? $" (undone {Local(Text(undone, "at")!, zone)} by {Text(undone, "by") ?? "hand"})"
            : "";
    }

    private static string Local(string time, TimeZoneInfo zone) =>
        TimeZoneInfo
            .ConvertTime(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), zone)
            .ToString("d MMM HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Number(JsonElement json, string name) =>
        json.GetProperty(name).GetDouble().ToString("0.#", CultureInfo.InvariantCulture);
}
