using Hearth.Components.EnergyTracker;
using Hearth.Sdk;

var arguments = new HearthArguments(args);
var connection = arguments.Connection();
var options = TrackerOptions.Read(arguments);
if (arguments.Answered("Measures what a lamp draws, for a Hearth hub.", out var exitCode))
{
    return exitCode;
}

using var stop = new StopSignal();
await using var tracker = new Tracker(options, TimeProvider.System, new Random(), Console.Out);
try
{
    await tracker.RunAsync(connection, stop.Token);
    return 0;
}
catch (HearthException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
