namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>COPY and ADD.</summary>
internal static class CopyInstructionParser
{
    private static readonly string[] CopyFlags = ["from", "chown", "chmod", "link", "parents", "exclude"];
    private static readonly string[] AddFlags = ["chown", "chmod", "link", "exclude", "unpack"];

    public static CopyInstruction Parse(DockerfileLine line, char escape)
    {
        var add = line.Keyword == "ADD";
        var text = line.Arguments;
        string? from = null, chown = null, chmod = null;
        var (parents, extract) = (false, add);
        var excludes = new List<string>();
        foreach (var (name, value) in InstructionWords.TakeFlags(ref text, escape))
        {
            switch (name)
            {
                case "from" when !add:
                    from = Required(line, name, value);
                    break;
                case "chown":
                    chown = Required(line, name, value);
                    break;
                case "chmod":
                    chmod = Required(line, name, value);
                    break;
                case "link":
                    // Every COPY makes a layer of its own here, which is what the flag asks for.
                    _ = Boolean(line, name, value);
                    break;
                case "parents" when !add:
                    parents = Boolean(line, name, value);
                    break;
                case "unpack" when add:
                    extract = Boolean(line, name, value);
                    break;
                case "exclude":
                    excludes.Add(Required(line, name, value));
                    break;
                case "keep-git-dir" or "checksum" when add:
                    throw new UnsupportedFeatureException($"ADD --{name} is about remote sources, which are not supported");
                default:
                    throw InstructionParser.UnknownFlag(line.Keyword, name, value, add ? AddFlags : CopyFlags);
            }
        }

        if (from is not null && from.Contains('$', StringComparison.Ordinal))
        {
            throw new FormatException($"unexpected token '{from}' in --from: expected a stage or an image; variables are expanded in FROM only, so name a stage with 'FROM {from} AS NAME'");
        }

        var words = InstructionWords.JsonArray(text) ?? InstructionWords.Split(text, escape);
        if (words.Count < 2)
        {
            throw new FormatException($"unexpected end of line after {line.Keyword}: expected at least one source and a destination");
        }

        var marks = line.HereDocuments.ToDictionary(document => document.Mark);
        var sources = words.SkipLast(1).Where(word => !marks.ContainsKey(word)).ToList();
        if (marks.ContainsKey(words[^1]))
        {
            throw new FormatException($"unexpected here-document '{words[^1]}' as destination of {line.Keyword}: expected a path");
        }

        foreach (var source in sources.Where(IsRemote))
        {
            throw new UnsupportedFeatureException($"{line.Keyword} of the remote source '{source}' is not supported; fetch it into the context first");
        }

        return new CopyInstruction(line.Line, line.Text, extract, sources, line.HereDocuments, words[^1], from, chown, chmod, parents, excludes);
    }

    /// <summary>True for URLs and git addresses.</summary>
    public static bool IsRemote(string source) =>
        source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ||
        source.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ||
        source.StartsWith("ftp://", StringComparison.OrdinalIgnoreCase) ||
        source.StartsWith("git://", StringComparison.OrdinalIgnoreCase) ||
        source.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase) ||
        source.StartsWith("git@", StringComparison.OrdinalIgnoreCase);

    private static string Required(DockerfileLine line, string name, string? value) =>
        value is { Length: > 0 } ? value : throw new FormatException($"unexpected end of flag '--{name}' of {line.Keyword}: expected --{name}=VALUE");

    private static bool Boolean(DockerfileLine line, string name, string? value) => value?.ToLowerInvariant() switch
    {
        null or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new FormatException($"unexpected value '{value}' of flag '--{name}' of {line.Keyword}: expected true or false"),
    };
}
