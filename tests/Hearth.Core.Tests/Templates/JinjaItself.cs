using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Hearth.Core.Templates;

namespace Hearth.Core.Tests.Templates;

/// <summary>
/// The real Jinja2 beside our own, in one process of Python that answers a line a line. It is
/// Debian's python3-jinja2; where that is not installed, whatever asks for it is skipped.
/// </summary>
internal sealed class JinjaItself : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> IsInstalled = new(() => File.Exists(Python) && Imports());

    private readonly Process _process;

    public JinjaItself()
    {
        Assert.SkipUnless(IsInstalled.Value, "Debian's python3-jinja2 is not installed.");
        _process = Start([PathOf("jinja_oracle.py"), "serve"]);
    }

    /// <summary>What its now() answers, and where its home lies.</summary>
    public static TemplateContext Context(TemplateVariables? variables = null) =>
        new()
        {
            Now = new DateTimeOffset(2026, 3, 28, 12, 30, 15, 250, TimeSpan.Zero),
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
            Variables = variables,
        };

    public static string PathOf(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, name);

    /// <summary>What Jinja2 prints; null where it refuses the template.</summary>
    public string? Render(string template, string variables)
    {
        string line =
            $$"""{"template":{{JsonSerializer.Serialize(template)}},"variables":{{variables}}}""";
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        string answer =
            _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException(
                "Python has ended: " + _process.StandardError.ReadToEnd()
            );
        return JsonElement.Parse(answer).TryGetProperty("text", out var text)
            ? text.GetString()
            : null;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static bool Imports()
    {
        using var process = Start(["-c", "import jinja2"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static Process Start(string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(Python, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
}
