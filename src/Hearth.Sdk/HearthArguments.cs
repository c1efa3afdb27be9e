using System.Globalization;
using System.Text;

namespace Hearth.Sdk;

/// <summary>
/// A component's options, each read from an argument (<c>--on-after 20s</c> or
/// <c>--on-after=20s</c>) or else from an environment variable (<c>HEARTH_ON_AFTER</c>).
/// Reading an option also declares it, so <c>--help</c> and the complaint about an unknown option
/// need nothing more. The first option that is not usable is kept as <see cref="Fault"/>.
/// </summary>
public sealed class HearthArguments
{
    private readonly IReadOnlyList<string> args;
    private readonly Func<string, string?> environment;
    private readonly HashSet<int> understood = [];
    private readonly List<(string Name, string Help)> declared = [];

    /// <summary>Takes the program's arguments; nothing is read yet.</summary>
    /// <param name="args">The arguments of <c>Main</c>.</param>
    /// <param name="environment">Looks a variable up; the process's own by default.</param>
    public HearthArguments(IReadOnlyList<string> args, Func<string, string?>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        this.args = args;
        this.environment = environment ?? Environment.GetEnvironmentVariable;
    }

    /// <summary>One sentence about the first option that is not usable, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>A text; null or <paramref name="otherwise"/> if it is not given.</summary>
    public string? Text(string name, string help, string? otherwise = null)
    {
        Declare(name, help, otherwise);
        return Given(name) ?? otherwise;
    }

    /// <summary>A finite number between two bounds, both included, written with a point.</summary>
    public double? Number(
        string name,
        string help,
        double? otherwise = null,
        double min = double.MinValue,
        double max = double.MaxValue
    )
    {
        Declare(name, help, otherwise?.ToString(CultureInfo.InvariantCulture));
        if (Given(name) is not { } text)
        {
            return otherwise;
        }

        var isNumber = double.TryParse(
            text,
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var number
        );
        if (!isNumber || !(number >= min && number <= max))
        {
            var bounds = (min, max) switch
            {
                (double.MinValue, double.MaxValue) => "a number",
                (_, double.MaxValue) => $"a number of at least {min}",
                _ => $"a number from {min} to {max}",
            };
            return Wrong(name, text, bounds, otherwise);
        }

        return number;
    }

    /// <summary>
    /// A duration of more than zero: <c>500ms</c>, <c>20s</c>, <c>5m</c>, <c>1h</c>, or seconds
    /// without a unit.
    /// </summary>
    public TimeSpan? Duration(string name, string help, TimeSpan? otherwise = null)
    {
        Declare(name, help, otherwise is { } t ? $"{t.TotalSeconds}s" : null);
        if (Given(name) is not { } text)
        {
            return otherwise;
        }

        var digits = text.TrimEnd("hms".ToCharArray());
        var unit = text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" or "" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => TimeSpan.Zero,
        };
        var isNumber = double.TryParse(
            digits,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var count
        );
        var isUsable = isNumber && count * unit.TotalDays is > 0 and <= 365;
        return isUsable ? count * unit : Wrong(name, text, "a duration such as 20s", otherwise);
    }

    /// <summary>
    /// A switch: true if it is given as an argument, or as a variable that says <c>true</c>,
    /// <c>yes</c> or <c>1</c>.
    /// </summary>
    public bool Flag(string name, string help)
    {
        Declare(name, help, otherwise: null);
        var found = false;
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == $"--{name}")
            {
                found |= understood.Add(i);
            }
        }

        if (found || environment(Variable(name)) is not { Length: > 0 } text)
        {
            return found;
        }

        switch (text.ToLowerInvariant())
        {
            case "true" or "yes" or "1":
                return true;
            case "false" or "no" or "0":
                return false;
            default:
                Wrong<bool>(name, text, "true or false", otherwise: null);
                return false;
        }
    }

    /// <summary>Where the hub is and who connects: host, port, username, password.</summary>
    public HearthConnection Connection()
    {
        var standard = new HearthConnection();
        return standard with
        {
            Host = Text("host", "host name or address of the hub", standard.Host)!,
            Port = (int)Number("port", "TCP port of the hub's MQTT", standard.Port, 1, 65535)!,
            Username = Text("username", "user name of the device's credential"),
            Password = Text("password", "its secret; better given as a variable"),
        };
    }

    /// <summary>An id: letters, digits, <c>_</c> and <c>-</c>, usable for a device.</summary>
    public string Name(string name, string help, string otherwise)
    {
        var text = Text(name, help, otherwise)!;
        if (HearthDevice.WhyNotAnId(text) is { } reason)
        {
            Fault ??= $"Option --{name} is not usable: {reason}";
        }

        return text;
    }

    /// <summary>
    /// Call it when all options were read. True if the program should end now, because help was
    /// asked for (printed to standard output, exit code 0) or an option was wrong (one sentence
    /// to standard error, exit code 2).
    /// </summary>
    /// <param name="usage">What the program is, for the first line of the help.</param>
    /// <param name="exitCode">The code to end with.</param>
    public bool Answered(string usage, out int exitCode)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.Out.Write(Help(usage));
            exitCode = 0;
            return true;
        }

        for (var i = 0; i < args.Count && Fault is null; i++)
        {
            if (!understood.Contains(i))
            {
                Fault = $"There is no option '{args[i]}'; --help lists them.";
            }
        }

        exitCode = Fault is null ? 0 : 2;
        if (Fault is not null)
        {
            Console.Error.WriteLine(Fault);
        }

        return Fault is not null;
    }

    internal string Help(string usage)
    {
        var help = new StringBuilder().Append(usage).Append("\n\n");
        var width = declared.Max(option => option.Name.Length) + 4;
        foreach (var (name, text) in declared)
        {
            help.Append("  ").Append($"--{name}".PadRight(width)).Append(text).Append('\n');
        }

        help.Append("\nEach can also be given as a variable, for example ");
        return help.Append(Variable(declared[0].Name)).Append(".\n").ToString();
    }

    private static string Variable(string name) =>
        $"HEARTH_{name.Replace('-', '_').ToUpperInvariant()}";

    private void Declare(string name, string help, string? otherwise) =>
        declared.Add((name, otherwise is null ? help : $"{help} ({otherwise})"));

    private string? Given(string name)
    {
        string? given = null;
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i].StartsWith($"--{name}=", StringComparison.Ordinal))
            {
                understood.Add(i);
                given = args[i][(name.Length + 3)..];
            }
            else if (args[i] == $"--{name}" && !understood.Contains(i))
            {
                understood.Add(i);
                if (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal))
                {
                    Fault ??= $"Option --{name} needs a value.";
                    return null;
                }

                understood.Add(i + 1);
                given = args[i + 1];
            }
        }

        // An empty variable is how container files spell "not given".
        return given ?? (environment(Variable(name)) is { Length: > 0 } set ? set : null);
    }

    private T? Wrong<T>(string name, string text, string expected, T? otherwise)
        where T : struct
    {
        Fault ??= $"Option --{name} must be {expected}, not '{text}'.";
        return otherwise;
    }
}
