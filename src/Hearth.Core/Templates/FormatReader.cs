using System.Globalization;

namespace Hearth.Core.Templates;

/// <summary>Reads a text by a format of Python's <c>strptime</c>.</summary>
internal sealed class FormatReader(string text)
{
    private static readonly string[] Months = CultureInfo
        .InvariantCulture
        .DateTimeFormat
        .MonthNames[..12];
    private static readonly string[] Days = CultureInfo.InvariantCulture.DateTimeFormat.DayNames;

    private int _at;
    private bool? _isAfternoon;
    private int? _dayOfYear;

    public TimeParts Parts { get; } = new();

    public bool TryRead(string format)
    {
        for (int i = 0; i < format.Length; i++)
        {
            bool isRead = format[i] switch
            {
                '%' when i + 1 < format.Length => TryPart(format[++i]),
                var c when char.IsWhiteSpace(c) => SkipBlanks(),
                var c => Take(c),
            };
            if (!isRead)
            {
                return false;
            }
        }
        if (_isAfternoon is { } isAfternoon)
        {
            Parts.Hour = (Parts.Hour % 12) + (isAfternoon ? 12 : 0);
        }
        if (_dayOfYear is { } day && Parts.Year is > 0 and < 9999)
        {
            var date = new DateTime(Parts.Year, 1, 1).AddDays(day - 1);
            (Parts.Month, Parts.Day) = (date.Month, date.Day);
        }
        return _at == text.Length;
    }

    private bool TryPart(char letter)
    {
        int value;
        switch (letter)
        {
            case 'Y':
                return TryNumber(4, 4, out value) && Put(Parts.Year = value);
            case 'y':
                return TryNumber(2, 2, out value)
                    && Put(Parts.Year = value + (value < 69 ? 2000 : 1900));
            case 'm':
                return TryNumber(1, 2, out value) && Put(Parts.Month = value);
            case 'd' or 'e':
                return TryNumber(1, 2, out value) && Put(Parts.Day = value);
            case 'H' or 'I':
                return TryNumber(1, 2, out value) && Put(Parts.Hour = value);
            case 'M':
                return TryNumber(1, 2, out value) && Put(Parts.Minute = value);
            case 'S':
                return TryNumber(1, 2, out value) && Put(Parts.Second = value);
            case 'f':
                return TryFraction();
            case 'j':
                return TryNumber(1, 3, out value) && Put((_dayOfYear = value) ?? 0);
            case 'p':
                return TryWord(["AM", "PM"], 2, out value)
                    && Put((_isAfternoon = value == 1) is true ? 1 : 0);
            case 'b' or 'B':
                return TryWord(Months, letter == 'b' ? 3 : int.MaxValue, out value)
                    && Put(Parts.Month = value + 1);
            case 'a' or 'A':
                return TryWord(Days, letter == 'a' ? 3 : int.MaxValue, out _);
            case 'z':
                return TryOffset();
            case 'T':
                return TryRead("%H:%M:%S");
            case '%':
                return Take('%');
            default:
                return false;
        }
    }

    private static bool Put(int value) => value >= 0;

    private bool TryNumber(int digitsMin, int digitsMax, out int value)
    {
        int start = _at;
        value = 0;
        while (_at - start < digitsMax && _at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            value = (value * 10) + (text[_at++] - '0');
        }
        return _at - start >= digitsMin;
    }

    private bool TryFraction()
    {
        int start = _at;
        bool isRead = TryNumber(1, 6, out _);
        Parts.Microsecond = TimeReader.Microseconds(text[start.._at]);
        return isRead;
    }

    private bool TryWord(string[] words, int length, out int index)
    {
        for (index = 0; index < words.Length; index++)
        {
            string word = words[index];
            word = word.Length > length ? word[..length] : word;
            if (
                string.Compare(text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase)
                == 0
            )
            {
                _at += word.Length;
                return true;
            }
        }
        return false;
    }

    private bool TryOffset()
    {
        int start = _at;
        if (_at < text.Length && text[_at] is 'Z')
        {
            _at++;
        }
        else
        {
            bool hasSign = _at < text.Length && text[_at++] is '+' or '-';
            if (
                !hasSign
                || !TryNumber(2, 2, out _)
                || !(Take(':') | true)
                || !TryNumber(2, 2, out _)
            )
            {
                return false;
            }
        }
        Parts.Offset = TimeReader.Offset(text[start.._at]);
        return true;
    }

    private bool SkipBlanks()
    {
        int start = _at;
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
        return _at > start;
    }

    private bool Take(char c)
    {
        bool isThere = _at < text.Length && text[_at] == c;
        _at += isThere ? 1 : 0;
        return isThere;
    }
}
