using Hearth.Bench;

// The load generator: small enough to leave the machine to what it measures. It speaks to any
// broker, so that peers can be run beside Hearth in the same minutes on the same machine.
var options = new Arguments(args);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};
try
{
    return options.Command switch
    {
        "publish" => await PublishLoad.RunAsync(options, stop.Token),
        "http" => await HttpLoad.RunAsync(options, stop.Token),
        "rule" => await RuleLoad.RunAsync(options, stop.Token),
        "match" => MatchLoad.Run(options),
        "fanout" => await FanoutLoad.RunAsync(options, stop.Token),
        "latency" => await LatencyLoad.RunAsync(options, stop.Token),
        "storm" => await StormLoad.RunAsync(options, stop.Token),
        "slow-reader" => await SlowReaderLoad.RunAsync(options, stop.Token),
        "start" => await StartLoad.RunAsync(options, stop.Token),
        "past" => await PastLoad.RunAsync(options, stop.Token),
        "why" => await WhyLoad.RunAsync(options, stop.Token),
        "templates" => TemplateLoad.Run(options),
        _ => Arguments.Usage(),
    };
}
catch (Exception failure) when (failure is IOException or HttpRequestException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
