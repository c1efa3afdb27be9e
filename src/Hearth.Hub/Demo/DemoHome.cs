using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Hearth.Hub.Demo;

/// <summary>
/// The demo's view of the hub: the HTTP API, as any program has it. It knows the hub by nothing
/// else.
/// </summary>
internal sealed class DemoHome(Uri api) : IDisposable
{
    public const string Lamp = "light.desk_lamp";
    public const string Power = "sensor.energy_tracker_power";
    public const string Automation = "demo_lights_out";

    private const string Definition = """
        {
          "alias": "Demo: light off when it draws too much",
          "description": "More than 50 W for 10 seconds turns the lamp off. Change it as you like.",
          "triggers": [
            {
              "trigger": "numeric_state",
              "entity_id": "sensor.energy_tracker_power",
              "above": 50,
              "for": "00:00:10"
            }
          ],
          "actions": [
            { "action": "light.turn_off", "target": { "entity_id": "light.desk_lamp" } }
          ]
        }
        """;

    private readonly HttpClient _http = new()
    {
        BaseAddress = api,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Puts the automation there, unless one is there: a person may have changed it.
    /// </summary>
    public async Task<bool> InstallAutomationAsync(CancellationToken cancellationToken)
    {
        var path = "automations/" + Automation;
        using var there = await _http.GetAsync(path, cancellationToken);
        if (there.StatusCode != HttpStatusCode.NotFound)
        {
            there.EnsureSuccessStatusCode();
            return false;
        }

        using var body = Json(Definition);
        using var saved = await _http.PutAsync(path, body, cancellationToken);
        saved.EnsureSuccessStatusCode();
        return true;
    }

    /// <summary>The state that an entity shows; null while it is not there.</summary>
    public async Task<string?> StateAsync(string entity, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync("entities/" + entity, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var json = await JsonDocument.ParseAsync(body, default, cancellationToken);
        return json.RootElement.GetProperty("state").GetString();
    }

    /// <summary>Tells the lamp to be on; false where it did not say that it is.</summary>
    public async Task<bool> TurnOnAsync(CancellationToken cancellationToken)
    {
        using var body = Json($"{{\"target\":{{\"entity_id\":\"{Lamp}\"}}}}");
        using var answer = await _http.PostAsync(
            "actions/light.turn_on?wait=5s",
            body,
            cancellationToken
        );
        answer.EnsureSuccessStatusCode();
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return JsonElement.Parse(text).GetProperty("commands")[0].GetProperty("state").GetString()
            == "acknowledged";
    }

    /// <summary>Everything that happens from now on.</summary>
    public async Task<IAsyncEnumerable<JsonElement>> FollowAsync(
        CancellationToken cancellationToken
    )
    {
        var answer = await _http.GetAsync(
            "events/stream?type=hearth.state.*&type=hearth.device.*&type=hearth.command.*"
                + "&type=hearth.automation.*",
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        answer.EnsureSuccessStatusCode();
        return ReadAsync(answer, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static async IAsyncEnumerable<JsonElement> ReadAsync(
        HttpResponseMessage answer,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using (answer)
        {
            var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var items = SseParser.Create(body).EnumerateAsync(cancellationToken);
            await foreach (var item in items.WithCancellation(cancellationToken))
            {
                if (item.EventType != SseParser.EventTypeDefault)
                {
                    // The hub says goodbye.
                    yield break;
                }

                yield return JsonElement.Parse(item.Data);
            }
        }
    }

    private static StringContent Json(string text) =>
        new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
}
