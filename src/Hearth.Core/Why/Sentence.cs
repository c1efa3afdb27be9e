using System.Text;

namespace Hearth.Core.Why;

/// <summary>What a part of a sentence is, so that a screen can draw it as that.</summary>
public enum PartKind
{
    Text,
    Entity,
    Device,
    Automation,

    /// <summary>Who acted.</summary>
    Principal,

    /// <summary>Where a program's event comes from.</summary>
    Source,

    /// <summary>A state, a number with its unit.</summary>
    Value,

    /// <summary>A moment, as the clock at home showed it.</summary>
    Time,

    /// <summary>Something that was said word by word: a topic, a payload.</summary>
    Quote,
}

/// <summary>A part of a sentence.</summary>
/// <param name="Of">What it stands for: an id, a moment in RFC 3339; null for mere text.</param>
public readonly record struct Part(PartKind Kind, string Text, string? Of);

/// <summary>A sentence for a person, and what its words stand for. Two with the same parts say the
/// same.</summary>
public sealed class Sentence(IReadOnlyList<Part> parts)
{
    public IReadOnlyList<Part> Parts => parts;

    /// <summary>True where nothing better was known to say than what the event is called.</summary>
    public bool IsPlain { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Text);
        }

        return text.ToString();
    }
}
