using System.Text;

namespace Hearth.Sdk;

/// <summary>An MQTT message that arrived.</summary>
/// <param name="Topic">The topic it was published on.</param>
/// <param name="Payload">Its bytes, as they were sent.</param>
/// <param name="Retained">True if the broker had kept it from before the subscription.</param>
public sealed record HearthMessage(string Topic, ReadOnlyMemory<byte> Payload, bool Retained)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The payload as UTF-8 text.</summary>
    /// <exception cref="DecoderFallbackException">The payload is not UTF-8.</exception>
    public string Text => Strict.GetString(Payload.Span);
}
