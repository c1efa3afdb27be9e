using Hearth.Storage;

namespace Hearth.Hub;

/// <summary>The log on disk and the truths that move with it.</summary>
internal sealed record HubLog(IEventLog Events, ICurrentTruths Truths);
