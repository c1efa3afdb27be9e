using System.Text.Json;

namespace Hearth.Core.Events;

/// <summary>
/// What a later event needs of the one that led to it, kept by value where the event itself is not
/// at hand any more: in a running timer, in a command that waits for its answer.
/// </summary>
/// <param name="Root">The first event of the chain.</param>
/// <param name="Depth">How many automations the chain has gone through.</param>
internal readonly record struct Cause(EventRef Ref, EventRef Root, int Depth)
{
    public static Cause Of(Event item) => new(item.Ref, item.Root, item.Depth);

    public void Write(JsonWriter json, string name)
    {
        json.Name(name).BeginObject();
        JsonRead.Ref(json, "event", Ref);
        JsonRead.Ref(json, "root", Root);
        json.Name("depth").Number(Depth).EndObject();
    }

    public static Cause Read(JsonElement json, string name)
    {
        var cause = json.GetProperty(name);
        return new Cause(
            JsonRead.Ref(cause, "event")!.Value,
            JsonRead.Ref(cause, "root")!.Value,
            (int)JsonRead.Number(cause, "depth")
        );
    }
}
