using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Core;
using Hearth.Core.Events;

namespace Hearth.Homes;

/// <summary>
/// How inputs and refusals become bytes when a grain call leaves the process: JSON by the shape of
/// the types in Core, which know nothing of it. Inside a process none of this runs.
/// </summary>
internal static class Wire
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // What is computed from the rest is not sent.
        IgnoreReadOnlyProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameClosedCases } },
        Converters = { new PayloadConverter(), new PairConverter(), new RefusalConverter() },
    };

    public static byte[] Encode<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public static T Decode<T>(byte[] bytes) =>
        JsonSerializer.Deserialize<T>(bytes, Options)
        ?? throw new JsonException($"A {typeof(T).Name} came as null.");

    /// <summary>Core's abstract records are closed: their cases are the sealed ones beside them,
    /// told apart by name. A new input needs no line here.</summary>
    private static void NameClosedCases(JsonTypeInfo info)
    {
        if (!info.Type.IsAbstract || info.Type.Assembly != typeof(Input).Assembly)
        {
            return;
        }

        var cases = new JsonPolymorphismOptions();
        foreach (var type in info.Type.Assembly.GetTypes())
        {
            if (!type.IsAbstract && type.IsSubclassOf(info.Type))
            {
                cases.DerivedTypes.Add(new JsonDerivedType(type, type.Name));
            }
        }

        info.PolymorphismOptions = cases;
    }

    private sealed class PayloadConverter : JsonConverter<Payload>
    {
        public override Payload Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => new(reader.GetBytesFromBase64());

        public override void Write(
            Utf8JsonWriter writer,
            Payload value,
            JsonSerializerOptions options
        ) => writer.WriteBase64StringValue(value.Bytes.Span);
    }

    /// <summary>A pair has nothing but read-only properties.</summary>
    private sealed class PairConverter : JsonConverter<KeyValuePair<string, string>>
    {
        public override KeyValuePair<string, string> Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) =>
            JsonSerializer.Deserialize<string[]>(ref reader, options) is [var name, var value]
                ? KeyValuePair.Create(name, value)
                : throw new JsonException("A pair has two parts.");

        public override void Write(
            Utf8JsonWriter writer,
            KeyValuePair<string, string> value,
            JsonSerializerOptions options
        ) => JsonSerializer.Serialize<string[]>(writer, [value.Key, value.Value], options);
    }

    /// <summary>It has two constructors, and the serializer wants to be told which.</summary>
    private sealed class RefusalConverter : JsonConverter<Refusal>
    {
        public override Refusal Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        )
        {
            var parts = JsonSerializer.Deserialize<Parts>(ref reader, options);
            return new Refusal(parts.Kind, parts.Detail, parts.Faults);
        }

        public override void Write(
            Utf8JsonWriter writer,
            Refusal value,
            JsonSerializerOptions options
        ) =>
            JsonSerializer.Serialize(
                writer,
                new Parts(value.Kind, value.Detail, value.Faults),
                options
            );

        private readonly record struct Parts(
            RefusalKind Kind,
            string Detail,
            IReadOnlyList<Fault> Faults
        );
    }
}

/// <summary>A row between two processes: as it lies in the log.</summary>
[GenerateSerializer]
internal struct EncodedRow
{
    [Id(0)]
    public string Home;

    [Id(1)]
    public long First;

    [Id(2)]
    public long Last;

    [Id(3)]
    public int Class;

    [Id(4)]
    public DateTimeOffset Time;

    [Id(5)]
    public byte[] Body;

    public static EncodedRow Of(Row row) =>
        new()
        {
            Home = row.Home.Value,
            First = row.First.Value,
            Last = row.Last.Value,
            Class = (int)row.Class,
            Time = row.Time,
            Body = row.Body.ToArray(),
        };

    public readonly Row Decode() =>
        Row.Stored(
            new HomeId(Home),
            new Sequence(First),
            new Sequence(Last),
            (RetentionClass)Class,
            Time,
            Body
        );
}

[GenerateSerializer]
internal struct EncodedSubmissions
{
    [Id(0)]
    public byte[] Items;
}

[GenerateSerializer]
internal struct EncodedAnswers
{
    /// <summary>The answers without their rows.</summary>
    [Id(0)]
    public byte[] Items;

    /// <summary>One per answer.</summary>
    [Id(1)]
    public EncodedRow?[] Rows;

    [Id(2)]
    public string? Closed;
}

[GenerateSerializer]
internal struct EncodedRows
{
    [Id(0)]
    public EncodedRow[] Rows;

    [Id(1)]
    public long Head;

    [Id(2)]
    public long? Oldest;

    [Id(3)]
    public string? Closed;
}

[GenerateSerializer]
internal struct EncodedRead
{
    [Id(0)]
    public long After;

    [Id(1)]
    public int RowsMax;

    [Id(2)]
    public int BytesMax;

    [Id(3)]
    public TimeSpan Wait;
}

[GenerateSerializer]
internal struct EncodedState
{
    [Id(0)]
    public byte[] Bytes;

    [Id(1)]
    public string? Closed;
}

[RegisterConverter]
internal sealed class StateConverter : IConverter<StateBytes, EncodedState>
{
    public StateBytes ConvertFromSurrogate(in EncodedState surrogate) =>
        new(surrogate.Bytes, surrogate.Closed);

    public EncodedState ConvertToSurrogate(in StateBytes value) =>
        new() { Bytes = value.Bytes.ToArray(), Closed = value.Closed };
}

[RegisterConverter]
internal sealed class SubmissionsConverter : IConverter<SubmissionBatch, EncodedSubmissions>
{
    public SubmissionBatch ConvertFromSurrogate(in EncodedSubmissions surrogate) =>
        new(Wire.Decode<Submission[]>(surrogate.Items));

    public EncodedSubmissions ConvertToSurrogate(in SubmissionBatch value) =>
        new() { Items = Wire.Encode(value.Items) };
}

[RegisterConverter]
internal sealed class AnswersConverter : IConverter<AnswerBatch, EncodedAnswers>
{
    public AnswerBatch ConvertFromSurrogate(in EncodedAnswers surrogate)
    {
        if (surrogate.Closed is { } reason)
        {
            return AnswerBatch.HomeClosed(reason);
        }

        var rows = surrogate.Rows;
        var items = Wire.Decode<RowlessAnswer[]>(surrogate.Items);
        return AnswerBatch.Of([
            .. items.Select(
                (item, index) => new Answer(item.Refusal, rows[index]?.Decode(), item.Published)
            ),
        ]);
    }

    public EncodedAnswers ConvertToSurrogate(in AnswerBatch value) =>
        new()
        {
            Items = Wire.Encode(
                value.Items.Select(item => new RowlessAnswer(item.Refusal, item.Published))
            ),
            Rows =
            [
                .. value.Items.Select(item =>
                    item.Row is { } row ? EncodedRow.Of(row) : (EncodedRow?)null
                ),
            ],
            Closed = value.Closed,
        };

    private sealed record RowlessAnswer(Refusal? Refusal, IReadOnlyList<PublishedEvent> Published);
}

[RegisterConverter]
internal sealed class ReadConverter : IConverter<ReadRequest, EncodedRead>
{
    public ReadRequest ConvertFromSurrogate(in EncodedRead surrogate) =>
        new(new Sequence(surrogate.After), surrogate.RowsMax, surrogate.BytesMax, surrogate.Wait);

    public EncodedRead ConvertToSurrogate(in ReadRequest value) =>
        new()
        {
            After = value.After.Value,
            RowsMax = value.RowsMax,
            BytesMax = value.BytesMax,
            Wait = value.Wait,
        };
}

[RegisterConverter]
internal sealed class RowsConverter : IConverter<RowBatch, EncodedRows>
{
    public RowBatch ConvertFromSurrogate(in EncodedRows surrogate) =>
        new(
            [.. surrogate.Rows.Select(row => row.Decode())],
            new Sequence(surrogate.Head),
            surrogate.Oldest is { } oldest ? new Sequence(oldest) : null,
            surrogate.Closed
        );

    public EncodedRows ConvertToSurrogate(in RowBatch value) =>
        new()
        {
            Rows = [.. value.Rows.Select(EncodedRow.Of)],
            Head = value.Head.Value,
            Oldest = value.Oldest?.Value,
            Closed = value.Closed,
        };
}
