using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>Splitting of an instruction's arguments: flags, words, name-value pairs, JSON arrays.</summary>
internal static class InstructionWords
{
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\n\v\f\r");

    /// <summary>Place of the first blank, or -1.</summary>
    public static int IndexOfBlank(string text) => text.AsSpan().IndexOfAny(Blanks);

    /// <summary>Takes leading <c>--name[=value]</c> words off <paramref name="text"/>. Quotes and escapes are resolved, blanks end a flag.</summary>
    public static List<KeyValuePair<string, string?>> TakeFlags(ref string text, char escape)
    {
        var flags = new List<KeyValuePair<string, string?>>();
        while (text.StartsWith("--", StringComparison.Ordinal))
        {
            var end = 0;
            var word = new StringBuilder();
            var quote = '\0';
            for (; end < text.Length && (quote != '\0' || !char.IsWhiteSpace(text[end])); end++)
            {
                var character = text[end];
                if (character == escape && end + 1 < text.Length)
                {
                    word.Append(text[++end]);
                }
                else if (quote == '\0' && character is '"' or '\'')
                {
                    quote = character;
                }
                else if (character == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word.Append(character);
                }
            }

            text = text[end..].TrimStart();
            if (word.Length == 2)
            {
                break;
            }

            var flag = word.ToString()[2..];
            var equals = flag.IndexOf('=', StringComparison.Ordinal);
            flags.Add(equals < 0 ? new(flag, null) : new(flag[..equals], flag[(equals + 1)..]));
        }

        return flags;
    }

    /// <summary>Words as written, split at blanks outside quotes.</summary>
    public static List<string> Split(string text, char escape)
    {
        var words = new List<string>();
        var start = -1;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (quote == '\0' && char.IsWhiteSpace(character))
            {
                if (start >= 0)
                {
                    words.Add(text[start..i]);
                    start = -1;
                }

                continue;
            }

            start = start < 0 ? i : start;
            if (character == escape && quote != '\'' && i + 1 < text.Length)
            {
                i++;
            }
            else if (quote == '\0' && character is '"' or '\'')
            {
                quote = character;
            }
            else if (character == quote)
            {
                quote = '\0';
            }
        }

        if (start >= 0)
        {
            words.Add(text[start..]);
        }

        return words;
    }

    /// <summary><c>NAME=value …</c>, or the old form <c>NAME value</c>.</summary>
    public static List<KeyValuePair<string, string>> Pairs(string keyword, string text, char escape)
    {
        var words = Split(text, escape);
        if (words.Count == 0)
        {
            throw new FormatException($"unexpected end of line after {keyword}: expected NAME=value");
        }

        if (!words[0].Contains('=', StringComparison.Ordinal))
        {
            var blank = text.AsSpan().IndexOfAny(' ', '\t');
            return blank > 0
                ? [new(text[..blank], text[blank..].Trim())]
                : throw new FormatException($"unexpected token '{words[0]}' after {keyword}: expected NAME=value");
        }

        return [.. words.Select(word =>
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            return equals > 0
                ? new KeyValuePair<string, string>(word[..equals], word[(equals + 1)..])
                : throw new FormatException($"unexpected token '{word}' after {keyword}: expected NAME=value");
        })];
    }

    /// <summary>The strings of a JSON array, or null when <paramref name="text"/> is no JSON array of strings.</summary>
    public static List<string>? JsonArray(string text)
    {
        if (!text.StartsWith('['))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String)
                ? [.. document.RootElement.EnumerateArray().Select(element => element.GetString()!)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
