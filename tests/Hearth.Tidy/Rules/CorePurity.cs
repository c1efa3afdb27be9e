using System.Reflection;

namespace Hearth.Tidy.Rules;

/// <summary>
/// No task, stream, clock or randomness in what Core's members take, give or keep. The banned
/// symbols see calls; this sees signatures.
/// </summary>
internal static class CorePurity
{
    private const BindingFlags Everything =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly string[] BannedNamespaces =
    [
        "System.Threading",
        "System.IO",
        "System.Net",
        "System.Data",
    ];

    private static readonly string[] BannedTypes =
    [
        "System.TimeProvider",
        "System.Random",
        "System.Diagnostics.Stopwatch",
        "System.IServiceProvider",
    ];

    public static IEnumerable<Finding> Check(Type type) =>
        type.GetMembers(Everything)
            .SelectMany(member =>
                Mentioned(member).SelectMany(Parts).Distinct().Select(Named(member))
            )
            .Concat(BaseTypes(type).SelectMany(Parts).Distinct().Select(Named(type)))
            .OfType<Finding>()
            .Distinct();

    private static Func<Type, Finding?> Named(MemberInfo member) =>
        part =>
            IsBanned(part)
                ? new Finding(
                    $"{member.DeclaringType?.FullName ?? ((Type)member).FullName}",
                    0,
                    $"{member.Name} mentions {part.FullName}. The core is synchronous and reads"
                        + " nothing: what must happen outside comes out as an event, what came of"
                        + " it comes in as an input, and time comes in as a value."
                )
                : null;

    private static IEnumerable<Type> BaseTypes(Type type) =>
        type.GetInterfaces().Concat(type.BaseType is null ? [] : [type.BaseType]);

    private static IEnumerable<Type> Mentioned(MemberInfo member) =>
        member switch
        {
            MethodInfo method => method
                .GetParameters()
                .Select(parameter => parameter.ParameterType)
                .Append(method.ReturnType),
            ConstructorInfo constructor => constructor
                .GetParameters()
                .Select(parameter => parameter.ParameterType),
            FieldInfo field => [field.FieldType],
            PropertyInfo property => [property.PropertyType],
            EventInfo happening => [happening.EventHandlerType!],
            _ => [],
        };

    /// <summary>The type itself, what it is an array of, and what it is generic over.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        return type.GetGenericArguments().SelectMany(Parts).Append(type);
    }

    private static bool IsBanned(Type type) =>
        BannedTypes.Contains(type.FullName)
        || BannedNamespaces.Any(name =>
            type.Namespace == name
            || type.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) == true
        );
}
