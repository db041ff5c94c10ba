using System.Text;
using System.Text.RegularExpressions;

namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>Text → logical lines: parser directives, comments, continuations, here-documents.</summary>
internal sealed partial class DockerfileLexer
{
    private static readonly string[] HereDocumentInstructions = ["RUN", "COPY", "ADD"];

    private readonly string _file;
    private readonly string[] _lines;
    private readonly List<string> _warnings;
    private int _next;

    public DockerfileLexer(string file, string text, List<string> warnings)
    {
        _file = file;
        _warnings = warnings;
        _lines = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
    }

    /// <summary>The escape character: backslash, or back quote by directive.</summary>
    public char Escape { get; private set; } = '\\';

    public List<DockerfileLine> Read()
    {
        ReadDirectives();
        var result = new List<DockerfileLine>();
        while (_next < _lines.Length)
        {
            var trimmed = _lines[_next].TrimStart();
            if (trimmed.Length == 0 || trimmed[0] == '#')
            {
                _next++;
                continue;
            }

            result.Add(ReadLine());
        }

        return result;
    }

    private void ReadDirectives()
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (; _next < _lines.Length; _next++)
        {
            var match = Directive().Match(_lines[_next]);
            if (!match.Success)
            {
                return;
            }

            var (name, value, line) = (match.Groups[1].Value.ToLowerInvariant(), match.Groups[2].Value, _next + 1);
            if (name is not ("escape" or "syntax" or "check"))
            {
                return;
            }

            if (!seen.Add(name))
            {
                throw DockerfileSyntax.Error(_file, line, $"unexpected second parser directive '{name}': expected it once.");
            }

            if (name == "escape")
            {
                Escape = value is "\\" or "`"
                    ? value[0]
                    : throw DockerfileSyntax.Error(_file, line, $"unexpected token '{value}' in the escape directive: expected '\\' or '`'.");
            }
            else if (name == "syntax")
            {
                _warnings.Add($"{_file}:{line}: the syntax directive '{value}' is ignored; the built-in front end is used.");
            }
        }
    }

    private DockerfileLine ReadLine()
    {
        var first = _next + 1;
        var text = new StringBuilder();
        var open = true;
        while (open && _next < _lines.Length)
        {
            var line = _lines[_next++];
            var trimmed = line.TrimStart();
            if (text.Length > 0 && (trimmed.Length == 0 || trimmed[0] == '#'))
            {
                if (trimmed.Length == 0)
                {
                    _warnings.Add($"{_file}:{_next}: empty line inside the instruction that began at line {first}.");
                }

                continue;
            }

            open = EndsWithContinuation(line, out var content);
            text.Append(content);
        }

        var joined = text.ToString().Trim();
        var space = InstructionWords.IndexOfBlank(joined);
        var keyword = (space < 0 ? joined : joined[..space]).ToUpperInvariant();
        var arguments = space < 0 ? "" : joined[space..].Trim();
        return new DockerfileLine(keyword, arguments, first, ReadHereDocuments(keyword, arguments, first));
    }

    private bool EndsWithContinuation(string line, out string content)
    {
        var trimmed = line.TrimEnd(' ', '\t', '\r');
        // A doubled escape character is an escaped escape, not a continuation.
        if (trimmed.Length > 0 && trimmed[^1] == Escape && (trimmed.Length == 1 || trimmed[^2] != Escape))
        {
            content = trimmed[..^1];
            return true;
        }

        content = line;
        return false;
    }

    private List<HereDocument> ReadHereDocuments(string keyword, string arguments, int line)
    {
        var documents = new List<HereDocument>();
        var effective = keyword == "ONBUILD" ? arguments.Split([' ', '\t'], 2)[0].ToUpperInvariant() : keyword;
        if (!HereDocumentInstructions.Contains(effective) || !arguments.Contains("<<", StringComparison.Ordinal))
        {
            return documents;
        }

        foreach (var word in ShellWords(arguments))
        {
            var match = HereDocumentMark().Match(word);
            if (!match.Success)
            {
                continue;
            }

            var delimiter = match.Groups[2].Value;
            var name = delimiter.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal);
            if (name.Length > 0)
            {
                documents.Add(ReadHereDocument(word, name, name == delimiter, match.Groups[1].Length > 0, line));
            }
        }

        return documents;
    }

    private HereDocument ReadHereDocument(string mark, string name, bool expand, bool stripTabs, int line)
    {
        var content = new StringBuilder();
        while (_next < _lines.Length)
        {
            var raw = _lines[_next++];
            var text = stripTabs ? raw.TrimStart('\t') : raw;
            if (text.TrimEnd('\r') == name)
            {
                return new HereDocument(name, mark, expand, stripTabs, content.ToString());
            }

            content.Append(text).Append('\n');
        }

        throw DockerfileSyntax.Error(_file, line, $"unexpected end of file in here-document '{mark}': expected a line '{name}'.");
    }

    /// <summary>Splits at blanks outside quotes; keeps quotes and escapes.</summary>
    private List<string> ShellWords(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == Escape && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(character).Append(text[++i]);
            }
            else if (quote == '\0' && char.IsWhiteSpace(character))
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }
            }
            else
            {
                if (quote == '\0' && character is '\'' or '"')
                {
                    quote = character;
                }
                else if (character == quote)
                {
                    quote = '\0';
                }

                word.Append(character);
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    [GeneratedRegex(@"^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Directive();

    [GeneratedRegex(@"^\d*<<(-?)([^<]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex HereDocumentMark();
}
