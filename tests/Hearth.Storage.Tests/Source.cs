using System.Runtime.CompilerServices;

namespace Hearth.Storage.Tests;

/// <summary>Files beside the tests' source, which are read where they lie.</summary>
internal static class Source
{
    public static string PathOf(string name) =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, name));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
