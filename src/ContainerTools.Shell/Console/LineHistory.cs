namespace ContainerTools.Shell.Console;

/// <summary>Lines entered before, kept in a file between sessions (the newest 1000).</summary>
internal sealed class LineHistory
{
    private const int Most = 1000;
    private readonly string? _path;
    private readonly List<string> _lines = [];
    private int _position;

    /// <summary>Reads what the file holds; a file that cannot be read or written means a history of this session only.</summary>
    public LineHistory(string? path)
    {
        _path = path;
        try
        {
            if (path is not null && File.Exists(path))
            {
                _lines.AddRange(File.ReadLines(path).TakeLast(Most));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _path = null;
        }

        _position = _lines.Count;
    }

    /// <summary>The user's history file, by the XDG base directory rules; null when there is no home.</summary>
    public static string? DefaultPath
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            var home = Environment.GetEnvironmentVariable("HOME");
            return !string.IsNullOrEmpty(state) ? Path.Combine(state, "containertools", "history")
                : !string.IsNullOrEmpty(home) ? Path.Combine(home, ".local", "state", "containertools", "history")
                : null;
        }
    }

    /// <summary>Remembers a line, unless it is empty, repeats the last, or starts with a space.</summary>
    public void Add(string line)
    {
        if (line.Length > 0 && !char.IsWhiteSpace(line[0]) && !line.Contains('\n', StringComparison.Ordinal) && _lines.LastOrDefault() != line)
        {
            _lines.Add(line);
            Append(line);
        }

        _position = _lines.Count;
    }

    /// <summary>The line before; null at the oldest.</summary>
    public string? Previous() => _position > 0 ? _lines[--_position] : null;

    /// <summary>The line after; empty past the newest.</summary>
    public string Next()
    {
        _position = Math.Min(_position + 1, _lines.Count);
        return _position < _lines.Count ? _lines[_position] : "";
    }

    private void Append(string line)
    {
        if (_path is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            using var writer = new StreamWriter(_path, options);
            writer.WriteLine(line);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A history that cannot be kept must not stop the work; the session's own history goes on.
        }
    }
}
