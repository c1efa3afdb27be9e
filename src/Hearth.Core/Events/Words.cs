namespace Hearth.Core.Events;

/// <summary>
/// What the members of the two events that fill a log are called: in whole words for people and on
/// the wire, in letters inside a row, where they are most of what is written.
/// </summary>
internal sealed record Words(
    string Entity,
    string From,
    string To,
    string State,
    string Attributes,
    string Available,
    string Topic,
    string Payload,
    string PayloadText,
    string PayloadBase64,
    string Qos,
    string Retain,
    string Client
)
{
    public static readonly Words Whole = new(
        "entity_id",
        "from",
        "to",
        "state",
        "attributes",
        "available",
        "topic",
        "payload",
        "payload_text",
        "payload_base64",
        "qos",
        "retain",
        "client"
    );

    public static readonly Words Letters = new(
        "e",
        "f",
        "t",
        "s",
        "a",
        "v",
        "o",
        "j",
        "x",
        "b",
        "q",
        "r",
        "c"
    );
}
