using System.Text;
using System.Text.RegularExpressions;

namespace ContainerTools.Engine.Build.Context;

/// <summary>Character classes (<c>[a-z]</c>, <c>[^x]</c>) of glob patterns, and patterns of one path element.</summary>
internal static class GlobClass
{
    /// <summary>Appends the class that opens at <paramref name="start"/> as a regular expression; returns the place of its closing bracket.</summary>
    public static int Append(StringBuilder regex, string pattern, int start)
    {
        var i = start + 1;
        regex.Append('[');
        if (i < pattern.Length && pattern[i] is '^' or '!')
        {
            regex.Append("^/");
            i++;
        }

        var first = i;
        for (; i < pattern.Length && (pattern[i] != ']' || i == first); i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
            {
                i++;
                regex.Append(char.IsLetterOrDigit(pattern[i]) ? pattern[i].ToString() : $"\\{pattern[i]}");
            }
            else
            {
                regex.Append(pattern[i] is '[' or ']' or '^' ? $"\\{pattern[i]}" : pattern[i].ToString());
            }
        }

        if (i >= pattern.Length)
        {
            throw new ArgumentException($"The bracket in '{pattern}' is not closed.", nameof(pattern));
        }

        regex.Append(']');
        return i;
    }

    /// <summary>True when one path element matches a pattern without slashes.</summary>
    public static bool MatchesElement(string pattern, string name)
    {
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*':
                    regex.Append(".*");
                    break;
                case '?':
                    regex.Append('.');
                    break;
                case '[':
                    i = Append(regex, pattern, i);
                    break;
                case '\\' when i + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }

        return Regex.IsMatch(name, regex.Append(@"\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }
}
