using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Sdk.Connection;

namespace Hearth.Sdk;

/// <summary>
/// A device of the smart home: it registers itself, reports, is told what to do, hears and
/// publishes events, over MQTT. Add entities and handlers, then <see cref="RunAsync"/>.
/// Everything the device does (commands, events, messages, timers) happens one at a time, so its
/// code needs no locks. A connection that is lost is made again; what was reported last is then
/// reported again.
/// </summary>
public sealed class HearthDevice : IAsyncDisposable
{
    private const string AllowedLetters = "use 1 to 64 letters a-z, digits, _ and -";
    private const string EventsTopic = "hearth/events/";
    private const string EventMediaType = "application/cloudevents+json";

    private readonly List<HearthEntity> entities = [];
    private readonly Routes routes = new();
    private readonly List<(TimeSpan Interval, Func<CancellationToken, Task> Handle)> intervals = [];
    private readonly CancellationTokenSource disposing = new();
    private readonly Turns turns;
    private Link? link;
    private Task running = Task.CompletedTask;
    private bool hasStarted;

    /// <summary>Makes a device; nothing is connected yet.</summary>
    /// <param name="id">
    /// What it is called on the bus, for ever: letters, digits, <c>_</c> and <c>-</c>, at most
    /// 64. It begins its topics, its entities' unique ids, and is its MQTT client id.
    /// </param>
    /// <param name="name">What people call it; made from the id if it is not given.</param>
    /// <exception cref="ArgumentException">The id is not usable.</exception>
    public HearthDevice(string id, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (WhyNotAnId(id) is { } reason)
        {
            throw new ArgumentException(reason, nameof(id));
        }

        Id = id;
        Name = name ?? Announcement.Readable(id);
        turns = new Turns(OnHandlerFailed);
    }

    /// <summary>What it is called on the bus.</summary>
    public string Id { get; }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>Who made it.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>What the maker calls this kind of device.</summary>
    public string? Model { get; init; }

    /// <summary>The number on its label.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>The version of its software.</summary>
    public string? SoftwareVersion { get; init; }

    /// <summary>The version of its hardware.</summary>
    public string? HardwareVersion { get; init; }

    /// <summary>The room it probably stands in.</summary>
    public string? SuggestedArea { get; init; }

    /// <summary>
    /// Told what happens besides the device's own work: connected, disconnected, a handler that
    /// threw. By default one line each on standard error. It may be called from any thread and
    /// should return quickly.
    /// </summary>
    public Action<HearthNotice> OnNotice { get; init; } = notice => Console.Error.WriteLine(notice);

    /// <summary>The clock for waiting and for the events' times; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Spreads reconnections in time; seed it to repeat a run.</summary>
    public Random Random { get; init; } = new();

    /// <summary>What the device is made of, in the order in which it was added.</summary>
    public IReadOnlyList<HearthEntity> Entities => entities;

    /// <summary>
    /// Held over a report and its acknowledgement, so that the last report is the last to arrive.
    /// </summary>
    internal SemaphoreSlim Reporting { get; } = new(1, 1);

    internal Link Link => link ??= NewLink();

    /// <summary>Adds a light.</summary>
    /// <param name="key">
    /// Its name within the device and its topics. With the key <c>light</c> it is the device's
    /// main thing and carries the device's name.
    /// </param>
    /// <param name="brightness">True if it can be dimmed.</param>
    /// <param name="name">What people call it; made from the key if it is not given.</param>
    public HearthLight AddLight(string key, bool brightness = false, string? name = null)
    {
        var config = new JsonObject
        {
            ["schema"] = "json",
            ["brightness"] = brightness,
            ["supported_color_modes"] = new JsonArray(brightness ? "brightness" : "onoff"),
        };
        return new HearthLight(AddEntity("light", key, config, name), brightness);
    }

    /// <summary>Adds a switch; the key <c>switch</c> makes it the device's main thing.</summary>
    /// <param name="key">Its name within the device and its topics.</param>
    /// <param name="name">What people call it; made from the key if it is not given.</param>
    public HearthSwitch AddSwitch(string key, string? name = null) =>
        new(AddEntity("switch", key, name: name));

    /// <summary>Adds a sensor; the key <c>sensor</c> makes it the device's main thing.</summary>
    /// <param name="key">Its name within the device and its topics.</param>
    /// <param name="unit">The unit of what it reports, such as <c>W</c>; null for a text.</param>
    /// <param name="deviceClass">Home Assistant's word for what it measures: <c>power</c> …</param>
    /// <param name="stateClass">
    /// <c>measurement</c>, <c>total</c> or <c>total_increasing</c>; null keeps no statistics.
    /// </param>
    /// <param name="name">What people call it; made from the key if it is not given.</param>
    /// <param name="diagnostic">True if it tells about the device rather than the home.</param>
    public HearthSensor AddSensor(
        string key,
        string? unit = null,
        string? deviceClass = null,
        string? stateClass = null,
        string? name = null,
        bool diagnostic = false
    )
    {
        var config = new JsonObject();
        AddIfGiven(config, "unit_of_measurement", unit);
        AddIfGiven(config, "device_class", deviceClass);
        AddIfGiven(config, "state_class", stateClass);
        AddIfGiven(config, "entity_category", diagnostic ? "diagnostic" : null);
        return new HearthSensor(AddEntity("sensor", key, config, name));
    }

    /// <summary>Adds a sensor with two values, such as a door's.</summary>
    /// <param name="key">
    /// Its name within the device and its topics; <c>binary_sensor</c> makes it the main thing.
    /// </param>
    /// <param name="deviceClass">Home Assistant's word for what it detects: <c>door</c> …</param>
    /// <param name="name">What people call it; made from the key if it is not given.</param>
    public HearthBinarySensor AddBinarySensor(
        string key,
        string? deviceClass = null,
        string? name = null
    )
    {
        var config = new JsonObject();
        AddIfGiven(config, "device_class", deviceClass);
        return new HearthBinarySensor(AddEntity("binary_sensor", key, config, name));
    }

    /// <summary>Adds anything else that Home Assistant's MQTT discovery knows.</summary>
    /// <param name="component">Its kind: <c>cover</c>, <c>number</c>, <c>event</c> …</param>
    /// <param name="key">Its name within the device and its topics.</param>
    /// <param name="config">
    /// Its discovery fields. <c>platform</c>, <c>unique_id</c>, <c>name</c>,
    /// <c>default_entity_id</c>, <c>state_topic</c> and <c>command_topic</c> are filled in where
    /// they are missing and make sense; a topic given as null is left out.
    /// </param>
    /// <param name="name">What people call it; made from the key if it is not given.</param>
    /// <param name="retainState">
    /// True if a report is a state: the broker keeps it, and it is reported again after a
    /// reconnection. False if it is a happening. By default false for an <c>event</c> only.
    /// </param>
    /// <exception cref="ArgumentException">The key is taken or not usable.</exception>
    /// <exception cref="InvalidOperationException">The device already runs.</exception>
    public HearthEntity AddEntity(
        string component,
        string key,
        JsonObject? config = null,
        string? name = null,
        bool? retainState = null
    )
    {
        ThrowIfStarted();
        ArgumentException.ThrowIfNullOrEmpty(component);
        ArgumentNullException.ThrowIfNull(key);
        if (!IsWord(key))
        {
            throw new ArgumentException($"'{key}' is not a key: {AllowedLetters}.", nameof(key));
        }

        if (entities.Exists(entity => entity.Key == key))
        {
            throw new ArgumentException($"The device already has a '{key}'.", nameof(key));
        }

        var entity = new HearthEntity(
            this,
            component,
            key,
            Announcement.ConfigOf(Id, component, key, name, config),
            retainState ?? component != "event"
        );
        entities.Add(entity);
        return entity;
    }

    /// <summary>What to do with an event of the bus. It may come more than once.</summary>
    /// <param name="type">
    /// The type of the event. <c>*</c> alone stands for every type, at the end for every type
    /// that begins so: <c>energy.*</c>.
    /// </param>
    /// <param name="handler">Handles one event; what it throws goes to the notices.</param>
    public void OnEvent(string type, Func<HearthEvent, CancellationToken, Task> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(handler);
        var prefix = type.EndsWith('*') ? type[..^1] : null;
        ThrowIfNoEventType(prefix ?? type);
        OnMessage(
            EventsTopic + (prefix is null ? type : "#"),
            (message, token) =>
            {
                var happened = HearthEvent.Parse(message.Payload.Span);
                var isWanted = prefix is null
                    ? happened.Type == type
                    : happened.Type.StartsWith(prefix, StringComparison.Ordinal);
                return isWanted ? handler(happened, token) : Task.CompletedTask;
            }
        );
    }

    /// <summary>What to do with a message on any topic, such as another device's state.</summary>
    /// <param name="topicFilter">An MQTT topic filter; <c>+</c> and <c>#</c> are wildcards.</param>
    /// <param name="handler">Handles one message; what it throws goes to the notices.</param>
    /// <exception cref="ArgumentException">It is not a topic filter.</exception>
    /// <exception cref="InvalidOperationException">The device already runs.</exception>
    public void OnMessage(string topicFilter, Func<HearthMessage, CancellationToken, Task> handler)
    {
        ThrowIfStarted();
        ArgumentNullException.ThrowIfNull(handler);
        routes.Add(TopicFilter.Parse(topicFilter, nameof(topicFilter)), handler.Invoke);
    }

    /// <summary>
    /// What to do again and again while the device runs, for the first time after one interval.
    /// A turn that is late does not add up.
    /// </summary>
    /// <exception cref="InvalidOperationException">The device already runs.</exception>
    public void Every(TimeSpan interval, Func<CancellationToken, Task> handler)
    {
        ThrowIfStarted();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(handler);
        intervals.Add((interval, handler));
    }

    /// <summary>
    /// Does something once, after a while; dispose what is returned to call it off. May be called
    /// at any time; nothing happens unless the device runs.
    /// </summary>
    public IDisposable After(TimeSpan delay, Func<CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return TimeProvider.CreateTimer(
            _ => turns.Post(handler),
            null,
            delay,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>
    /// Publishes an event and returns when the hub has it for good. While the device is not
    /// connected it waits, and it publishes again, under the same id, what was not acknowledged;
    /// cancel to stop waiting.
    /// </summary>
    /// <param name="type">What happened; a name of your own, not beginning <c>hearth.</c></param>
    /// <param name="data">Anything that can be written as JSON; null for none.</param>
    /// <param name="subject">What it is about; null if the source says it all.</param>
    /// <param name="cancellationToken">Ends the waiting; the event may have arrived.</param>
    /// <returns>The event as published; its source is <c>/components/</c> and the id.</returns>
    /// <exception cref="HearthException">The hub refused it.</exception>
    public async Task<HearthEvent> PublishEventAsync(
        string type,
        object? data = null,
        string? subject = null,
        CancellationToken cancellationToken = default
    )
    {
        var now = TimeProvider.GetUtcNow();
        var happened = new HearthEvent(
            type,
            $"/components/{Id}",
            Guid.CreateVersion7(now).ToString()
        )
        {
            Subject = subject,
            Time = now,
            Data = JsonSerializer.SerializeToNode(data, JsonSerializerOptions.Web),
        };
        await PublishAsync(happened, cancellationToken).ConfigureAwait(false);
        return happened;
    }

    /// <summary>Publishes an event that is complete; otherwise like
    /// <see cref="PublishEventAsync"/>.</summary>
    /// <exception cref="HearthException">The hub refused it.</exception>
    public async Task PublishAsync(
        HearthEvent happened,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(happened);
        ThrowIfNoEventType(happened.Type);
        var topic = EventsTopic + happened.Type;
        var payload = happened.ToJson();
        while (true)
        {
            var session = await Link.WhenOpenAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await session
                    .PublishAsync(topic, payload, false, EventMediaType, cancellationToken)
                    .ConfigureAwait(false);
                return;
            }
            catch (SessionLostException)
            {
                await session.Retired.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Connects, announces the device and lives until it is cancelled; then it goes offline,
    /// disconnects and returns. A hub that cannot be reached is tried again, after half a second
    /// at first, never later than after half a minute. A device runs once.
    /// </summary>
    /// <exception cref="HearthException">Another client connected under the same id.</exception>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public Task RunAsync(HearthConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ThrowIfStarted();
        hasStarted = true;
        running = LiveAsync(connection, cancellationToken);
        return running;
    }

    /// <summary>Stops the device if it runs, and waits until it has gone offline.</summary>
    public async ValueTask DisposeAsync()
    {
        hasStarted = true;
        await disposing.CancelAsync().ConfigureAwait(false);
        // Its failure, if any, belongs to whoever awaits RunAsync.
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        disposing.Dispose();
        Reporting.Dispose();
    }

    internal static string? WhyNotAnId(string id) =>
        !IsWord(id) ? $"'{id}' is not an id: {AllowedLetters}."
        : id is "homeassistant" or "hearth" ? $"'{id}' is taken by the hub's own topics."
        : null;

    private static bool IsWord(string text) =>
        text.Length is > 0 and <= 64
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    private static void ThrowIfNoEventType(string type)
    {
        if (type.AsSpan().ContainsAny("+#*\0"))
        {
            throw new ArgumentException($"'{type}' is not the type of an event.", nameof(type));
        }
    }

    private static void AddIfGiven(JsonObject target, string field, string? value)
    {
        if (value is not null)
        {
            target[field] = value;
        }
    }

    private Link NewLink() =>
        new(new LinkIdentity(Id), TimeProvider, Random, OnNotice)
        {
            Turns = turns,
            HandleAsync = (message, token) => routes.HandleAsync(message, OnNotice, token),
            IntroduceAsync = IntroduceAsync,
            ReportAgainAsync = ReportAgainAsync,
        };

    private async Task LiveAsync(HearthConnection connection, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            disposing.Token
        );
        Task[] lives =
        [
            turns.RunAsync(stop.Token),
            Link.RunAsync(connection, routes.Filters, stop.Token),
            .. intervals.Select(every => RepeatAsync(every.Interval, every.Handle, stop.Token)),
        ];
        // None ends before it is stopped unless it fails, and then the others stop with it.
        await Task.WhenAny(lives).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(lives).ConfigureAwait(false);
    }

    private async Task RepeatAsync(
        TimeSpan interval,
        Func<CancellationToken, Task> handler,
        CancellationToken cancellationToken
    )
    {
        using var timer = new PeriodicTimer(interval, TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                await turns.PostAndWaitAsync(handler, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped, as it should be.
        }
    }

    private async Task IntroduceAsync(Session session, CancellationToken cancellationToken)
    {
        await session
            .PublishAsync(
                Announcement.TopicOf(this),
                Announcement.Of(this),
                retain: true,
                "application/json",
                cancellationToken
            )
            .ConfigureAwait(false);
        await session
            .PublishAsync(
                new LinkIdentity(Id).AvailabilityTopic,
                Encoding.UTF8.GetBytes(LinkIdentity.Online),
                retain: true,
                contentType: null,
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private async Task ReportAgainAsync(Session session, CancellationToken cancellationToken)
    {
        foreach (var entity in entities)
        {
            await entity.ReportAgainAsync(session, cancellationToken).ConfigureAwait(false);
        }
    }

    private void OnHandlerFailed(Exception cause) =>
        OnNotice(new HearthNotice(HearthNoticeKind.HandlerFailed, "A timer's turn failed.", cause));

    private void ThrowIfStarted()
    {
        if (hasStarted)
        {
            throw new InvalidOperationException("The device already runs.");
        }
    }
}
