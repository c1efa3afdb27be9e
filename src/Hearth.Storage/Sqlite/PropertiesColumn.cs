using System.Text.Json;
using Hearth.Core.Events;

namespace Hearth.Storage.Sqlite;

/// <summary>The properties of an MQTT message as a column of JSON; null where it has none.
/// </summary>
internal static class PropertiesColumn
{
    /// <param name="json">What they are written with; it is cleared first.</param>
    public static Statement Bind(
        this Statement statement,
        int index,
        MessageProperties? properties,
        JsonWriter json
    )
    {
        if (properties is null)
        {
            return statement.BindNull(index);
        }

        json.Clear();
        json.BeginObject();
        properties.Write(json);
        json.EndObject();
        return statement.BindText(index, json.Written);
    }

    public static MessageProperties? Properties(this Statement statement, int column) =>
        statement.IsNull(column)
            ? null
            : MessageProperties.Read(JsonElement.Parse(statement.Bytes(column)));
}
