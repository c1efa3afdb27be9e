using System.Globalization;
using Hearth.Core.Events;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hearth.Core.Tests.Automations;

/// <summary>The recipes of docs/automations/cookbook.md, as they stand there.</summary>
internal static class CookbookPage
{
    private const string Fence = "```";

    private static readonly Dictionary<string, string> Recipes = Read();

    public static IEnumerable<string> Titles => Recipes.Keys;

    /// <summary>The automation under a heading, as JSON.</summary>
    public static string Recipe(string title)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Recipes[title]));
        var json = new JsonWriter();
        Write(json, yaml.Documents[0].RootNode);
        return System.Text.Encoding.UTF8.GetString(json.Written);
    }

    private static Dictionary<string, string> Read()
    {
        var recipes = new Dictionary<string, string>();
        var page = File.ReadAllText(Path.Combine(Root(), "docs/automations/cookbook.md"));
        foreach (var section in page.Split("\n## ").Skip(1))
        {
            var parts = section.Split(Fence);
            Assert.Equal(3, parts.Length);
            Assert.StartsWith("yaml\n", parts[1]);
            recipes.Add(section.Split('\n')[0], parts[1]["yaml\n".Length..]);
        }

        return recipes;
    }

    private static void Write(JsonWriter json, YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                json.BeginObject();
                foreach (var (key, value) in mapping.Children)
                {
                    json.Name(((YamlScalarNode)key).Value!);
                    Write(json, value);
                }

                json.EndObject();
                break;
            case YamlSequenceNode sequence:
                json.BeginArray();
                foreach (var item in sequence)
                {
                    Write(json, item);
                }

                json.EndArray();
                break;
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: { } plain } when IsBare(plain):
                json.Raw(plain);
                break;
            default:
                json.String(((YamlScalarNode)node).Value!);
                break;
        }
    }

    private static bool IsBare(string text) =>
        text is "true" or "false"
        || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Hearth.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
