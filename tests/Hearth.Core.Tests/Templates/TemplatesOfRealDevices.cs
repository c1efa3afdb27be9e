using System.Text.Json;
using Hearth.Core.Templates;
using Hearth.Core.Tests.Discovery;

namespace Hearth.Core.Tests.Templates;

public sealed class TemplatesOfRealDevices
{
    [Fact]
    public void Every_template_that_real_devices_announce_can_be_read()
    {
        var sources = new HashSet<string>();
        foreach (
            var step in Corpus.Cases().SelectMany(c => c.GetProperty("steps").EnumerateArray())
        )
        {
            if (step.TryGetProperty("publish", out var messages))
            {
                foreach (var message in messages.EnumerateArray().Where(IsAnnouncement))
                {
                    Collect(message.GetProperty("payload"), sources);
                }
            }
        }

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Template.Parse(source));
    }

    private static bool IsAnnouncement(JsonElement message) =>
        message.GetProperty("topic").GetString()!.EndsWith("/config", StringComparison.Ordinal);

    private static void Collect(JsonElement value, HashSet<string> sources)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    Collect(property.Value, sources);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Collect(item, sources);
                }
                break;
            case JsonValueKind.String:
                string text = value.GetString()!;
                if (text.Contains("{{") || text.Contains("{%"))
                {
                    sources.Add(text);
                }
                break;
        }
    }
}
