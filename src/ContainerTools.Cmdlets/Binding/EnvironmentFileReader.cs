namespace ContainerTools.Cmdlets;

/// <summary>Reads files of <c>NAME=value</c> lines as <c>docker run --env-file</c> does: no quoting, <c>#</c> begins a comment line.</summary>
internal static class EnvironmentFileReader
{
    public static IEnumerable<KeyValuePair<string, string>> Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ContainerToolsException(ErrorKind.NotFound, "EnvironmentFileNotFound", $"The environment file {path} does not exist.", path, null, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContainerToolsException(ErrorKind.Unavailable, "EnvironmentFileUnreadable", $"The environment file {path} cannot be read: {e.Message}", path, null, e);
        }

        return Parse(path, lines);
    }

    private static IEnumerable<KeyValuePair<string, string>> Parse(string path, string[] lines)
    {
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index].TrimStart();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? line.TrimEnd() : line[..equals];
            if (name.Length == 0 || name.Any(char.IsWhiteSpace))
            {
                throw new ContainerToolsException(
                    ErrorKind.InvalidArgument, "EnvironmentFileSyntax", $"{path}:{index + 1}: '{name}' is no name of a variable; write NAME=value.", path);
            }

            // A bare name passes the caller's own value on, if there is one.
            var value = equals < 0 ? Environment.GetEnvironmentVariable(name) : line[(equals + 1)..];
            if (value is not null)
            {
                yield return KeyValuePair.Create(name, value);
            }
        }
    }
}
