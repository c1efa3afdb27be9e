using System.Text.Json;

namespace Hearth.EndToEnd.Running;

/// <summary>An entity as the API shows it.</summary>
internal sealed record ShownEntity(JsonElement Json)
{
    public string Id => Text("entity_id")!;

    public string UniqueId => Text("unique_id") ?? "";

    public string Device => Text("device_id")!;

    public string State => Text("state") ?? "";

    public string Component => Id[..Id.IndexOf('.')];

    public bool IsAvailable => Json.GetProperty("available").GetBoolean();

    /// <summary>What it reported, or else what it was announced with.</summary>
    public JsonElement Attribute(string name) =>
        Json.GetProperty("attributes").TryGetProperty(name, out var value) ? value : default;

    public JsonElement Member(string name) =>
        Json.TryGetProperty(name, out var value) ? value : default;

    public string? Text(string name) =>
        Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public override string ToString() => Json.ToString();
}

/// <summary>A device as the API shows it.</summary>
internal sealed record ShownDevice(JsonElement Json)
{
    public string Id => Json.GetProperty("id").GetString()!;

    public string State => Json.GetProperty("state").GetString()!;

    /// <summary>What the device says of itself.</summary>
    public JsonElement Described(string name) =>
        Json.TryGetProperty(name, out var value) ? value : default;

    public bool Has(string identifier) =>
        Described("identifiers") is { ValueKind: JsonValueKind.Array } all
        && all.EnumerateArray().Any(item => item.GetString() == identifier);

    public string Connectivity => Json.GetProperty("connectivity").GetString()!;

    public override string ToString() => Json.ToString();
}

/// <summary>What is registered, and in which state, as the API shows it.</summary>
internal static class Twin
{
    public static async Task<IReadOnlyList<ShownEntity>> EntitiesAsync(Api api) =>
        [
            .. (await api.GetAsync("/api/v1/entities"))
                .EnumerateArray()
                .Select(item => new ShownEntity(item)),
        ];

    public static async Task<IReadOnlyList<ShownDevice>> DevicesAsync(Api api) =>
        [
            .. (await api.GetAsync("/api/v1/devices"))
                .EnumerateArray()
                .Select(item => new ShownDevice(item)),
        ];

    /// <summary>Waits until an entity is as it should be.</summary>
    public static Task<ShownEntity> EntityAsync(
        Api api,
        string uniqueId,
        Func<ShownEntity, bool>? fits = null,
        TimeSpan? within = null
    ) =>
        Eventually.Finds(
            $"the entity {uniqueId} as it should be",
            within ?? TimeSpan.FromSeconds(5),
            async () =>
            {
                var all = await EntitiesAsync(api);
                var found = all.FirstOrDefault(entity => entity.UniqueId == uniqueId);
                var isRight = found is not null && fits?.Invoke(found) is not false;
                return (isRight ? found : null, found?.ToString() ?? string.Join('\n', all));
            }
        );

    /// <summary>Waits for an event of the log.</summary>
    public static Task<LoggedEvent> EventAsync(
        Api api,
        string type,
        Func<LoggedEvent, bool>? fits = null,
        long after = 0,
        TimeSpan? within = null
    ) =>
        Eventually.Finds(
            $"an event {type} after {after}",
            within ?? TimeSpan.FromSeconds(5),
            async () =>
            {
                LoggedEvent? found = null;
                var seen = new List<LoggedEvent>();
                await foreach (var item in api.EventsAsync($"after={after}&limit=1000"))
                {
                    seen.Add(item);
                    var isRight = item.Type == type && fits?.Invoke(item) is not false;
                    found ??= isRight ? item : null;
                }

                return (found, string.Join('\n', seen.TakeLast(30)));
            }
        );

    /// <summary>The newest event of a type.</summary>
    public static async Task<LoggedEvent> LastAsync(Api api, string type)
    {
        LoggedEvent? last = null;
        await foreach (var item in api.EventsAsync($"after=0&limit=1000&type={type}"))
        {
            last = item;
        }

        Assert.NotNull(last);
        return last;
    }
}
