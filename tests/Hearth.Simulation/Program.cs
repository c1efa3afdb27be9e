using System.Diagnostics;
using System.Globalization;
using Hearth.Simulation;
using Xunit.MicrosoftTestingPlatform;

// ./simulate comes here with its arguments; everything else is the test runner's.
return args switch
{
    ["simulate", .. var rest] => Simulate(rest),
    _ when args.Any(arg => arg is "--server" or "--internal-msbuild-node") =>
        await TestPlatformTestFramework.RunAsync(
            args,
            SelfRegisteredExtensions.AddSelfRegisteredExtensions
        ),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};

static int Simulate(string[] args)
{
    var first = Environment.TickCount & 0xFFFFFF;
    var count = 1_000;
    switch (args)
    {
        case []:
            break;
        case ["--count", var many]:
            count = int.Parse(many, CultureInfo.InvariantCulture);
            break;
        case ["--count", var many, "--from", var from]:
            count = int.Parse(many, CultureInfo.InvariantCulture);
            first = int.Parse(from, CultureInfo.InvariantCulture);
            break;
        case [var seed]:
            (first, count) = (int.Parse(seed, CultureInfo.InvariantCulture), 1);
            break;
        default:
            Console.Error.WriteLine("usage: ./simulate [seed | --count N [--from SEED]]");
            return 2;
    }

    var began = Stopwatch.StartNew();
    var result = Seeds.Run(Enumerable.Range(first, count));
    foreach (var failure in result.Failures)
    {
        Console.Error.WriteLine(failure);
    }

    Console.WriteLine(
        $"{count} seeds from {first}, {result.Failures.Count} failed, {result.Events} events, "
            + $"{began.Elapsed.TotalSeconds:0.0} s"
    );
    if (count == 1 && result.Reports.SingleOrDefault() is { } report)
    {
        Console.WriteLine($"{report.Digest}: {report.Events} events, {report.Steps} steps");
    }

    return result.Failures.Count == 0 ? 0 : 1;
}
