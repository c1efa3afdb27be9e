using Hearth.Sdk;

namespace Hearth.Hub.Tests;

/// <summary>A real lamp on the bus, which does what it is told unless it is deaf.</summary>
internal sealed class ALamp : IAsyncDisposable
{
    private readonly HearthDevice _device;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private ALamp(int port, string id, bool deaf)
    {
        _device = new HearthDevice(id) { Manufacturer = "Test", OnNotice = _ => { } };
        var light = _device.AddLight("light", brightness: true);
        light.OnCommand(
            (command, token) => deaf ? Task.CompletedTask : light.ReportAsync(command.State, token)
        );
        var connection = new HearthConnection { Host = "127.0.0.1", Port = port };
        _running = RunAsync(light, connection);
    }

    /// <summary>A lamp that is there, off and available.</summary>
    public static async Task<ALamp> PlugInAsync(AHub hub, string id = "lamp", bool deaf = false)
    {
        var lamp = new ALamp(hub.MqttPort, id, deaf);
        await Until.TrueAsync(
            async () =>
            {
                var entity = await hub.GetAsync($"/api/v1/entities/light.{id}");
                return entity.Status == 200
                    && entity.Json.GetProperty("state").GetString() == "off";
            },
            $"light.{id} to be off"
        );
        return lamp;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _device.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(HearthLight light, HearthConnection connection)
    {
        await light.ReportAsync(light.State with { On = false }, _stop.Token);
        await _device.RunAsync(connection, _stop.Token);
    }
}
