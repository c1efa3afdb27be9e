namespace Hearth.Sdk;

/// <summary>
/// Something went wrong that the device cannot mend by connecting again: the broker refused what
/// was sent, another program runs under the same id, or an option is not usable. The message is
/// a sentence that can be shown to a person.
/// </summary>
public sealed class HearthException : Exception
{
    /// <summary>An exception without an explanation.</summary>
    public HearthException()
        : base("The device cannot go on.") { }

    /// <summary>An exception whose message is a sentence for a person.</summary>
    public HearthException(string message)
        : base(message) { }

    /// <summary>An exception whose message is a sentence for a person, and its cause.</summary>
    public HearthException(string message, Exception innerException)
        : base(message, innerException) { }
}
