using System.Text;
using Hearth.Core.Discovery;

namespace Hearth.Core.Devices;

/// <summary>What new devices and entities are called: as they ask to be, and unlike all others.
/// </summary>
internal sealed class Naming(DeviceBook devices)
{
    public DeviceId Of(DeviceDescription description, Announcement announcement)
    {
        var slug = Slug.Of(description.Name ?? announcement.DiscoveryId);
        return new DeviceId(Slug.Unused(slug, id => devices.Devices.ContainsKey(new DeviceId(id))));
    }

    public EntityId Of(EntityConfig config, DeviceDescription description, HashSet<string> taken)
    {
        var wanted = config.WantedEntityId;
        var objectId = wanted is not null
            ? Slug.Of(wanted[(wanted.IndexOf('.', StringComparison.Ordinal) + 1)..])
            : Slug.Of(NameOf(config, description));
        return new EntityId(
            Slug.Unused(
                $"{config.Component}.{objectId}",
                id => taken.Contains(id) || devices.Entities.ContainsKey(new EntityId(id))
            )
        );
    }

    private static string NameOf(EntityConfig config, DeviceDescription description)
    {
        var name = new StringBuilder(description.Name);
        if (!config.IsMain)
        {
            name.Append(' ').Append(config.Name ?? config.DeviceClass ?? config.Component);
        }

        return name.ToString();
    }
}
