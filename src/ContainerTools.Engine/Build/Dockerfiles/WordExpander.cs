using System.Text;

namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>
/// Expands variables, quotes and escapes in the way Dockerfiles define it. Malformed words raise <see cref="FormatException"/>;
/// the caller knows the line.
/// </summary>
/// <param name="escape">The Dockerfile's escape character.</param>
/// <param name="lookup">Value of a variable; null when unset.</param>
/// <param name="keepQuotes">Leave quotes and their content's escapes alone (here-documents).</param>
internal sealed class WordExpander(char escape, Func<string, string?> lookup, bool keepQuotes = false)
{
    private string _text = "";
    private int _position;

    /// <summary>One word, never split.</summary>
    public string Expand(string text) => string.Concat(Parse(text, split: false));

    /// <summary>Words: split at blanks outside quotes, also at those that variables bring in.</summary>
    public List<string> ExpandWords(string text) => Parse(text, split: true);

    private List<string> Parse(string text, bool split)
    {
        (_text, _position) = (text, 0);
        var output = new WordList(split);
        Scan(output, stop: '\0');
        return output.Finish();
    }

    private void Scan(WordList output, char stop, bool pattern = false)
    {
        while (_position < _text.Length)
        {
            var character = _text[_position];
            if (stop != '\0' && character == stop)
            {
                return;
            }

            if (character == '\'' && !keepQuotes)
            {
                _position++;
                output.AppendRaw(UntilSingleQuote());
            }
            else if (character == '"' && !keepQuotes)
            {
                _position++;
                output.AppendRaw(UntilDoubleQuote());
            }
            else if (character == '$')
            {
                output.Append(Variable());
            }
            else if (character == escape)
            {
                _position++;
                if (_position < _text.Length)
                {
                    if (pattern)
                    {
                        output.AppendRaw("\\");
                    }
                    else if (keepQuotes && _text[_position] != '$' && _text[_position] != escape)
                    {
                        output.AppendRaw(escape.ToString());
                    }

                    output.AppendRaw(_text[_position++].ToString());
                }
                else if (keepQuotes)
                {
                    output.AppendRaw(escape.ToString());
                }
            }
            else
            {
                output.Append(character.ToString());
                _position++;
            }
        }
    }

    private string UntilSingleQuote()
    {
        var end = _text.IndexOf('\'', _position);
        if (end < 0)
        {
            throw new FormatException("unexpected end of word: expected a closing single quote (')");
        }

        var content = _text[_position..end];
        _position = end + 1;
        return content;
    }

    private string UntilDoubleQuote()
    {
        var content = new StringBuilder();
        while (_position < _text.Length)
        {
            var character = _text[_position];
            if (character == '"')
            {
                _position++;
                return content.ToString();
            }

            if (character == '$')
            {
                content.Append(Variable());
            }
            else if (character == escape && _position + 1 < _text.Length && (_text[_position + 1] is '"' or '$' || _text[_position + 1] == escape))
            {
                content.Append(_text[_position + 1]);
                _position += 2;
            }
            else
            {
                content.Append(character);
                _position++;
            }
        }

        throw new FormatException("unexpected end of word: expected a closing double quote (\")");
    }

    private string Variable()
    {
        _position++;
        if (_position < _text.Length && _text[_position] == '{')
        {
            _position++;
            return Braced();
        }

        var name = Name();
        return name.Length == 0 ? "$" : lookup(name) ?? "";
    }

    private string Braced()
    {
        var name = Name();
        if (name.Length == 0 || _position >= _text.Length)
        {
            throw new FormatException($"unexpected token in '${{{name}': expected a variable name and '}}'");
        }

        var value = lookup(name);
        var modifier = _text[_position++];
        switch (modifier)
        {
            case '}':
                return value ?? "";
            case ':' when _position < _text.Length && _text[_position] is '-' or '+' or '?':
                return Conditional(name, value, _text[_position++], isSet: value is { Length: > 0 });
            case '-' or '+' or '?':
                return Conditional(name, value, modifier, isSet: value is not null);
            case '#' or '%':
                var longest = Accept(modifier);
                var pattern = Operand('}', pattern: true);
                return modifier == '#'
                    ? ShellPattern.RemovePrefix(value ?? "", pattern, longest)
                    : ShellPattern.RemoveSuffix(value ?? "", pattern, longest);
            case '/':
                var all = Accept('/');
                var from = Operand('/', pattern: true);
                var to = Operand('}');
                return ShellPattern.Replace(value ?? "", from, to, all);
            default:
                throw new FormatException($"unexpected token '{modifier}' in '${{{name}{modifier}…': expected one of :- :+ :? - + ? # ## % %% / //");
        }
    }

    private string Conditional(string name, string? value, char modifier, bool isSet)
    {
        var word = Operand('}');
        return modifier switch
        {
            '-' => isSet ? value! : word,
            '+' => isSet ? word : "",
            _ => isSet ? value! : throw new FormatException($"variable '{name}' must be set: {(word.Length > 0 ? word : "parameter not set")}"),
        };
    }

    private string Operand(char stop, bool pattern = false)
    {
        var output = new WordList(split: false);
        Scan(output, stop, pattern);
        if (_position >= _text.Length)
        {
            throw new FormatException($"unexpected end of word in '{_text}': expected '{stop}'");
        }

        _position++;
        return string.Concat(output.Finish());
    }

    private bool Accept(char character)
    {
        if (_position < _text.Length && _text[_position] == character)
        {
            _position++;
            return true;
        }

        return false;
    }

    private string Name()
    {
        var start = _position;
        if (start < _text.Length && (char.IsAsciiDigit(_text[start]) || _text[start] is '@' or '*' or '#' or '?' or '-' or '$' or '!'))
        {
            _position++;
            return _text[start..(start + 1)];
        }

        while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] == '_'))
        {
            _position++;
        }

        return _text[start.._position];
    }

    private sealed class WordList(bool split)
    {
        private readonly List<string> _words = [];
        private readonly StringBuilder _word = new();
        private bool _open;

        public void Append(string text)
        {
            foreach (var character in text)
            {
                if (split && char.IsWhiteSpace(character))
                {
                    Flush();
                }
                else
                {
                    _open = true;
                    _word.Append(character);
                }
            }
        }

        public void AppendRaw(string text)
        {
            _open = true;
            _word.Append(text);
        }

        public List<string> Finish()
        {
            Flush();
            return _words;
        }

        private void Flush()
        {
            if (_open)
            {
                _words.Add(_word.ToString());
                _word.Clear();
                _open = false;
            }
        }
    }
}
