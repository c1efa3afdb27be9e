namespace Hearth.Sdk;

/// <summary>What kind of thing a <see cref="HearthNotice"/> tells about.</summary>
public enum HearthNoticeKind
{
    /// <summary>The device is connected, announced, and its states are reported.</summary>
    Connected,

    /// <summary>
    /// The connection could not be made or was lost; it is tried again after
    /// <see cref="HearthNotice.RetryIn"/>.
    /// </summary>
    Disconnected,

    /// <summary>A handler threw; the device goes on with the next message.</summary>
    HandlerFailed,

    /// <summary>A message that arrived could not be understood and was left aside.</summary>
    MessageIgnored,
}

/// <summary>
/// One thing that happened to the device that its maker did not ask for but may want to see.
/// </summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Sentence">What happened, for a person to read.</param>
/// <param name="Cause">The exception behind it, if there is one.</param>
/// <param name="RetryIn">When disconnected: how long until the next attempt.</param>
public sealed record HearthNotice(
    HearthNoticeKind Kind,
    string Sentence,
    Exception? Cause = null,
    TimeSpan? RetryIn = null
)
{
    /// <summary>The sentence, and the message of its cause.</summary>
    public override string ToString() => Cause is null ? Sentence : $"{Sentence} {Cause.Message}";
}
