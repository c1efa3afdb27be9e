using System.Diagnostics;
using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Bench;

/// <summary>What rendering a template costs: the best of five runs, in nanoseconds and bytes.
/// </summary>
internal static class TemplateLoad
{
    private const string Loop = """
        {% set ns = namespace(open=[], total=0) %}
        {% for row in value_json.rows %}
          {% if row.on and row.id is not none %}
            {% set ns.open = ns.open + [row.name] %}
            {% set ns.total = ns.total + row.power | float(0) %}
          {% elif row.id == 3 %}
            {% continue %}
          {% else %}
            {{ loop.index }}: {{ row.name | upper }}
          {% endif %}
        {% endfor %}
        {% macro plural(n, word) -%}
          {{ n }} {{ word }}{{ '' if n == 1 else 's' }}
        {%- endmacro %}
        {% if ns.open %}
          {{ plural(ns.open | count, 'lamp') }}: {{ ns.open | sort | join(', ') }}
          {{ ns.total | round(1) }} W
        {% else %}
          none
        {% endif %}
        """;

    public static int Run(Arguments options)
    {
        int renderings = options.Number("renderings", 200_000);
        string rows = string.Join(
            ',',
            Enumerable
                .Range(1, 8)
                .Select(i =>
                    $$"""{"id":{{i}},"name":"lamp {{i}}","on":{{On(i)}},"power":"{{i}}.5"}"""
                )
        );
        var message = Payload.FromText("{\"temperature\":21.456,\"rows\":[" + rows + "]}");
        var state = new StateView { EntityId = "sensor.x", State = "21.5" };
        var context = new TemplateContext { Payload = message, Home = new HomePicture([state]) };
        Measure("{{ value_json.temperature }}", context, renderings);
        Measure("{{ value_json.temperature | round(1) }}", context, renderings);
        Measure("{{ states('sensor.x') | float(0) > 20 }}", context, renderings);
        Measure(Loop, context, renderings / 20);
        return 0;
    }

    private static string On(int id) => id % 2 == 0 ? "true" : "false";

    private static void Measure(string source, TemplateContext context, int renderings)
    {
        var template = Template.Parse(source);
        double best = double.MaxValue;
        long bytes = 0;
        for (int run = 0; run < 6; run++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long began = Stopwatch.GetTimestamp();
            for (int i = 0; i < renderings; i++)
            {
                _ = template.Render(context);
            }

            double nanoseconds = Stopwatch.GetElapsedTime(began).TotalNanoseconds / renderings;
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / renderings;
            // The first run compiles.
            best = run == 0 ? best : Math.Min(best, nanoseconds);
        }

        string shown = source.Split('\n') is { Length: > 1 } lines
            ? $"a template of {lines.Length} lines"
            : source;
        Console.WriteLine($"{shown}: {best:N0} ns, {bytes:N0} bytes");
    }
}
