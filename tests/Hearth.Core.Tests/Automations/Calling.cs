using Hearth.Core.Automations;

namespace Hearth.Core.Tests.Automations;

/// <summary>Whom actions are for, and what the hub does itself.</summary>
public sealed class Calling
{
    [Fact]
    public void Target_areas_and_data_entity_ids_are_understood()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"action":"light.turn_on","target":{"area_id":"living_room"},"data":{} },
                 {"service":"switch.turn_on","data":{"entity_id":"switch.desk"} },
                 {"action":"homeassistant.turn_on","target":{"entity_id":"{{ ['light.lamp'] }}"} },
                 {"action":"light.{{ 'turn_on' }}","entity_id":"light.lamp, light.gone"}]
                """
            );
        home.Go();
        Assert.Equal(
            [
                "light.lamp light.turn_on",
                "switch.desk switch.turn_on",
                "light.lamp light.turn_on",
                "light.lamp light.turn_on",
            ],
            home.Told()
        );
        Assert.Contains("light.gone", string.Concat(home.Traces()));
    }

    [Fact]
    public void The_hubs_own_actions()
    {
        var home = ARun.Home()
            .OnGo(
                """
                [{"action":"mqtt.publish","data":{"topic":"x/y","payload":"{{ {'a':1} | to_json }}","retain":true} },
                 {"action":"notify.ana","data":{"title":"T","message":"{{ states('light.lamp') }}"} },
                 {"action":"automation.turn_off","target":{"entity_id":"automation.it"} },
                 {"event":"never"}]
                """
            );
        home.Go();
        var sent = home.Of<NotificationSent>().Single();
        Assert.Equal(("notify.ana", "T", "off"), (sent.Service, sent.Title, sent.Message));
        var published = home.Of<Core.Events.MessagePublished>().Single();
        Assert.Equal(
            ("x/y", "{\"a\":1}", true),
            (published.Topic, published.Payload.Text, published.Retain)
        );
        Assert.Equal(["cancelled"], home.Ends());
        Assert.Empty(home.Said());
    }

    [Fact]
    public void One_automation_sets_off_another()
    {
        var home = ARun.Home()
            .With(
                "other",
                """
                "alias":"The other one","triggers":[],"conditions":["{{ false }}"],"actions":[{"event":"other"}]
                """
            )
            .OnGo(
                """
                [{"action":"automation.trigger",
                  "target":{"entity_id":"automation.the_other_one"} }]
                """
            );
        home.Go();
        Assert.Equal(["other {}"], home.Said());
        var triggered = home.Of<AutomationTriggered>().Last();
        Assert.Contains("automation:it", triggered.Facts);
    }
}
