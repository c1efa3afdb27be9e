using Hearth.Storage;
using Microsoft.Extensions.Configuration;

namespace Hearth.Hub.Tests;

public sealed class ReadingSettings
{
    [Fact]
    public void Nothing_set_means_the_defaults()
    {
        var (options, faults) = Read([]);
        Assert.Empty(faults);
        Assert.Equal((8080, 1883), (options!.Http.Port, options.Mqtt.Port));
        Assert.Equal(Path.GetFullPath("./data"), options.Data);
        Assert.Equal("home", options.DefaultHome.Value);
        Assert.Empty(options.Http.Hosts);
        Assert.Equal(new RetentionTimes(), options.Retention);
    }

    [Fact]
    public void A_mail_server_is_whole_or_not_there()
    {
        var (options, faults) = Read(
            new() { ["Hearth:Mail:Host"] = "mail.example.org", ["Hearth:Mail:From"] = "a@b.org" }
        );
        Assert.Empty(faults);
        Assert.Equal(("mail.example.org", 587), (options!.Mail!.Host, options.Mail.Port));
        Assert.Null(Read([]).Options!.Mail);

        var alone = Read(new() { ["Hearth:Mail:Password"] = "s3same" }).Faults;
        Assert.StartsWith("Hearth:Mail:Password is set and Hearth:Mail:Host is", alone.Single());
        Assert.DoesNotContain("s3same", alone.Single());

        var wrong = Read(
            new()
            {
                ["Hearth:Mail:Host"] = "mail.example.org:25",
                ["Hearth:Mail:From"] = "Home <a@b.org>",
                ["Hearth:Mail:Port"] = "0",
                ["Hearth:Mail:Security"] = "none",
                ["Hearth:Mail:Password"] = "s3same",
            }
        ).Faults;
        Assert.Equal(
            [
                "Hearth:Mail:Host is",
                "Hearth:Mail:From is",
                "Hearth:Mail:Password is",
                "Hearth:Mail:Password would",
                "Hearth:Mail:Port is",
            ],
            wrong.Select(fault => string.Join(' ', fault.Split(' ').Take(2)))
        );
        Assert.DoesNotContain(wrong, fault => fault.Contains("s3same", StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_are_said_at_once_each_with_its_key()
    {
        var (options, faults) = Read(
            new()
            {
                ["Hearth:Http:Port"] = "80x",
                ["Hearth:Http:Hosts"] = "http://a",
                ["Hearth:Http:Origins"] = "a.example.com",
                ["Hearth:Mqtt:Port"] = "65536",
                ["Hearth:Retention:StateDays"] = "ten",
                ["Hearth:Data"] = " ",
                ["Hearth:Homes"] = "Home,",
                ["Hearth:Location:TimeZone"] = "Berlin",
                ["Hearth:Location:Latitude"] = "91",
                ["Hearth:Location:Longitude"] = "13,4",
                ["Hearth:Location:Elevation"] = "high",
                ["Hearth:Htp:Port"] = "1",
            }
        );
        Assert.Null(options);
        Assert.Equal(
            [
                "Hearth:Http:Port (--http-port) is",
                "Hearth:Http:Hosts has",
                "Hearth:Http:Origins has",
                "Hearth:Mqtt:Port (--mqtt-port) is",
                "Hearth:Retention:StateDays is",
                "Hearth:Data (--data) is",
                "Hearth:Homes has",
                "Hearth:Location:Latitude is",
                "Hearth:Location:Longitude is",
                "Hearth:Location:TimeZone is",
                "Hearth:Location:Elevation is",
                "Hearth:Htp:Port is",
            ],
            faults.Select(fault => string.Join(' ', fault.Split(' ').TakeWhile(NotAValue)))
        );
        Assert.EndsWith("did you mean Hearth:Http:Port?", faults[^1]);

        static bool NotAValue(string word) =>
            word[0] is not ('"') && word is not ("empty;" or "no");
    }

    [Fact]
    public void Two_listeners_cannot_share_a_port()
    {
        var (_, faults) = Read(new() { ["Hearth:Http:Port"] = "1883" });
        Assert.Contains("both 1883", Assert.Single(faults));
    }

    [Fact]
    public void Where_the_home_is_can_be_said()
    {
        var (options, faults) = Read(
            new()
            {
                ["Hearth:Location:TimeZone"] = "Europe/Berlin",
                ["Hearth:Location:Latitude"] = "52.52",
                ["Hearth:Location:Longitude"] = "-13.405",
                ["Hearth:Location:Elevation"] = "34",
            }
        );
        Assert.Empty(faults);
        var location = options!.Location;
        Assert.Equal("Europe/Berlin", location.Zone.Id);
        Assert.Equal(
            TimeSpan.FromHours(2),
            location
                .Zone.ToTimeZone()
                .GetUtcOffset(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero))
        );
        Assert.Equal(
            (52.52, -13.405, 34),
            (location.Latitude, location.Longitude, location.Elevation)
        );
    }

    [Fact]
    public void Without_it_the_home_is_in_the_time_zone_of_the_machine_and_has_no_sun()
    {
        var location = Read([]).Options!.Location;
        Assert.True(TimeZoneInfo.FindSystemTimeZoneById(location.Zone.Id).HasIanaId);
        Assert.Equal((null, null, 0), (location.Latitude, location.Longitude, location.Elevation));
    }

    [Theory]
    [InlineData("Hearth:Location:Latitude", "Hearth:Location:Longitude")]
    [InlineData("Hearth:Location:Longitude", "Hearth:Location:Latitude")]
    public void Half_a_place_is_none(string given, string missing)
    {
        var (_, faults) = Read(new() { [given] = "1" });
        Assert.Equal(
            $"{given} is set and {missing} is not; set both of them, or neither.",
            Assert.Single(faults)
        );
    }

    [Fact]
    public void A_list_may_stand_on_one_line_or_on_several()
    {
        var (one, _) = Read(new() { ["Hearth:Homes"] = "a, b" });
        var (several, _) = Read(new() { ["Hearth:Homes:0"] = "a", ["Hearth:Homes:1"] = "b" });
        Assert.Equal(["a", "b"], one!.Homes.Select(home => home.Value));
        Assert.Equal(["a", "b"], several!.Homes.Select(home => home.Value));
    }

    [Fact]
    public void The_committed_page_lists_every_setting() =>
        CommittedFile.AssertEqual("docs/configuration.md", ConfigurationPage.Text());

    private static (HearthOptions? Options, List<string> Faults) Read(
        Dictionary<string, string?> settings
    )
    {
        var faults = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return (HearthOptions.Read(configuration, faults), faults);
    }
}
