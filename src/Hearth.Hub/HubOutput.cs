using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace Hearth.Hub;

/// <summary>
/// What operators read. The console's output is for people, so this goes to the error stream.
/// </summary>
internal static class HubOutput
{
    public static ILoggerFactory Create(IConfiguration levels, LogLevel least) =>
        LoggerFactory.Create(logging =>
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            });
            logging.Services.Configure<ConsoleLoggerOptions>(console =>
                console.LogToStandardErrorThreshold = LogLevel.Trace
            );
            logging.SetMinimumLevel(LogLevel.Warning);
            logging.AddFilter("Hearth", least);
            // A silo says at every start how it would like to be hosted; that is decided here.
            logging.AddFilter("Orleans", LogLevel.Error);
            logging.AddFilter("Polly", LogLevel.Error);
            // What goes wrong at a start is told to the person as a sentence; see StartFault.
            logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
            logging.AddConfiguration(levels);
        });
}
