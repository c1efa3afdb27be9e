using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Storage.Tests;

/// <summary>A home that appends: it knows its owner and its end, and makes rows that follow.
/// </summary>
internal sealed class AHome(IEventLog log, string id = "home")
{
    public static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    public HomeId Id { get; } = new(id);

    public long Owner { get; set; }

    public Sequence Last { get; set; }

    public List<ReceivedPacket> Received { get; } = [];

    public DateTimeOffset? NextWakeup { get; set; }

    /// <summary>How much later each event is than the one before it.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(1);

    public async Task<OpenedHome> OpenAsync()
    {
        var opened = await log.OpenAsync(Id, TestContext.Current.CancellationToken);
        Owner = opened.Owner;
        Last = opened.Last;
        return opened;
    }

    /// <summary>Appends rows, each given as the data of its events.</summary>
    public Task AppendAsync(params EventData[][] rows)
    {
        var commit = Commit([.. rows]);
        Last = commit.Rows.Count > 0 ? commit.Rows[^1].Last : Last;
        return log.AppendAsync(commit);
    }

    /// <summary>A reading: a message and the state that follows from it.</summary>
    public Task ReadingAsync(int number) => AppendAsync(Reading(number));

    public HomeCommit Commit(params EventData[][] rows)
    {
        var made = new List<Row>();
        var next = Last.Next;
        foreach (var data in rows)
        {
            made.Add(RowOf(next, data));
            next = made[^1].Last.Next;
        }

        return new HomeCommit(Id, Owner, Last, made, NextWakeup, [.. Received]);
    }

    public Row RowOf(Sequence first, params EventData[] data)
    {
        var events = new List<Event>();
        foreach (var item in data)
        {
            events.Add(Of(new Sequence(first.Value + events.Count), item, events));
        }

        return Row.Of(Id, events);
    }

    public static EventData[] Reading(int number) =>
        [
            new MessageReceived(
                "zigbee2mqtt/desk",
                Payload.FromText($$"""{"power":{{number}}.5}"""),
                Qos: 1,
                Retain: false,
                Client: "z2m"
            ),
            new StateChanged(
                new EntityId("sensor.desk_power"),
                new EntityState($"{number - 1}.5", Attributes.Empty, Available: true),
                new EntityState($"{number}.5", Attributes.Empty, Available: true)
            ),
        ];

    private Event Of(Sequence sequence, EventData data, List<Event> before)
    {
        var time = Start + Pace * sequence.Value;
        var program = data as ProgramEvent;
        var eventId = program is null ? sequence.ToString() : program.ProgramSubject + "-1";
        return new Event
        {
            Sequence = sequence,
            Id = eventId,
            Source = program is null ? Id.Source : "/programs/test",
            Time = time,
            RecordedTime = before.Count == 0 ? time : before[0].RecordedTime,
            Principal = Principal.Anonymous,
            Cause = before.Count == 0 ? null : before[^1].Ref,
            Root = before.Count == 0 ? new EventRef(sequence, eventId) : before[0].Root,
            Data = data,
        };
    }
}
