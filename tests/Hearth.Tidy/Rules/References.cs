using System.Xml.Linq;

namespace Hearth.Tidy.Rules;

/// <summary>
/// Which room may use which, and which packages belong to which room. A new room, or a new wall
/// between two, is a decision: write it down in docs/adr and then here.
/// </summary>
internal static class References
{
    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["Hearth.Core"] = [],
        ["Hearth.Storage"] = ["Hearth.Core"],
        ["Hearth.Homes"] = ["Hearth.Core", "Hearth.Storage"],
        ["Hearth.Mqtt"] = ["Hearth.Core", "Hearth.Storage", "Hearth.Homes"],
        ["Hearth.Web"] = ["Hearth.Core", "Hearth.Storage", "Hearth.Homes"],
        ["Hearth.Hub"] =
        [
            "Hearth.Core",
            "Hearth.Storage",
            "Hearth.Homes",
            "Hearth.Mqtt",
            "Hearth.Web",
        ],
        ["Hearth.Sdk"] = [],
    };

    private static readonly string[] UsableByComponents = ["Hearth.Sdk"];

    /// <summary>A package family and the rooms it belongs to; the first match counts.</summary>
    private static readonly (string Package, string[] Rooms)[] Packages =
    [
        ("MQTTnet.Server", []),
        ("MQTTnet", ["Hearth.Mqtt", "Hearth.Sdk"]),
        ("Microsoft.Data.Sqlite", ["Hearth.Storage"]),
        ("Npgsql", ["Hearth.Storage"]),
        ("Dapper", []),
        ("dbup", ["Hearth.Storage"]),
        ("Microsoft.Orleans", ["Hearth.Homes", "Hearth.Hub"]),
        ("Microsoft.AspNetCore", ["Hearth.Hub", "Hearth.Web"]),
        ("YamlDotNet", ["Hearth.Hub"]),
        ("MediatR", []),
        ("FluentValidation", []),
        ("AutoMapper", []),
        ("Microsoft.EntityFrameworkCore", []),
        ("xunit", []),
    ];

    public static IEnumerable<Finding> Check(TextFile project)
    {
        var room = Path.GetFileNameWithoutExtension(project.Path);
        var isSource = project.Path.StartsWith("src/", StringComparison.Ordinal);
        var isComponent = project.Path.StartsWith("components/", StringComparison.Ordinal);
        if (!isSource && !isComponent)
        {
            return [];
        }

        if (isSource && !Rooms.ContainsKey(room))
        {
            return
            [
                new Finding(
                    project.Path,
                    0,
                    $"{room} is no room of the house. An assembly needs a different set of packages"
                        + " or a different consumer: write the decision, then add it to Rooms in"
                        + " Rules/References.cs."
                ),
            ];
        }

        var xml = XDocument.Parse(project.Text);
        var allowed = isComponent ? UsableByComponents : Rooms[room];
        return ProjectReferences(project, xml, room, allowed)
            .Concat(PackageReferences(project, xml, room, isComponent));
    }

    private static IEnumerable<Finding> ProjectReferences(
        TextFile project,
        XDocument xml,
        string room,
        string[] allowed
    ) =>
        from reference in xml.Descendants("ProjectReference")
        let path = ((string?)reference.Attribute("Include") ?? "").Replace('\\', '/')
        let name = Path.GetFileNameWithoutExtension(path)
        // A project that is only built before this one is no dependency of its code.
        where (string?)reference.Attribute("ReferenceOutputAssembly") != "false"
        where !allowed.Contains(name)
        select new Finding(
            project.Path,
            0,
            $"{room} uses {name}. It may use: {Words(allowed)}. What both need belongs to a room"
                + " below them; what it wants to be told comes as an event."
        );

    private static IEnumerable<Finding> PackageReferences(
        TextFile project,
        XDocument xml,
        string room,
        bool isComponent
    )
    {
        foreach (var reference in xml.Descendants("PackageReference"))
        {
            var package = (string?)reference.Attribute("Include") ?? "";
            if (room == "Hearth.Core" || isComponent)
            {
                yield return new Finding(
                    project.Path,
                    0,
                    isComponent
                        ? $"uses {package}. A component needs the SDK and the framework only."
                        : $"uses {package}. Core needs the framework only."
                );
                continue;
            }

            var family = Packages.FirstOrDefault(entry =>
                package.StartsWith(entry.Package, StringComparison.OrdinalIgnoreCase)
            );
            if (family.Package is not null && !family.Rooms.Contains(room))
            {
                yield return new Finding(
                    project.Path,
                    0,
                    $"uses {package}, which belongs to: {Words(family.Rooms)}. Ask that room, or"
                        + " write the decision and change Packages in Rules/References.cs."
                );
            }
        }
    }

    private static string Words(string[] names) =>
        names.Length == 0 ? "none" : string.Join(", ", names);
}
