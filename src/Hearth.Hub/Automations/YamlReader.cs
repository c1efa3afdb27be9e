using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using ScalarEvent = YamlDotNet.Core.Events.Scalar;

namespace Hearth.Hub.Automations;

/// <summary>
/// Reads one YAML document, as much of YAML as people write by hand: anchors, aliases and merge
/// keys within bounds, no tags. Whatever it does not take is refused with its place.
/// </summary>
internal sealed class YamlReader
{
    public const int DepthMax = 64;

    /// <summary>Beyond the largest automation that fits the bytes that one may have.</summary>
    public const int PartsMax = 50_000;

    private const string QuoteIt =
        "A template must stand in quotes: \"{{ … }}\", or in a block after >";

    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["!secret"] = "secrets of Home Assistant are not here; write the value itself",
        ["!include"] = "other files are not here; paste what is in the file",
        ["!include_dir_list"] = "other files are not here; paste what is in them",
        ["!include_dir_merge_list"] = "other files are not here; paste what is in them",
        ["!include_dir_named"] = "other files are not here; paste what is in them",
        ["!include_dir_merge_named"] = "other files are not here; paste what is in them",
        ["!input"] =
            "this is a blueprint; in Home Assistant, open an automation made from it,"
            + " choose \"Take control\", and paste what it then shows",
        ["!env_var"] = "variables of the environment are not here; write the value itself",
    };

    private readonly Parser _parser;
    private readonly string _text;
    private readonly Dictionary<AnchorName, YamlPart> _anchors = [];
    private int _parts;

    private YamlReader(string text)
    {
        _text = text;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>The document; throws <see cref="YamlRefusedException"/> where it is not taken.
    /// </summary>
    public static YamlPart Read(string text)
    {
        var reader = new YamlReader(text);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException failure)
        {
            throw reader.Refused(failure);
        }
    }

    private YamlPart ReadDocument()
    {
        Move();
        while (_parser.Current is StreamStart or DocumentStart)
        {
            Move();
        }

        if (_parser.Current is StreamEnd or null)
        {
            throw Malformed("There is nothing in it.", new TextPlace(1, 1));
        }

        var part = ReadPart(depth: 1);
        while (_parser.Current is DocumentEnd)
        {
            Move();
        }

        return _parser.Current is StreamEnd or null
            ? part
            : throw Refusal(
                "A second document begins here; send one automation at a time.",
                _parser.Current.Start
            );
    }

    private YamlPart ReadPart(int depth)
    {
        var current = _parser.Current ?? throw new YamlException("the text ends too early");
        if (depth > DepthMax)
        {
            throw Malformed($"It is more than {DepthMax} levels deep.", PlaceOf(current.Start));
        }

        if (++_parts > PartsMax)
        {
            throw Refusal($"It has more than {PartsMax} parts.", current.Start);
        }

        if (current is AnchorAlias alias)
        {
            Move();
            return _anchors.TryGetValue(alias.Value, out var known)
                ? known
                : throw Malformed(
                    $"There is no anchor &{alias.Value} before it.",
                    PlaceOf(alias.Start)
                );
        }

        var node = (NodeEvent)current;
        var isText = CheckTag(node);
        YamlPart part = node switch
        {
            ScalarEvent scalar => ReadScalar(scalar, isText),
            SequenceStart => ReadList(depth),
            MappingStart => ReadMapping(depth),
            _ => throw new YamlException(node.Start, node.End, "this is not expected here"),
        };
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor] = part;
        }

        return part;
    }

    private YamlScalar ReadScalar(ScalarEvent scalar, bool isText)
    {
        Move();
        var isPlain = scalar.Style == ScalarStyle.Plain && !isText;
        return new YamlScalar(PlaceOf(scalar.Start), scalar.Value, isPlain);
    }

    private YamlList ReadList(int depth)
    {
        var at = PlaceOf(_parser.Current!.Start);
        Move();
        var items = new List<YamlPart>();
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(ReadPart(depth + 1));
        }

        Move();
        return new YamlList(at, items);
    }

    private YamlMapping ReadMapping(int depth)
    {
        var at = PlaceOf(_parser.Current!.Start);
        Move();
        var members = new List<YamlMember>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var merged = new List<YamlMember>();
        while (_parser.Current is not MappingEnd)
        {
            if (_parser.Current is not ScalarEvent key)
            {
                throw Refusal(QuoteIt + ".", _parser.Current!.Start);
            }

            CheckTag(key);
            Move();
            var value = ReadPart(depth + 1);
            var place = PlaceOf(key.Start);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                merged.AddRange(Merged(value, place));
            }
            else if (keys.Add(key.Value))
            {
                members.Add(new YamlMember(place, key.Value, value));
            }
            else
            {
                throw new YamlRefusedException(
                    place,
                    $"'{key.Value}' is written twice in the same place; keep one of them."
                );
            }
        }

        Move();
        members.AddRange(merged.Where(member => keys.Add(member.Key)));
        return new YamlMapping(at, members);
    }

    private static IEnumerable<YamlMember> Merged(YamlPart value, TextPlace at) =>
        value switch
        {
            YamlMapping mapping => mapping.Members,
            YamlList list when list.Items.All(item => item is YamlMapping) => list.Items.SelectMany(
                item => ((YamlMapping)item).Members
            ),
            _ => throw new YamlRefusedException(at, "<< takes the alias of a mapping."),
        };

    /// <summary>True where a tag says that it is text, whatever it looks like.</summary>
    private static bool CheckTag(NodeEvent node)
    {
        if (node.Tag.IsEmpty)
        {
            return false;
        }

        var tag = node.Tag.Value;
        if (tag.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal) || tag == "!")
        {
            return tag.EndsWith(":str", StringComparison.Ordinal) || tag == "!";
        }

        var why = Tags.GetValueOrDefault(tag, "tags are not known to Hearth; write the value");
        throw Refusal($"{tag} is not taken: {why}.", node.Start);
    }

    private void Move() => _parser.MoveNext();

    private YamlRefusedException Refused(YamlException failure)
    {
        var at = PlaceOf(failure.Start);
        var lines = _text.Split('\n');
        var tab = Array.FindIndex(lines, text => text.TrimStart(' ').StartsWith('\t'));
        if (tab >= 0)
        {
            var sentence = "It is not YAML here: a tab begins the line; indent it with blanks.";
            return Malformed(sentence, new TextPlace(tab + 1, 1));
        }

        var line = lines.ElementAtOrDefault(at.Line - 1)?.Trim() ?? "";
        var isTemplate =
            line.Contains(": {{", StringComparison.Ordinal)
            || line.StartsWith("- {{", StringComparison.Ordinal);
        var why = failure.InnerException is YamlException inner ? inner.Message : failure.Message;
        return Malformed(
            $"It is not YAML here: {why.TrimEnd('.')}." + (isTemplate ? $" {QuoteIt}." : ""),
            at
        );
    }

    private static YamlRefusedException Malformed(string sentence, TextPlace at) =>
        new(at, sentence) { IsMalformed = true };

    private static YamlRefusedException Refusal(string sentence, Mark at) =>
        new(PlaceOf(at), sentence);

    private static TextPlace PlaceOf(Mark mark) =>
        new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
