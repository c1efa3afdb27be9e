using Hearth.Tidy.Rules;

namespace Hearth.Tidy;

/// <summary>
/// The style guide as a test: each rule held against the whole repository. A message says what to
/// do instead; that a rule can fail is shown beside it, on samples.
/// </summary>
public sealed class TheTree
{
    private static readonly string[] ShippedFolders = ["src/", "components/", "bench/"];

    private static readonly Repository Repository = Repository.Current;

    private static readonly IReadOnlyList<SourceFile> Sources = [.. Repository.Sources()];

    private static IEnumerable<SourceFile> Shipped =>
        Sources.Where(source => IsShipped(source.Path));

    private static IEnumerable<SourceFile> Tests =>
        Sources.Where(source => source.Path.StartsWith("tests/", StringComparison.Ordinal));

    [Fact]
    public void Was_found() => Assert.Contains("src/Hearth.Core/Home.cs", Repository.Paths);

    [Fact]
    public void Has_files_that_can_be_read_at_once() =>
        Finding.None(Sources.SelectMany(Limits.Files));

    [Fact]
    public void Has_methods_that_fit_on_a_screen() =>
        Finding.None(Sources.SelectMany(Limits.Methods));

    [Fact]
    public void Has_lines_that_fit_beside_each_other() =>
        Finding.None(Sources.SelectMany(Limits.Columns));

    [Fact]
    public void Has_types_with_names_that_say_something() =>
        Finding.None(Sources.SelectMany(Names.Types));

    [Fact]
    public void Has_folders_that_are_features() =>
        Finding.None(Repository.Paths.SelectMany(Names.Folders));

    [Fact]
    public void Has_no_blanks_in_file_names() =>
        Finding.None(Repository.Paths.SelectMany(Names.Spaces));

    [Fact]
    public void Has_no_async_void() => Finding.None(Sources.SelectMany(Hazards.AsyncVoid));

    [Fact]
    public void Swallows_no_exception() => Finding.None(Sources.SelectMany(Hazards.SilentCatch));

    [Fact]
    public void Is_finished() =>
        Finding.None(
            Repository
                .Files(".cs", ".razor", ".sql")
                .Where(file => IsShipped(file.Path))
                .SelectMany(Hazards.Unfinished)
        );

    // The load generator is left out: to measure the machine's time is what it is for.
    [Fact]
    public void Takes_the_machines_clock_only_where_it_is_composed() =>
        Finding.None(
            Shipped
                .Where(source => !source.Path.StartsWith("bench/", StringComparison.Ordinal))
                .SelectMany(Hazards.SystemClock)
        );

    [Fact]
    public void Has_no_test_that_sleeps() => Finding.None(Tests.SelectMany(Hazards.Sleeps));

    [Fact]
    public void Gives_a_reason_for_every_warning_that_is_off() =>
        Finding.None([
            .. Sources.SelectMany(Suppressions.Pragmas),
            .. Sources.SelectMany(Suppressions.Attributes),
            .. Repository.Files(".csproj", ".props", ".targets").SelectMany(Suppressions.NoWarn),
            .. Repository.Files(".editorconfig").SelectMany(Suppressions.Severities),
        ]);

    [Fact]
    public void Has_references_in_one_direction() =>
        Finding.None(Repository.Files(".csproj").SelectMany(References.Check));

    [Fact]
    public void Has_a_core_that_waits_for_nothing_and_reads_nothing() =>
        Finding.None(typeof(Core.Home).Assembly.GetTypes().SelectMany(CorePurity.Check));

    [Fact]
    public void Has_links_that_lead_somewhere() =>
        Finding.None(
            Repository.Files(".md").SelectMany(file => Documents.Links(file, ReadOrFolder))
        );

    [Fact]
    public void Has_every_test_that_a_promise_of_the_bus_names()
    {
        var bus = new TextFile("docs/bus.md", Repository.Read("docs/bus.md"));
        Finding.None(Documents.NamedTests(bus, [.. Tests.Select(test => test.File)]));
    }

    [Fact]
    public void Has_every_test_that_a_statement_of_MQTT_names()
    {
        const string path = "docs/mqtt-conformance.md";
        var statements = new TextFile(path, Repository.Read(path));
        var tests = Tests.Select(test => test.File).ToList();
        Finding.None(Documents.NamedTests(statements, tests));
        Finding.None(Documents.Statements(statements, tests));
        var broker = new TextFile("docs/mqtt.md", Repository.Read("docs/mqtt.md"));
        Finding.None(Documents.NamedTests(broker, tests));
    }

    [Fact]
    public void Has_decisions_with_number_date_status_and_price()
    {
        var index = Repository.Read("docs/adr/README.md");
        var records = Repository.Files(".md").Where(file => IsDecision(file.Path)).ToList();
        Assert.NotEmpty(records);
        Finding.None(records.SelectMany(record => Documents.Decision(record, index)));
        Finding.None(Documents.DecisionNumbers(records.Select(record => record.Path)));
    }

    [Fact]
    public void Has_a_word_for_every_folder()
    {
        var glossary = Repository.Read("docs/concepts/README.md");
        Finding.None(Documents.FolderWords(Repository.Paths, glossary));
        Finding.None(Repository.Paths.SelectMany(Documents.FolderDepth));
    }

    [Fact]
    public void Has_a_root_that_can_be_taken_in_at_a_glance()
    {
        Finding.None(Layout.RootEntries(Repository.Paths));
        Finding.None(Repository.Files(".editorconfig").SelectMany(Layout.EditorConfig));
    }

    [Fact]
    public void Locks_the_packages_of_every_project_and_builds_each()
    {
        Finding.None(Layout.LockFiles([.. Repository.Paths]));
        Finding.None(Layout.Solution(Repository.Paths, Repository.Read("Hearth.slnx")));
    }

    [Fact]
    public void Names_no_path_of_one_machine() =>
        Finding.None(Repository.Files(TextEndings).SelectMany(Layout.MachinePaths));

    private static readonly string[] TextEndings =
    [
        ".cs",
        ".md",
        ".json",
        ".jsonl",
        ".yaml",
        ".yml",
        ".sh",
        ".sql",
        ".txt",
        ".props",
        ".csproj",
        ".slnx",
        "Dockerfile",
        ".ci/run",
    ];

    private static bool IsShipped(string path) =>
        ShippedFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal));

    private static bool IsDecision(string path) =>
        path.StartsWith("docs/adr/", StringComparison.Ordinal)
        && !path.EndsWith("/README.md", StringComparison.Ordinal);

    private static string? ReadOrFolder(string path) =>
        Repository.Has(path) ? Repository.Read(path)
        : Directory.Exists(Path.Combine(Repository.Root, path)) ? ""
        : null;
}
