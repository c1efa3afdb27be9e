using System.Text.Json;
using Hearth.Core.Devices;
using Hearth.Core.Events;
using Hearth.Core.Tests.Automations;

namespace Hearth.Core.Tests.Devices;

/// <summary>What people say of devices and areas, and who goes by it.</summary>
public sealed class Areas
{
    private static readonly DeviceId Lamp = new("lamp");
    private static readonly DeviceId Desk = new("desk");

    private readonly AHome _home = ARun.Home();

    [Fact]
    public void A_device_is_called_and_placed_as_a_person_says_over_what_it_announced()
    {
        Arrange(
            Lamp,
            """{"name":" Reading lamp ","area":"Study","labels":["Evening","evening"]}"""
        );
        var lamp = _home.Device("lamp");
        Assert.Equal(("Reading lamp", "Study"), (lamp.Name, lamp.Area));
        Assert.Equal(["Evening"], lamp.Says.Labels);
        Assert.Equal(
            "Study|study|Reading lamp",
            Rendered(
                "{{ area_name('light.lamp') }}|{{ area_id('lamp') }}|{{ device_name('lamp') }}"
            )
        );

        // What is left out stays; null takes it back, and what was announced counts again.
        Arrange(Lamp, """{"name":null}""");
        Assert.Equal(("Lamp", "Study"), (_home.Device("lamp").Name, _home.Device("lamp").Area));
        Arrange(Lamp, """{"area":null,"labels":null}""");
        Assert.Equal("Living room", _home.Device("lamp").Area);
        Assert.Equal(3, _home.Of<DeviceArranged>().Count());
    }

    [Fact]
    public void What_changes_nothing_is_no_event()
    {
        Arrange(Lamp, "{}");
        Arrange(Lamp, """{"name":null}""");
        Assert.Empty(_home.Of<DeviceArranged>());
        Save("study", """{"name":"Study"}""");
        Save("study", """{"name":"Study","floor":null,"labels":[]}""");
        Assert.Single(_home.Of<AreaSaved>());
    }

    [Fact]
    public void An_announcement_leaves_it_as_it_is_and_a_restart_and_a_snapshot_keep_it()
    {
        Arrange(Lamp, """{"name":"Reading lamp","labels":["Evening"]}""");
        Save("study", """{"name":"Study","floor":"Upstairs","labels":["Work"]}""");
        _home.Receive(
            "homeassistant/light/lamp/config",
            """
            {"name":null,"unique_id":"lamp","command_topic":"lamp/set","state_topic":"lamp/state",
            "device":{"identifiers":["lamp"],"name":"Lamp","sw_version":"2"} }
            """
        );
        Assert.Equal("2", _home.Device("lamp").Description.SwVersion);
        Assert.Equal("Reading lamp", _home.Device("lamp").Name);

        var bytes = _home.Home.Capture().ToBytes();
        Assert.Equal(bytes, _home.Restored().Capture().ToBytes());
        var restored = Home.Restore(HomeId.Default, HomeSnapshot.FromBytes(bytes), []);
        Assert.Equal(bytes, restored.Capture().ToBytes());
    }

    [Fact]
    public void A_snapshot_from_before_there_was_any_of_it_is_read()
    {
        var bytes = _home.Home.Capture().ToBytes();
        var text = System.Text.Encoding.UTF8.GetString(bytes);
        Assert.DoesNotContain("arranged", text);
        Assert.DoesNotContain("areas", text);
        Assert.Equal(bytes, HomeSnapshot.FromBytes(bytes).ToBytes());
    }

    [Fact]
    public void Templates_see_areas_floors_and_labels()
    {
        Arrange(Lamp, """{"area":"Study","labels":["Evening"]}""");
        Arrange(Desk, """{"area":"study"}""");
        Save("study", """{"name":"My study","floor":"Upstairs","labels":["Quiet room"]}""");
        Assert.Equal(
            "['study'] ['upstairs'] ['evening', 'quiet_room']",
            Rendered("{{ areas() }} {{ floors() }} {{ labels() }}")
        );
        Assert.Equal(
            "My study|Upstairs|['desk', 'lamp']|['study']|['lamp']|['study']|Quiet room",
            Rendered(
                "{{ area_name('light.lamp') }}|{{ floor_name('light.lamp') }}"
                    + "|{{ area_devices('study') }}|{{ floor_areas('upstairs') }}"
                    + "|{{ label_devices('evening') }}|{{ label_areas('Quiet room') }}"
                    + "|{{ label_name('quiet_room') }}"
            )
        );
    }

    [Theory]
    [InlineData("""{"area_id":"study"}""", "light.lamp")]
    [InlineData("""{"floor_id":"upstairs"}""", "light.lamp")]
    [InlineData("""{"floor_id":["downstairs","upstairs"]}""", "light.lamp")]
    [InlineData("""{"label_id":"evening"}""", "light.lamp")]
    [InlineData("""{"label_id":"quiet_room"}""", "light.lamp")]
    [InlineData("""{"label_id":"{{ 'evening' }}"}""", "light.lamp")]
    [InlineData("""{"floor_id":"downstairs"}""", "")]
    [InlineData("""{"area_id":"living_room"}""", "")]
    public void Actions_reach_what_is_in_an_area_on_a_floor_or_carries_a_label(
        string target,
        string reached
    )
    {
        Arrange(Lamp, """{"area":"Study","labels":["Evening"]}""");
        Save("study", """{"name":"My study","floor":"Upstairs","labels":["Quiet room"]}""");
        _home.OnGo($$"""[{"action":"light.turn_on","target":{{target}} }]""");
        _home.Go();
        Assert.Equal(
            reached,
            string.Join(' ', _home.Of<CommandRequested>().Select(command => command.Entity.Value))
        );
        Assert.Equal(["finished"], _home.Ends());
    }

    [Fact]
    public void A_name_is_that_of_the_area_which_people_call_so()
    {
        Save("living_room", """{"name":"Lounge"}""");
        Arrange(Desk, """{"area":"lounge"}""");
        Assert.Equal("living_room", _home.Of<DeviceArranged>().Last().Says.Area);
        Assert.Equal(
            "['living_room'] ['desk', 'lamp']",
            Rendered("{{ areas() }} {{ area_devices('Lounge') }}")
        );

        // An id, as the API answers it, is no name.
        Save("study", """{"name":"Attic"}""");
        Save("attic", """{"name":"Loft"}""");
        Arrange(Desk, """{"area":"attic"}""");
        Assert.Equal("attic", _home.Device("desk").Area);

        // Whoever was in an area before another got its name stays there.
        Arrange(Desk, """{"area":"Den"}""");
        Save("study", """{"name":"Den"}""");
        Arrange(Desk, """{"name":"My desk"}""");
        Assert.Equal("Den", _home.Device("desk").Area);
        Assert.Equal("Den", Rendered("{{ area_name('desk') }}"));
    }

    [Theory]
    [InlineData("客厅", "客厅")]
    [InlineData("Küche 客厅 2", "kuche_客厅_2")]
    [InlineData("Кухня (низ)", "кухня_низ")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("Straße", "strasse")]
    [InlineData("रसोई", "रसोई")]
    [InlineData("𠀀 1", "𠀀_1")]
    [InlineData("🛋️", "u1f6cb_ufe0f")]
    [InlineData("Sofa 🛋️", "sofa")]
    [InlineData("?", "u3f")]
    public void Areas_and_labels_are_named_in_any_script(string name, string id)
    {
        var json = JsonSerializer.Serialize(name);
        Arrange(Desk, $$"""{"area":{{json}},"labels":[{{json}}]}""");
        Save(id, $$"""{"name":"Somewhere","floor":{{json}}}""");
        _home.OnGo($$"""[{"action":"switch.turn_on","target":{"area_id":"{{id}}"} }]""");
        _home.Go();
        Assert.Equal(
            "switch.desk",
            Assert.Single(_home.Of<CommandRequested>().Select(command => command.Entity.Value))
        );
        Assert.Equal(
            $"Somewhere|{id}|['desk']",
            Rendered(
                $"{{{{ area_name('desk') }}}}|{{{{ floors()[0] }}}}"
                    + $"|{{{{ label_devices('{id}') }}}}"
            )
        );
    }

    [Fact]
    public void Areas_that_devices_suggest_in_another_script_do_not_fall_together()
    {
        foreach (
            var (item, area) in new[] { ("a", "客厅"), ("b", "厨房"), ("c", "🛋️"), ("d", "🛏️") }
        )
        {
            _home.Receive(
                $"homeassistant/switch/{item}/config",
                $$"""
                {"unique_id":"{{item}}","command_topic":"{{item}}/set",
                "device":{"identifiers":["{{item}}"],"name":"{{item}}","suggested_area":"{{area}}"} }
                """
            );
        }

        Assert.Equal(
            "['a']['b']['c']['d']",
            Rendered(
                "{{ area_devices('客厅') }}{{ area_devices('厨房') }}"
                    + "{{ area_devices('🛋️') }}{{ area_devices('🛏️') }}"
            )
        );
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"name\":\"\\udc00\\ud800\"}")]
    public void Half_of_a_surrogate_pair_is_refused(string json)
    {
        foreach (
            Input input in new Input[] { new ArrangeDevice(Lamp, json), new SaveArea("a", json) }
        )
        {
            var fault = Assert.Single(Ask(input)!.Faults);
            Assert.Contains("surrogate", fault.Detail);
        }
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once_and_changes_nothing()
    {
        var device = Ask(
            new ArrangeDevice(
                Lamp,
                """{"name":"","area":3,"labels":["ok","a\nb",null],"colour":"red"}"""
            )
        );
        Assert.Equal(
            ["/area", "/colour", "/labels/1", "/labels/2", "/name"],
            device!.Faults.Select(fault => fault.Pointer).Order(StringComparer.Ordinal)
        );
        var area = Ask(new SaveArea("My Study", """{"floor":7,"labels":"x","y":1}"""));
        Assert.Equal(
            ["", "/floor", "/labels", "/name", "/y"],
            area!.Faults.Select(fault => fault.Pointer).Order(StringComparer.Ordinal)
        );
        Assert.Contains("write my_study", area.Faults[0].Detail);
        Assert.Equal("", Ask(new SaveArea("study", "[]"))!.Faults[0].Pointer);
        Assert.Equal(
            RefusalKind.NotFound,
            Ask(new ArrangeDevice(new DeviceId("nobody"), "{}"))!.Kind
        );
        Assert.Empty(_home.Of<DeviceArranged>());
        Assert.Empty(_home.Of<AreaSaved>());
    }

    private void Arrange(DeviceId device, string patch) =>
        Assert.Null(Ask(new ArrangeDevice(device, patch)));

    private void Save(string id, string definition) =>
        Assert.Null(Ask(new SaveArea(id, definition)));

    private Refusal? Ask(Input input) => _home.Ask(input).Refusal;

    private string Rendered(string template)
    {
        _home.With(
            "say",
            $$"""
            "triggers":[{"trigger":"event","event_type":"say"}],
            "actions":[{"event":"said","event_data":{"x":{{JsonSerializer.Serialize(
                "{{ '' }}" + template + " "
            )}} } }]
            """
        );
        _home.Publish("say");
        var said = _home.Of<ProgramEvent>().Last(item => item.ProgramType == "said");
        return JsonElement.Parse(said.Content!).GetProperty("x").ToString().Trim();
    }
}
