namespace ContainerTools.Shell.CommandLine;

/// <summary>The shell's command line, parsed: the names and abbreviations of <c>pwsh</c>, as far as they make sense here.</summary>
internal sealed record ShellArguments
{
    /// <summary>The text of <c>ct -Help</c>.</summary>
    public const string Usage = """
        ct [[-File] script.ps1 [argument …]]     run a script file
        ct -Command text …                       run the words as one script
        ct -Command -                            run the script on standard input
        ct                                       prompt
          -NoExit              stay at the prompt afterwards
          -NoLogo              no greeting
          -NonInteractive      never ask; fail where a question would be asked
          -NoProfile           accepted; this shell has no profiles
          -WorkingDirectory d  start in directory d
          -Version, -Help
        """;

    /// <summary>What to do.</summary>
    public ShellMode Mode { get; init; }

    /// <summary>Script text, or path of the script file.</summary>
    public string Script { get; init; } = "";

    /// <summary>Arguments of the script file.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Prompt after the script.</summary>
    public bool NoExit { get; init; }

    /// <summary>Print no greeting.</summary>
    public bool NoLogo { get; init; }

    /// <summary>Fail where a question would be asked.</summary>
    public bool NonInteractive { get; init; }

    /// <summary>Start here; null means where the caller is.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Parses. Throws <see cref="ShellUsageException"/>.</summary>
    /// <param name="words">The words after the program name.</param>
    /// <param name="inputRedirected">True when standard input is not a terminal: without a script, it is the script.</param>
    public static ShellArguments Parse(IReadOnlyList<string> words, bool inputRedirected)
    {
        var parsed = new ShellArguments();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (!IsSwitch(word))
            {
                return parsed with { Mode = ShellMode.File, Script = word, Arguments = [.. words.Skip(i + 1)] };
            }

            var name = word.TrimStart('-').ToLowerInvariant();
            switch (name)
            {
                case "file" or "f":
                    var file = Value(words, i, word);
                    return file == "-"
                        ? parsed with { Mode = ShellMode.StandardInput }
                        : parsed with { Mode = ShellMode.File, Script = file, Arguments = [.. words.Skip(i + 2)] };
                case "command" or "c":
                    var text = Value(words, i, word);
                    return text == "-" && words.Count == i + 2
                        ? parsed with { Mode = ShellMode.StandardInput }
                        : parsed with { Mode = ShellMode.Command, Script = string.Join(' ', words.Skip(i + 1)) };
                case "":
                    return parsed with { Mode = ShellMode.StandardInput };
                case "workingdirectory" or "wd":
                    parsed = parsed with { WorkingDirectory = Value(words, i++, word) };
                    break;
                case "noexit" or "noe":
                    parsed = parsed with { NoExit = true };
                    break;
                case "nologo" or "nol":
                    parsed = parsed with { NoLogo = true };
                    break;
                case "noninteractive" or "noni":
                    parsed = parsed with { NonInteractive = true };
                    break;
                case "noprofile" or "nop":
                    break;
                case "version" or "v":
                    return parsed with { Mode = ShellMode.Version };
                case "help" or "h" or "?":
                    return parsed with { Mode = ShellMode.Help };
                default:
                    throw new ShellUsageException($"ct has no option '{word}'; 'ct -Help' lists them. A script's own options follow the script's path.");
            }
        }

        return parsed with { Mode = inputRedirected ? ShellMode.StandardInput : ShellMode.Interactive };
    }

    private static bool IsSwitch(string word) => word.StartsWith('-');

    private static string Value(IReadOnlyList<string> words, int index, string option) =>
        index + 1 < words.Count ? words[index + 1] : throw new ShellUsageException($"'{option}' needs a value after it.");
}
