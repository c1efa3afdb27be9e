using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Core;

/// <summary>
/// Something that reaches a home and that it decides upon. Imperative where events are past tense.
/// The home stamps the time on its turn, so no input carries one of its own.
/// </summary>
public abstract record Input
{
    private protected Input() { }

    public Principal Principal { get; init; } = Principal.Anonymous;

    /// <summary>Where it came from, <c>127.0.0.1:50112</c>; kept for the audit.</summary>
    public string? Address { get; init; }

    /// <summary>The request or connection it came with; kept for the audit.</summary>
    public string? RequestId { get; init; }
}

/// <summary>A client published a message on a topic.</summary>
public sealed record ReceiveMessage(
    string Topic,
    Payload Payload,
    int Qos,
    bool Retain,
    string Client,
    MessageProperties? Properties = null
) : Input;

/// <summary>A program's event, its attributes already checked against CloudEvents 1.0.</summary>
public sealed record NewEvent(string Id, string Source, DateTimeOffset? Time, ProgramEvent Data);

/// <summary>Programs publish events: all of them, or none.</summary>
public sealed record PublishEvents(IReadOnlyList<NewEvent> Events) : Input;

/// <summary>A component registers over HTTP, with the body of a device announcement.</summary>
public sealed record RegisterDevice(Announcement Announcement) : Input;

public sealed record RemoveDevice(DeviceId Device) : Input;

/// <summary>Lets a device take part, or shuts it out.</summary>
public sealed record EnableDevice(DeviceId Device, bool Enabled) : Input;

/// <summary>Says what a device is called and where it belongs.</summary>
/// <param name="Patch">A JSON merge patch (RFC 7396) with name, area and labels.</param>
public sealed record ArrangeDevice(DeviceId Device, string Patch) : Input;

/// <summary>Says what an area is.</summary>
/// <param name="Definition">A JSON object with name, floor and labels.</param>
public sealed record SaveArea(string Id, string Definition) : Input;

/// <summary>
/// Somebody asks entities to do something.
/// </summary>
/// <param name="Action"><c>light.turn_off</c>.</param>
/// <param name="Arguments">The action's data as a JSON object.</param>
public sealed record CallAction(
    string Action,
    IReadOnlyList<EntityId> Entities,
    IReadOnlyList<DeviceId> Devices,
    string Arguments
) : Input;

/// <summary>
/// What became of commands whose messages were released: handed to a session, or to nobody.
/// </summary>
public sealed record ReportDelivery(IReadOnlyList<Delivery> Deliveries) : Input;

/// <param name="Command">The command's id.</param>
/// <param name="Sessions">To how many sessions it was handed.</param>
public readonly record struct Delivery(Sequence Command, int Sessions);

/// <summary>Saves an automation, new or again.</summary>
/// <param name="Definition">A JSON object in Home Assistant's automation vocabulary.</param>
/// <param name="MustBeNew">True where an id in use is to be refused rather than replaced.</param>
/// <param name="Source">The text that the definition was read from, comments and all, where that is
/// not JSON.</param>
/// <param name="RestoredFrom">The version of it that is taken back; null where it is newly written.
/// </param>
public sealed record SaveAutomation(
    string? Id,
    string Definition,
    bool MustBeNew = false,
    string? Source = null,
    int? RestoredFrom = null
) : Input;

public sealed record RemoveAutomation(string Id) : Input;

public sealed record EnableAutomation(string Id, bool Enabled) : Input;

/// <summary>Runs an automation's actions now, whatever its triggers say.</summary>
public sealed record TriggerAutomation(string Id) : Input;

/// <summary>Somebody called <c>/api/webhook/{id}</c>; see <see cref="WebhookReceived"/>.</summary>
public sealed record CallWebhook(
    string WebhookId,
    string Method,
    bool IsLocal,
    string? Json,
    string Data,
    string Query
) : Input;

/// <summary>Nothing but time: deadlines that have come are fired.</summary>
public sealed record Wake : Input;

/// <summary>The home is up again.</summary>
/// <param name="Location">Where it is, if somebody has said so; what it knows already is no
/// event.</param>
public sealed record StartHub(string Version, LocationChanged? Location = null) : Input;

/// <summary>The home is about to go down in order.</summary>
public sealed record StopHub : Input;

/// <summary>
/// The home was down; given once after an activation more than five seconds after its last sign of
/// life.
/// </summary>
public sealed record Resume(DateTimeOffset DownSince) : Input;

/// <summary>The wall clock jumped by more than a minute, either way.</summary>
public sealed record ChangeClock(TimeSpan By) : Input;
