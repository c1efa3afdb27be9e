using System.Text.Json.Serialization;
using Hearth.Hub.Events;
using Hearth.Hub.Health;
using Hearth.Hub.Problems;

namespace Hearth.Hub;

/// <summary>Bodies of answers, their serialisers made at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never
)]
[JsonSerializable(typeof(PublishedBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class HubJson : JsonSerializerContext;
