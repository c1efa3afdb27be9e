using System.Globalization;
using System.Text.Json;

namespace Hearth.Hub.Demo;

/// <summary>
/// The founding example, for real: a lamp and an energy tracker as processes of their own that
/// speak MQTT only, an automation that anybody can change, and a line for each thing that happens.
/// </summary>
internal sealed class DemoRun(WebApplication app, bool once, TimeProvider clock)
{
    private static readonly TimeSpan RoundMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    private readonly Narrator _narrator = new();
    private readonly Round _round = new();
    private readonly Listeners _listeners = app.Services.GetRequiredService<Listeners>();

    /// <summary>Runs until the hub is stopped, or, for one round, until that is over.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            app.Lifetime.ApplicationStopping
        );
        Say(Welcome.Text(app));
        var fault = await PlayAsync(ending);
        await app.StopAsync(CancellationToken.None);
        if (fault is not null)
        {
            await Console.Error.WriteLineAsync(fault);
            return 1;
        }

        Say(once ? "One full round, as it should be. Stopped." : "Stopped.");
        return 0;
    }

    /// <summary>Plays with both components running; answers what went wrong, if anything.
    /// </summary>
    private async Task<string?> PlayAsync(CancellationTokenSource ending)
    {
        using var home = new DemoHome(
            new Uri($"http://127.0.0.1:{_listeners.HttpPort}{Program.ApiPath}/")
        );
        using var playing = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        if (once)
        {
            playing.CancelAfter(RoundMax);
        }

        try
        {
            var events = await home.FollowAsync(playing.Token);
            Introduce(await home.InstallAutomationAsync(playing.Token));
            await using var lamp = StartLamp();
            await using var tracker = StartTracker();
            return await PlayAsync(home, events, [lamp, tracker], playing.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return once ? "Stopped before the round was over." : null;
        }
        catch (OperationCanceledException)
        {
            return $"The round was not over within {RoundMax.TotalSeconds} seconds; what did not"
                + $" happen: {_round.Missing}.";
        }
        catch (FileNotFoundException fault)
        {
            return fault.Message;
        }
    }

    private async Task<string?> PlayAsync(
        DemoHome home,
        IAsyncEnumerable<JsonElement> events,
        ComponentProcess[] components,
        CancellationToken cancellationToken
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var telling = TellAsync(events, over.Token);
        var beginning = BeginAsync(home, over.Token);
        var ends = components.Select(component => component.EndedAsync(over.Token)).ToList();
        var first = await Task.WhenAny([telling, beginning, .. ends]);
        if (first == beginning && beginning.IsCompletedSuccessfully)
        {
            first = await Task.WhenAny([telling, .. ends]);
        }

        var fault = await FaultOfAsync(first, telling, cancellationToken);
        await over.CancelAsync();
        await Task.WhenAll([telling, beginning, .. ends])
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return fault;
    }

    /// <summary>A component that ended says so, and so does the stream; but Ctrl+C reaches them,
    /// too, and perhaps first.</summary>
    private async Task<string?> FaultOfAsync(
        Task first,
        Task telling,
        CancellationToken cancellationToken
    )
    {
        string? fault = null;
        if (first is Task<string> ended)
        {
            fault = await ended;
        }
        else
        {
            await first;
            fault = first == telling && !_round.IsOver ? "The event stream has ended." : null;
        }

        if (fault is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), clock, cancellationToken);
        }

        return fault;
    }

    private async Task TellAsync(
        IAsyncEnumerable<JsonElement> events,
        CancellationToken cancellationToken
    )
    {
        await foreach (var item in events.WithCancellation(cancellationToken))
        {
            if (_narrator.Tell(item) is { } line)
            {
                var time = clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
                Say($"{time}  {line}");
            }

            _round.Take(item);
            if (once && _round.IsOver)
            {
                return;
            }
        }
    }

    /// <summary>Turns the lamp on once both components are there and nothing flows: crossing a
    /// threshold needs a reading from below it.</summary>
    private async Task BeginAsync(DemoHome home, CancellationToken cancellationToken)
    {
        while (
            await home.StateAsync(DemoHome.Lamp, cancellationToken) != "off"
            || !IsBelow(await home.StateAsync(DemoHome.Power, cancellationToken))
            || !await home.TurnOnAsync(cancellationToken)
        )
        {
            await Task.Delay(AskAgain, clock, cancellationToken);
        }
    }

    private static bool IsBelow(string? state) =>
        double.TryParse(state, CultureInfo.InvariantCulture, out var watts) && watts < 50;

    private ComponentProcess StartLamp()
    {
        var port = _listeners.MqttPort.ToString(CultureInfo.InvariantCulture);
        string[] again = once ? [] : ["--on-after", "15s"];
        string[] arguments = ["--port", port, "--name", "desk-lamp", "--watts", "60", .. again];
        return ComponentProcess.Start("LightBulb", arguments, clock);
    }

    private ComponentProcess StartTracker()
    {
        var port = _listeners.MqttPort.ToString(CultureInfo.InvariantCulture);
        string[] arguments = ["--port", port, "--name", "energy-tracker", "--watch", "desk-lamp"];
        return ComponentProcess.Start("EnergyTracker", arguments, clock);
    }

    private void Introduce(bool installed)
    {
        var api = $"http://localhost:{_listeners.HttpPort}{Program.ApiPath}";
        Say(
            $"""

            The demo: a lamp and an energy tracker, each a process of its own, speak MQTT. More than
            50 W for 10 seconds turns the lamp off{(
                once ? "." : "; 15 seconds later somebody turns it on again."
            )}

              the rule     {api}/automations/{DemoHome.Automation}
                           ({(installed ? "installed now" : "as it was found")}; change it with PUT)
              the devices  {api}/devices
              everything   {api}/events/stream

            """
        );
    }

    private static void Say(string text) => Console.Out.WriteLine(text);
}
