using Hearth.Core.Templates;

namespace Hearth.Core.Automations;

/// <summary>What templates see that are rendered once, when an automation is saved: no home. As in
/// Home Assistant, where these are called limited templates.</summary>
internal sealed class NoHome : IHomeView
{
    public IReadOnlyList<StateView> States => throw Refused();

    public IReadOnlyList<EntityEntry> Entities => throw Refused();

    public IReadOnlyList<DeviceEntry> Devices => throw Refused();

    public IReadOnlyList<AreaEntry> Areas => throw Refused();

    public IReadOnlyList<FloorEntry> Floors => throw Refused();

    public IReadOnlyList<LabelEntry> Labels => throw Refused();

    public StateView? State(string entityId) => throw Refused();

    public EntityEntry? Entity(string entityId) => throw Refused();

    public DeviceEntry? Device(string deviceId) => throw Refused();

    private static TemplateException Refused() =>
        new("what the home's states are cannot be asked here.");
}
