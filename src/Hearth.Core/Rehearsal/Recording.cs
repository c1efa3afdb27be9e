using Hearth.Core.Devices;
using Hearth.Core.Events;

namespace Hearth.Core.Rehearsal;

/// <summary>
/// What recorded events mean to a home that knows already what became of it: its devices are those
/// of the end of the recording, which may tell of some that are gone by then.
/// </summary>
internal static class Recording
{
    /// <summary>What can be applied of what is said of a device; null = nothing.</summary>
    public static EventData? Fit(EventData data, DeviceBook devices) =>
        data switch
        {
            DeviceRegistered or AreaSaved => data,
            DeviceArranged { Device: var id } when devices.Devices.ContainsKey(id) => data,
            DeviceUpdated updated when devices.Devices.ContainsKey(updated.Device) => updated with
            {
                Removed = [.. updated.Removed.Where(devices.Entities.ContainsKey)],
            },
            DeviceRemoved { Device: var id } when devices.Devices.ContainsKey(id) => data,
            DeviceEnabled { Device: var id } when devices.Devices.ContainsKey(id) => data,
            DeviceDisabled { Device: var id } when devices.Devices.ContainsKey(id) => data,
            _ => null,
        };
}
