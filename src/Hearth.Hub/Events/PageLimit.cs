using System.Globalization;
using Hearth.Hub.Problems;

namespace Hearth.Hub.Events;

/// <summary>How many of something a page shall have: the parameter <c>limit</c>.</summary>
internal static class PageLimit
{
    public static int Read(string? text, int max, int usual, ICollection<ProblemFault> faults)
    {
        if (text is null)
        {
            return usual;
        }

        var isNumber = int.TryParse(
            text,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var limit
        );
        if (isNumber && limit >= 1 && limit <= max)
        {
            return limit;
        }

        var detail = $"\"{text}\" is no number from 1 to {max}.";
        faults.Add(new ProblemFault(Place.Parameter, "limit", detail));
        return usual;
    }
}
