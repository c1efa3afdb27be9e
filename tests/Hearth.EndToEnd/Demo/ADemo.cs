using System.Net;
using System.Net.Sockets;
using Hearth.EndToEnd.Running;

namespace Hearth.EndToEnd.Demo;

/// <summary><c>hearth demo</c>, as a newcomer starts it.</summary>
public sealed class ADemo
{
    private static readonly TimeSpan ARound = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Shows_the_whole_round_once_and_ends_well()
    {
        using var folder = new TemporaryFolder();
        await using var demo = Start(folder, "--once");

        var code = await demo.ExitAsync(ARound);

        Assert.True(code == 0, $"The demo ended with {code}:\n{demo.Output}");
        InOrder(
            demo.Output,
            "lamp on",
            "tracker measures",
            "above 50 W, held for 10 s",
            "triggered",
            "command light.turn_off for light.desk_lamp",
            "lamp off",
            "acknowledged",
            "tracker measures 0 W"
        );
        NothingIsLeft(folder, demo);
    }

    [Fact]
    public async Task Stops_everything_it_started_when_it_is_interrupted()
    {
        using var folder = new TemporaryFolder();
        await using var demo = Start(folder);
        // Once the lamp is on, all three of them run.
        await demo.PrintsAsync("lamp on", TimeSpan.FromSeconds(40));
        await Eventually.Holds(
            "a hub, a lamp and a tracker run",
            TimeSpan.FromSeconds(20),
            () => Children(demo.Id).Count >= 2,
            () => string.Join('\n', Children(demo.Id))
        );
        var children = Children(demo.Id);

        demo.Interrupt();

        var code = await demo.ExitAsync(StopWithin);
        Assert.True(code is 0 or 130, $"The demo ended with {code}:\n{demo.Output}");
        Assert.DoesNotContain(children, IsRunning);
    }

    [Theory]
    [InlineData("--http-port")]
    [InlineData("--mqtt-port")]
    public async Task Says_in_a_sentence_that_a_port_is_in_use(string port)
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, Ports.Take());
        taken.Start();
        var number = ((IPEndPoint)taken.LocalEndpoint).Port.ToString();
        var other = port == "--http-port" ? "--mqtt-port" : "--http-port";
        foreach (var command in new string[][] { ["demo", "--once"], [] })
        {
            await using var hub = RunningProgram.Start(
                Built.Hub,
                [.. command, port, number, other, Ports.Take().ToString(), "--data", folder.Path]
            );

            var code = await hub.ExitAsync(TimeSpan.FromSeconds(30));

            Assert.NotEqual(0, code);
            Assert.Contains(number, hub.Output);
            Assert.DoesNotContain("   at ", hub.Output);
            Assert.DoesNotContain("Exception", hub.Output);
        }
    }

    private static RunningProgram Start(TemporaryFolder folder, params string[] more) =>
        RunningProgram.Start(
            Built.Hub,
            [
                "demo",
                "--http-port",
                Ports.Take().ToString(),
                "--mqtt-port",
                Ports.Take().ToString(),
                "--data",
                folder.Path,
                .. more,
            ],
            folder.Path
        );

    private static void InOrder(string output, params string[] words)
    {
        var from = 0;
        foreach (var word in words)
        {
            var at = output.IndexOf(word, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"\"{word}\" is missing, or not in its place:\n{output}");
            from = at + word.Length;
        }
    }

    /// <summary>No process speaks of the demo's folder any more.</summary>
    private static void NothingIsLeft(TemporaryFolder folder, RunningProgram demo)
    {
        var left = Directory
            .EnumerateDirectories("/proc")
            .Where(path => int.TryParse(Path.GetFileName(path), out _))
            .Where(path => CommandLine(path).Contains(folder.Path, StringComparison.Ordinal));
        Assert.True(!left.Any(), $"Still there: {string.Join(", ", left)}\n{demo.Output}");
    }

    private static bool IsRunning(int process) => Directory.Exists($"/proc/{process}");

    private static List<int> Children(int parent) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
                .Where(id => id != 0 && ParentOf(id) == parent),
        ];

    private static int ParentOf(int process)
    {
        try
        {
            // pid (name) state ppid …; the name may hold blanks and parentheses.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (IOException)
        {
            // It ended while it was looked at.
            return 0;
        }
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It ended while it was looked at, or belongs to somebody else.
            return "";
        }
    }
}
