using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hearth.Hub.Subscriptions;

/// <summary>Signatures as Standard Webhooks 1.0 has them: HMAC-SHA256 over
/// <c>id.timestamp.body</c>, by every secret that is good.</summary>
internal static class WebhookSignature
{
    public const string Prefix = "whsec_";

    private const int BytesMin = 24;
    private const int BytesMax = 64;

    /// <summary>A new secret.</summary>
    public static string NewSecret() =>
        Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether a text is a secret of 24 to 64 bytes, as the specification wants it.
    /// </summary>
    public static bool IsSecret(string text) =>
        KeyOf(text) is { Length: >= BytesMin and <= BytesMax };

    /// <summary>The value of <c>webhook-signature</c>: a signature a secret.</summary>
    public static string Sign(
        IEnumerable<string> secrets,
        string id,
        DateTimeOffset time,
        ReadOnlySpan<byte> body
    )
    {
        var head = Encoding.UTF8.GetBytes($"{id}.{Seconds(time)}.");
        var signed = new byte[head.Length + body.Length];
        head.CopyTo(signed, 0);
        body.CopyTo(signed.AsSpan(head.Length));
        return string.Join(
            ' ',
            secrets.Select(secret =>
                "v1," + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret)!, signed))
            )
        );
    }

    public static string Seconds(DateTimeOffset time) =>
        time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static byte[]? KeyOf(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length)
            ? key[..length]
            : null;
    }
}
