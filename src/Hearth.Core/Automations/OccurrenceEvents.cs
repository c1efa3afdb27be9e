using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Core.Automations;

/// <summary>Somebody called a webhook that an automation waits for.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Json">The body where it is JSON; else null.</param>
/// <param name="Data">The fields of a form, or the body's text as <c>text</c>; a JSON object.
/// </param>
/// <param name="Query">The query's parameters, a JSON object.</param>
public sealed record WebhookReceived(
    string WebhookId,
    string Method,
    bool IsLocal,
    string? Json,
    string Data,
    string Query
) : EventData
{
    public const string TypeName = "hearth.hub.webhook_received";

    public override string Type => TypeName;

    public override RetentionClass Retention => RetentionClass.Domain;

    internal override void Write(JsonWriter json)
    {
        // The id is a secret: who knows it may call. It stands in the automation all the same.
        json.BeginObject()
            .Name("webhook_id")
            .String(WebhookId)
            .Name("method")
            .String(Method)
            .Name("local")
            .Boolean(IsLocal);
        if (Json is not null)
        {
            json.Name("json").Raw(Json);
        }

        json.Name("data").Raw(Data).Name("query").Raw(Query).EndObject();
    }

    internal static WebhookReceived Read(JsonElement json) =>
        new(
            JsonRead.Required(json, "webhook_id"),
            JsonRead.Required(json, "method"),
            JsonRead.Flag(json, "local"),
            JsonRead.Raw(json, "json"),
            JsonRead.Raw(json, "data")!,
            JsonRead.Raw(json, "query")!
        );
}

/// <summary>A tag was scanned.</summary>
/// <param name="Device">The device that scanned it; null where that is not known.</param>
public sealed record TagScanned(string TagId, string? Device) : EventData
{
    public const string TypeName = "hearth.tag.scanned";

    public override string Type => TypeName;

    public override string Subject => "tag." + TagId;

    public override RetentionClass Retention => RetentionClass.Domain;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject().Name("tag_id").String(TagId);
        if (Device is not null)
        {
            json.Name("device_id").String(Device);
        }

        json.EndObject();
    }

    internal static TagScanned Read(JsonElement json) =>
        new(JsonRead.Required(json, "tag_id"), JsonRead.Text(json, "device_id"));
}

/// <summary>A device did what one of its announced triggers stands for: a button was pressed.
/// </summary>
/// <param name="Action"><c>button_short_press</c>.</param>
/// <param name="Subtype"><c>button_1</c>.</param>
public sealed record DeviceTriggered(string Device, string Action, string Subtype) : EventData
{
    public const string TypeName = "hearth.device.triggered";

    public override string Type => TypeName;

    public override string Subject => Device;

    public override RetentionClass Retention => RetentionClass.Domain;

    internal override void Write(JsonWriter json) =>
        json.BeginObject()
            .Name("device_id")
            .String(Device)
            .Name("type")
            .String(Action)
            .Name("subtype")
            .String(Subtype)
            .EndObject();

    internal static DeviceTriggered Read(JsonElement json) =>
        new(
            JsonRead.Required(json, "device_id"),
            JsonRead.Required(json, "type"),
            JsonRead.Required(json, "subtype")
        );
}

/// <summary>Somebody is to be told something: what <c>notify</c> and
/// <c>persistent_notification</c> do.</summary>
/// <param name="Service">What was called, <c>notify.mobile_app_ana</c>.</param>
/// <param name="Title">Null where there is none.</param>
/// <param name="Data">All that was given along, a JSON object.</param>
public sealed record NotificationSent(string Service, string? Title, string Message, string Data)
    : EventData
{
    public const string TypeName = "hearth.notification.sent";

    public override string Type => TypeName;

    public override string Subject => Service;

    public override RetentionClass Retention => RetentionClass.Domain;

    internal override void Write(JsonWriter json)
    {
        json.BeginObject().Name("service").String(Service);
        if (Title is not null)
        {
            json.Name("title").String(Title);
        }

        json.Name("message").String(Message).Name("data").Raw(Data).EndObject();
    }

    internal static NotificationSent Read(JsonElement json) =>
        new(
            JsonRead.Required(json, "service"),
            JsonRead.Text(json, "title"),
            JsonRead.Required(json, "message"),
            JsonRead.Raw(json, "data")!
        );
}
