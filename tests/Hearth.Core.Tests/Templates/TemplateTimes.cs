using Hearth.Core.Events;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

public sealed class TemplateTimes
{
    private static readonly TimeZoneInfo PlusOne = TimeZoneInfo.CreateCustomTimeZone(
        "plus one",
        TimeSpan.FromHours(1),
        "plus one",
        "plus one"
    );

    private static readonly TemplateContext Context = new()
    {
        Now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 250, TimeSpan.Zero),
        TimeZone = PlusOne,
        Payload = Payload.FromText("""{"uptime":3605,"at":"2026-01-02T03:04:05+01:00"}"""),
    };

    [Theory]
    [InlineData("{{ now() }}", "2026-01-02 04:04:05.250000+01:00")]
    [InlineData("{{ utcnow() }}", "2026-01-02 03:04:05.250000+00:00")]
    [InlineData("{{ now().strftime('%Y-%m-%d %H:%M:%S') }}", "2026-01-02 04:04:05")]
    [InlineData(
        "{{ now().strftime('%a %-d %B %y %I:%M %p %j %z') }}",
        "Fri 2 January 26 04:04 AM 002 +0100"
    )]
    [InlineData("{{ as_timestamp(now()) }}", "1767323045.25")]
    [InlineData(
        "{{ (as_timestamp(now())-value_json.uptime)|timestamp_local }}",
        "2026-01-02T03:04:00.250000+01:00"
    )]
    [InlineData("{{ 0 | timestamp_utc }}", "1970-01-01T00:00:00+00:00")]
    [InlineData("{{ 0 | timestamp_custom('%H:%M') }}", "01:00")]
    [InlineData("{{ 0 | timestamp_custom('%H:%M', false) }}", "00:00")]
    [InlineData("{{ as_timestamp(value_json.at) }}", "1767319445.0")]
    [InlineData("{{ as_datetime(value_json.at).hour }}", "3")]
    [InlineData(
        "{{ (now() - timedelta(hours=1)).isoformat() }}",
        "2026-01-02T03:04:05.250000+01:00"
    )]
    [InlineData("{{ (now() - utcnow()).total_seconds() }}", "0.0")]
    [InlineData("{{ timedelta(days=1, minutes=5) }}", "1 day, 0:05:00")]
    [InlineData("{{ now() > today_at('04:00') }}", "True")]
    public void Time_comes_from_the_context_and_prints_as_Python_prints_it(
        string source,
        string expected
    )
    {
        Assert.Equal(expected, Template.Parse(source).Render(Context));
    }
}
