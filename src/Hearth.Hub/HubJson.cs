using System.Text.Json.Serialization;
using Hearth.Hub.Automations;
using Hearth.Hub.Devices;
using Hearth.Hub.Events;
using Hearth.Hub.Health;
using Hearth.Hub.Problems;
using Hearth.Hub.Rehearsal;
using Hearth.Hub.Subscriptions;
using Hearth.Hub.Templates;
using Hearth.Hub.Why;

namespace Hearth.Hub;

/// <summary>Bodies of answers, their serialisers made at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never
)]
[JsonSerializable(typeof(PublishedBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(HomeHealthBody))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(DeviceBody))]
[JsonSerializable(typeof(IReadOnlyList<DeviceBody>))]
[JsonSerializable(typeof(DeviceAnnouncementBody))]
[JsonSerializable(typeof(DevicePatchBody))]
[JsonSerializable(typeof(AreaBody))]
[JsonSerializable(typeof(IReadOnlyList<AreaBody>))]
[JsonSerializable(typeof(AreaRequestBody))]
[JsonSerializable(typeof(IReadOnlyList<FloorBody>))]
[JsonSerializable(typeof(IReadOnlyList<LabelBody>))]
[JsonSerializable(typeof(EntityBody))]
[JsonSerializable(typeof(IReadOnlyList<EntityBody>))]
[JsonSerializable(typeof(ActionBody))]
[JsonSerializable(typeof(CommandsBody))]
[JsonSerializable(typeof(AutomationBody))]
[JsonSerializable(typeof(IReadOnlyList<AutomationBody>))]
[JsonSerializable(typeof(AutomationDefinitionBody))]
[JsonSerializable(typeof(RunBody))]
[JsonSerializable(typeof(IReadOnlyList<RunSummaryBody>))]
[JsonSerializable(typeof(RunTraceBody))]
[JsonSerializable(typeof(RehearsalRequestBody))]
[JsonSerializable(typeof(RehearsalBody))]
[JsonSerializable(typeof(IReadOnlyList<VersionBody>))]
[JsonSerializable(typeof(VersionDefinitionBody))]
[JsonSerializable(typeof(VersionDiffBody))]
[JsonSerializable(typeof(WhyBody))]
[JsonSerializable(typeof(EntityWhyBody))]
[JsonSerializable(typeof(HeldBackBody))]
[JsonSerializable(typeof(TemplateBody))]
[JsonSerializable(typeof(RenderedBody))]
[JsonSerializable(typeof(SubscriptionBody))]
[JsonSerializable(typeof(IReadOnlyList<SubscriptionBody>))]
[JsonSerializable(typeof(SubscriptionMadeBody))]
[JsonSerializable(typeof(SubscriptionRequestBody))]
[JsonSerializable(typeof(SecretBody))]
[JsonSerializable(typeof(SecretRequestBody))]
[JsonSerializable(typeof(ReplayBody))]
[JsonSerializable(typeof(ReplayRequestBody))]
[JsonSerializable(typeof(TestBody))]
[JsonSerializable(typeof(DeliveriesBody))]
[JsonSerializable(typeof(DeadLettersBody))]
[JsonSerializable(typeof(ReplayedBody))]
internal sealed partial class HubJson : JsonSerializerContext;
