namespace Hearth.Core.Templates;

/// <summary>The filters of Jinja2 and Home Assistant, by name.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, TemplateFunction> All = Merge(
        ValueFilters.All,
        TextFilters.All,
        NumberFilters.Filters,
        ListFilters.All,
        GroupFilters.All,
        TimeFilters.All,
        RegexFilters.All,
        Sets.Shared,
        Registry.Of(StateFunctions.Shared),
        Registry.Of(HomeFunctions.Shared),
        Registry.Of(Collections.Shared),
        new() { ["states"] = StateFunctions.States }
    );

    public static IEnumerable<string> Names => All.Keys;

    public static TemplateFunction? Find(string name) => All.GetValueOrDefault(name);

    private static Dictionary<string, TemplateFunction> Merge(
        params Dictionary<string, TemplateFunction>[] tables
    ) => tables.SelectMany(table => table).ToDictionary(e => e.Key, e => e.Value);
}
