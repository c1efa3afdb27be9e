using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Storage;

namespace Hearth.Homes.Tests;

/// <summary>Homes pass the current truths on and never look at them.</summary>
internal sealed class NoTruths : ICurrentTruths
{
    public Task<IReadOnlyList<DeviceRecord>> DevicesAsync(HomeId home, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<DeviceRecord>>([]);

    public Task<IReadOnlyList<EntityRecord>> EntitiesAsync(HomeId home, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<EntityRecord>>([]);

    public Task<DeviceRecord?> DeviceAsync(HomeId home, DeviceId device, CancellationToken token) =>
        Task.FromResult<DeviceRecord?>(null);

    public Task<IReadOnlyList<EntityRecord>> EntitiesOfAsync(
        HomeId home,
        DeviceId device,
        CancellationToken token
    ) => Task.FromResult<IReadOnlyList<EntityRecord>>([]);

    public Task<EntityRecord?> EntityAsync(HomeId home, EntityId entity, CancellationToken token) =>
        Task.FromResult<EntityRecord?>(null);

    public Task<IReadOnlyList<AreaSaved>> AreasAsync(HomeId home, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<AreaSaved>>([]);

    public Task<IReadOnlyList<RefusedAnnouncementRecord>> RefusedAnnouncementsAsync(
        HomeId home,
        CancellationToken token
    ) => Task.FromResult<IReadOnlyList<RefusedAnnouncementRecord>>([]);

    public Task<IReadOnlyList<AutomationRecord>> AutomationsAsync(
        HomeId home,
        CancellationToken token
    ) => Task.FromResult<IReadOnlyList<AutomationRecord>>([]);

    public Task<IReadOnlyList<RetainedRecord>> RetainedAsync(
        HomeId home,
        CancellationToken token
    ) => Task.FromResult<IReadOnlyList<RetainedRecord>>([]);

    public Task<IReadOnlyList<SessionRecord>> SessionsAsync(HomeId home, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<SessionRecord>>([]);

    public Task<IReadOnlyList<WillRecord>> WillsAsync(HomeId home, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<WillRecord>>([]);

    public Task SaveSessionsAsync(HomeId home, SessionChanges changes, CancellationToken token) =>
        Task.CompletedTask;
}
