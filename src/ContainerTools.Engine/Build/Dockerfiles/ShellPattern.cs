using System.Text;
using System.Text.RegularExpressions;

namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>Shell patterns (<c>*</c>, <c>?</c>, escapes) in parameter expansion.</summary>
internal static class ShellPattern
{
    public static string RemovePrefix(string value, string pattern, bool longest)
    {
        var match = Match($@"\A{ToRegex(pattern, greedy: longest)}", value);
        return match.Success ? value[match.Length..] : value;
    }

    public static string RemoveSuffix(string value, string pattern, bool longest)
    {
        var regex = $@"\A{ToRegex(pattern, greedy: true)}\z";
        for (var i = 0; i <= value.Length; i++)
        {
            var length = longest ? value.Length - i : i;
            if (Match(regex, value[^length..]).Success)
            {
                return value[..^length];
            }
        }

        return value;
    }

    public static string Replace(string value, string pattern, string replacement, bool all)
    {
        if (pattern.Length == 0)
        {
            return value;
        }

        var regex = new Regex(ToRegex(pattern, greedy: true), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
        return regex.Replace(value, _ => replacement, all ? -1 : 1);
    }

    private static Match Match(string regex, string value) =>
        // Non-backtracking: a hostile pattern such as *a*a*a*a*b must not cost exponential time.
        Regex.Match(value, regex, RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);

    private static string ToRegex(string pattern, bool greedy)
    {
        var regex = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*':
                    regex.Append(greedy ? ".*" : ".*?");
                    break;
                case '?':
                    regex.Append('.');
                    break;
                case '\\' when i + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }

        return regex.ToString();
    }
}
