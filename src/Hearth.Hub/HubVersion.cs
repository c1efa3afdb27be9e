namespace Hearth.Hub;

internal static class HubVersion
{
    /// <summary>The version of this build, <c>0.1.0</c>.</summary>
    public static readonly string Text = typeof(HubVersion).Assembly.GetName().Version!.ToString(3);
}
