using Hearth.Core.Devices;
using Hearth.Core.Templates;

namespace Hearth.Core.Discovery;

/// <summary>Something of a component that Hearth does not know yet: it may say whether it can be
/// reached, and means nothing else.</summary>
internal sealed class InertBehaviour(EntityConfig config) : EntityBehaviour(config)
{
    protected override IEnumerable<string?> OwnTopics => [];

    protected override EntityState ReceiveState(
        EntityState current,
        string topic,
        TemplateContext message
    ) => current;
}
