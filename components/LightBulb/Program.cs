using Hearth.Components.LightBulb;
using Hearth.Sdk;

var arguments = new HearthArguments(args);
var connection = arguments.Connection();
var options = LampOptions.Read(arguments);
if (arguments.Answered("A lamp that speaks MQTT to a Hearth hub.", out var exitCode))
{
    return exitCode;
}

using var stop = new StopSignal();
await using var lamp = new Lamp(options, TimeProvider.System, Console.Out);
try
{
    await lamp.RunAsync(connection, stop.Token);
    return 0;
}
catch (HearthException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
