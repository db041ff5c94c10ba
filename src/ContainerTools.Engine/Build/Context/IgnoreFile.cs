using System.Text;
using System.Text.RegularExpressions;

namespace ContainerTools.Engine.Build.Context;

/// <summary>The rules of a <c>.dockerignore</c>: the last rule that matches a path, or one of its parents, decides.</summary>
internal sealed class IgnoreFile
{
    private readonly List<Rule> _rules = [];

    private IgnoreFile()
    {
    }

    /// <summary>Ignores nothing.</summary>
    public static IgnoreFile Empty { get; } = new();

    /// <summary>Parses; a malformed pattern raises <c>IgnoreFileSyntax</c> with file and line.</summary>
    public static IgnoreFile Parse(string file, string text)
    {
        var result = new IgnoreFile();
        var lines = text.TrimStart('\uFEFF').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var pattern = lines[i];
            if (pattern.StartsWith('#'))
            {
                continue;
            }

            pattern = pattern.Trim();
            var include = pattern.StartsWith('!');
            pattern = Clean(include ? pattern[1..].Trim() : pattern);
            if (pattern.Length == 0)
            {
                if (include)
                {
                    throw Error(file, i + 1, "unexpected token '!': expected a pattern after it.", null);
                }

                continue;
            }

            try
            {
                result._rules.Add(new Rule(include, pattern, new Regex(ToRegex(pattern), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking)));
            }
            catch (ArgumentException error)
            {
                throw Error(file, i + 1, $"unexpected pattern '{lines[i].Trim()}': expected a pattern with closed brackets.", error);
            }
        }

        return result;
    }

    /// <summary>The rules that hold for a Dockerfile: <c>NAME.dockerignore</c> beside it, else <c>.dockerignore</c> of the context.</summary>
    public static IgnoreFile Load(string? ignoreFilePath, string? dockerfilePath, string contextPath)
    {
        var candidates = ignoreFilePath is not null
            ? [ignoreFilePath]
            : new[] { dockerfilePath is null ? null : dockerfilePath + ".dockerignore", Path.Combine(contextPath, ".dockerignore") }.OfType<string>();
        foreach (var path in candidates)
        {
            if (File.Exists(path))
            {
                return Parse(Path.GetFileName(path), File.ReadAllText(path));
            }
        }

        return ignoreFilePath is null
            ? Empty
            : throw new ContainerToolsException(
                ErrorKind.NotFound, "BuildSourceNotFound", $"The ignore file '{ignoreFilePath}' does not exist.", ignoreFilePath, "Correct the path of the ignore file.");
    }

    /// <summary>True when the context is to look as if <paramref name="path"/> (relative, slashes) did not exist.</summary>
    public bool IsIgnored(string path)
    {
        if (_rules.Count == 0)
        {
            return false;
        }

        var ignored = false;
        foreach (var rule in _rules)
        {
            if (rule.Include == ignored && rule.Matches(path))
            {
                ignored = !rule.Include;
            }
        }

        return ignored;
    }

    /// <summary>True when an ignored directory may still hold files that a later <c>!</c> rule brings back.</summary>
    public bool MayContainExceptions(string directory) => _rules.Any(rule => rule.Include && rule.MayMatchBelow(directory));

    private static ContainerToolsException Error(string file, int line, string message, Exception? cause) =>
        new(ErrorKind.InvalidArgument, "IgnoreFileSyntax", $"{file}:{line}: {message}", $"{file}:{line}", $"Correct line {line} of {file}.", cause);

    /// <summary>Drops empty and dot elements, resolves <c>..</c>, strips the leading slash.</summary>
    private static string Clean(string pattern)
    {
        var parts = new List<string>();
        foreach (var part in pattern.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "." or ".."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static string ToRegex(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    i++;
                    if (i + 1 < pattern.Length && pattern[i + 1] == '/')
                    {
                        i++;
                    }

                    regex.Append(i + 1 == pattern.Length ? ".*" : "(?:.*/)?");
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '[':
                    i = GlobClass.Append(regex, pattern, i);
                    break;
                case '\\' when i + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }

        return regex.Append(@"\z").ToString();
    }

    private sealed record Rule(bool Include, string Pattern, Regex Regex)
    {
        private readonly string _literal = Pattern[..(Pattern.IndexOfAny(['*', '?', '[', '\\']) is >= 0 and var wild ? wild : Pattern.Length)];

        public bool Matches(string path)
        {
            for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
            {
                if (Regex.IsMatch(path.AsSpan(0, end)))
                {
                    return true;
                }
            }

            return false;
        }

        public bool MayMatchBelow(string directory)
        {
            var prefix = directory + "/";
            return _literal.Length <= prefix.Length
                ? prefix.StartsWith(_literal, StringComparison.Ordinal)
                : _literal.StartsWith(prefix, StringComparison.Ordinal);
        }
    }
}
