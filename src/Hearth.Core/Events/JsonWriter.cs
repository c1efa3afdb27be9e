using System.Buffers.Text;
using System.Text;

namespace Hearth.Core.Events;

/// <summary>
/// Writes canonical JSON: UTF-8, no blanks, members in the order they are written, strings escaped
/// as RFC 8785 section 3.2.2.2 says (only <c>"</c>, <c>\</c> and control characters), numbers as
/// their own text. The same values always give the same bytes, on every machine, because the log's
/// checksums and the audit chain are computed over them.
/// </summary>
public sealed class JsonWriter
{
    private byte[] _buffer;
    private bool _comma;

    public JsonWriter(int capacity = 512) => _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>The same for who sends it on; good until something else is written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    public byte[] ToArray() => Written.ToArray();

    public void Clear()
    {
        Length = 0;
        _comma = false;
    }

    /// <summary>A string as a JSON text, quotes included.</summary>
    public static string Quote(string text)
    {
        var json = new JsonWriter(text.Length + 2);
        return Encoding.UTF8.GetString(json.String(text).Written);
    }

    public JsonWriter BeginObject() => Open((byte)'{');

    public JsonWriter EndObject() => Close((byte)'}');

    public JsonWriter BeginArray() => Open((byte)'[');

    public JsonWriter EndArray() => Close((byte)']');

    public JsonWriter Name(string name)
    {
        String(name);
        Put((byte)':');
        _comma = false;
        return this;
    }

    public JsonWriter String(string text)
    {
        Separate();
        Put((byte)'"');
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var clean = rest.IndexOfAny(Escaped);
            if (clean < 0)
            {
                PutText(rest);
                break;
            }

            PutText(rest[..clean]);
            PutEscaped(rest[clean]);
            rest = rest[(clean + 1)..];
        }

        Put((byte)'"');
        _comma = true;
        return this;
    }

    /// <summary>A JSON text as it is; the caller knows that it is one.</summary>
    public JsonWriter Raw(string json)
    {
        Separate();
        PutText(json);
        _comma = true;
        return this;
    }

    /// <summary>A JSON text in UTF-8 as it is; the caller knows that it is one.</summary>
    public JsonWriter Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        json.CopyTo(Reserve(json.Length));
        Length += json.Length;
        _comma = true;
        return this;
    }

    public JsonWriter Number(long number)
    {
        Separate();
        Utf8Formatter.TryFormat(number, Reserve(20), out var written);
        Length += written;
        _comma = true;
        return this;
    }

    public JsonWriter Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    public JsonWriter Null() => Raw("null"u8);

    /// <summary>Bytes as a base64 string.</summary>
    public JsonWriter Base64(ReadOnlySpan<byte> bytes)
    {
        Separate();
        Put((byte)'"');
        var room = Reserve(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, room, out _, out var written);
        Length += written;
        Put((byte)'"');
        _comma = true;
        return this;
    }

    private static readonly System.Buffers.SearchValues<char> Escaped =
        System.Buffers.SearchValues.Create(
            "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012"
                + "\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"
        );

    private JsonWriter Open(byte bracket)
    {
        Separate();
        Put(bracket);
        _comma = false;
        return this;
    }

    private JsonWriter Close(byte bracket)
    {
        Put(bracket);
        _comma = true;
        return this;
    }

    private void PutEscaped(char character)
    {
        Put((byte)'\\');
        switch (character)
        {
            case '"' or '\\':
                Put((byte)character);
                break;
            case '\b':
                Put((byte)'b');
                break;
            case '\t':
                Put((byte)'t');
                break;
            case '\n':
                Put((byte)'n');
                break;
            case '\f':
                Put((byte)'f');
                break;
            case '\r':
                Put((byte)'r');
                break;
            default:
                PutText("u00");
                PutText(((int)character).ToString("x2"));
                break;
        }
    }

    private void Separate()
    {
        if (_comma)
        {
            Put((byte)',');
        }
    }

    private void PutText(ReadOnlySpan<char> text)
    {
        var room = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, room);
    }

    private void Put(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + bytes));
        }

        return _buffer.AsSpan(Length);
    }
}
