using CsCheck;
using Hearth.Core.Automations;
using Hearth.Core.Devices;
using Hearth.Core.Discovery;
using Hearth.Core.Events;

namespace Hearth.Storage.Tests;

/// <summary>Rows of events about few things, so that they meet.</summary>
internal static class SomeEvents
{
    private static readonly Gen<DeviceId> Device = Gen.Int[0, 2].Select(n => new DeviceId("d" + n));
    private static readonly Gen<EntityId> Entity = Gen.Int[0, 3]
        .Select(n => new EntityId("light.e" + n));
    private static readonly Gen<string> Automation = Gen.Int[0, 1].Select(n => "a" + n);
    private static readonly Gen<string> Word = Of("", "one", "zwölf", "\"三\"");
    private static readonly Gen<Sequence> Command = Gen.Long[1, 40].Select(n => new Sequence(n));

    private static readonly Gen<EntityState> State = Gen.Select(
        Of("on", "off", "unknown"),
        Of("", "128", "255"),
        Gen.Bool,
        (value, brightness, isAvailable) =>
            new EntityState(
                value,
                Attributes.Empty.With("brightness", brightness == "" ? null : brightness),
                isAvailable
            )
    );

    private static readonly Gen<DeviceDescription> Description = Word.Select(
        name => new DeviceDescription { Identifiers = ["x"], Name = name }
    );

    private static readonly Gen<IReadOnlyList<EntityRegistration>> Entities = Gen.Select(
            Entity,
            Word,
            (entity, word) =>
                new EntityRegistration(entity, new EntityConfig("light", "id" + word, "{}"))
        )
        .Array[0, 3]
        .Select(items => (IReadOnlyList<EntityRegistration>)[.. items.DistinctBy(item => item.Id)]);

    private static readonly Gen<EventData> One = Gen.Frequency(
        (
            3,
            Gen.Select(
                Device,
                Description,
                Entities,
                EventData (device, description, entities) =>
                    new DeviceRegistered(device, description, entities)
            )
        ),
        (
            2,
            Gen.Select(
                Device,
                Description,
                Entities,
                Entity,
                EventData (device, description, entities, removed) =>
                    new DeviceUpdated(device, description, entities, [removed])
            )
        ),
        (1, Device.Select(EventData (device) => new DeviceRemoved(device))),
        (
            1,
            Gen.Select(
                Word,
                Word,
                EventData (topic, reason) => new AnnouncementRefused(topic, reason)
            )
        ),
        (1, Word.Select(EventData (topic) => new AnnouncementMended(topic))),
        (1, Device.Select(EventData (device) => new DeviceConnected(device))),
        (1, Device.Select(EventData (device) => new DeviceDisconnected(device))),
        (1, Device.Select(EventData (device) => new DeviceEnabled(device))),
        (1, Device.Select(EventData (device) => new DeviceDisabled(device))),
        (
            2,
            Gen.Select(
                Device,
                Word,
                EventData (device, word) => new DeviceStateChanged(device, "off", "active", word)
            )
        ),
        (
            2,
            Gen.Select(
                Device,
                Word,
                EventData (device, word) =>
                    new DeviceHealthChanged(device, "healthy", "degraded", "silent", word)
            )
        ),
        (
            8,
            Gen.Select(
                Entity,
                State,
                State,
                EventData (entity, from, to) => new StateChanged(entity, from, to)
            )
        ),
        (
            4,
            Gen.Select(
                Entity,
                State,
                Gen.Bool,
                EventData (entity, state, hasDesired) =>
                    new CommandRequested(entity, "light.turn_on", "{}", hasDesired ? state : null)
            )
        ),
        (
            6,
            Gen.Select(
                Entity,
                Command,
                Gen.Int[0, 3],
                EventData (entity, command, kind) =>
                    kind switch
                    {
                        0 => new CommandSent(command, entity),
                        1 => new CommandAcknowledged(command, entity),
                        2 => new CommandFailed(command, entity, "no_subscriber"),
                        _ => new CommandExpired(command, entity),
                    }
            )
        ),
        (
            6,
            Gen.Select(
                Automation,
                Gen.Int[0, 7],
                EventData (automation, kind) =>
                    kind switch
                    {
                        0 => new AutomationCreated(automation, """{"alias":"one"}"""),
                        1 => new AutomationUpdated(automation, """{"alias":"two"}"""),
                        2 => new AutomationRemoved(automation),
                        3 => new AutomationEnabled(automation),
                        4 => new AutomationDisabled(automation),
                        5 => new AutomationFinished(automation, new Sequence(1)),
                        6 => new AutomationHealthChanged(
                            automation,
                            "healthy",
                            "degraded",
                            "missing",
                            "It names light.gone, which is not there."
                        ),
                        _ => new AutomationTriggered(automation, "0", null, "{}"),
                    }
            )
        ),
        (
            5,
            Gen.Select(
                Gen.Int[0, 2],
                Word,
                Gen.Bool,
                EventData (topic, word, retain) =>
                    new MessageReceived("t" + topic, Payload.FromText(word), 1, retain, "c")
            )
        )
    );

    public static readonly Gen<EventData[][]> Rows = One.Array[1, 4].Array[1, 25];

    private static Gen<T> Of<T>(params T[] items) =>
        Gen.Int[0, items.Length - 1].Select(n => items[n]);
}
