using System.Text.RegularExpressions;

namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>Turns logical lines into instructions.</summary>
/// <param name="file">Name for messages.</param>
/// <param name="escape">The escape character.</param>
/// <param name="warnings">Takes what is odd but no error.</param>
internal sealed partial class InstructionParser(string file, char escape, List<string> warnings)
{
    private static readonly string[] Keywords =
    [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER",
        "VOLUME", "WORKDIR",
    ];

    /// <summary>One instruction. Throws <c>DockerfileSyntax</c> and <c>DockerfileNotSupported</c> with file and line.</summary>
    public Instruction Parse(DockerfileLine line)
    {
        try
        {
            if (!Keywords.Contains(line.Keyword))
            {
                var near = DockerfileSyntax.Nearest(line.Keyword, Keywords);
                throw DockerfileSyntax.Error(
                    file,
                    line.Line,
                    $"unexpected token '{line.Keyword}': expected an instruction{(near is null ? "." : $"; did you mean {near}?")}",
                    near is null ? $"Use one of {string.Join(", ", Keywords)}; a line that continues the one before needs '{escape}' at the end of that one." : $"Write {near} on line {line.Line}.");
            }

            if (line.Arguments.Length == 0)
            {
                throw new FormatException($"unexpected end of line after {line.Keyword}: expected arguments");
            }

            return Dispatch(line);
        }
        catch (FormatException error)
        {
            throw DockerfileSyntax.Error(file, line.Line, $"{error.Message}.", cause: error);
        }
        catch (UnsupportedFeatureException error)
        {
            throw DockerfileSyntax.NotSupported(file, line.Line, $"{error.Message}.", $"Take the option off line {line.Line}.");
        }
    }

    private Instruction Dispatch(DockerfileLine line) => line.Keyword switch
    {
        "FROM" => From(line),
        "RUN" => Run(line),
        "COPY" or "ADD" => CopyInstructionParser.Parse(line, escape),
        "ENV" => new EnvInstruction(line.Line, line.Text, InstructionWords.Pairs("ENV", NoFlags(line), escape)),
        "LABEL" => new LabelInstruction(line.Line, line.Text, InstructionWords.Pairs("LABEL", NoFlags(line), escape)),
        "ARG" => Arg(line),
        "WORKDIR" => new WorkdirInstruction(line.Line, line.Text, NoFlags(line)),
        "USER" => new UserInstruction(line.Line, line.Text, Single(line)),
        "EXPOSE" => new ExposeInstruction(line.Line, line.Text, NoFlags(line)),
        "VOLUME" => new VolumeInstruction(line.Line, line.Text, InstructionWords.JsonArray(NoFlags(line)) ?? InstructionWords.Split(line.Arguments, escape)),
        "ENTRYPOINT" => new EntrypointInstruction(line.Line, line.Text, Command(line, NoFlags(line))),
        "CMD" => new CmdInstruction(line.Line, line.Text, Command(line, NoFlags(line))),
        "SHELL" => InstructionWords.JsonArray(NoFlags(line)) is { Count: > 0 } words
            ? new ShellInstruction(line.Line, line.Text, words)
            : throw new FormatException($"unexpected token '{FirstWord(line.Arguments)}' after SHELL: expected a JSON array such as [\"/bin/sh\", \"-c\"]"),
        "STOPSIGNAL" => new StopSignalInstruction(line.Line, line.Text, Single(line)),
        "HEALTHCHECK" => HealthcheckInstructionParser.Parse(line, escape, text => Command(line, text)),
        "ONBUILD" => Onbuild(line),
        _ => new MaintainerInstruction(line.Line, line.Text, line.Arguments),
    };

    private FromInstruction From(DockerfileLine line)
    {
        var text = line.Arguments;
        string? platform = null;
        foreach (var (name, value) in InstructionWords.TakeFlags(ref text, escape))
        {
            platform = name == "platform" && value is { Length: > 0 } ? value : throw UnknownFlag("FROM", name, value, ["platform"]);
        }

        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case [var image]:
                return new FromInstruction(line.Line, line.Text, image, null, platform);
            case [var image, var keyword, var name]:
                if (!keyword.Equals("AS", StringComparison.OrdinalIgnoreCase))
                {
                    throw new FormatException($"unexpected token '{keyword}' after FROM {image}: expected AS");
                }

                return StageName().IsMatch(name)
                    ? new FromInstruction(line.Line, line.Text, image, name.ToLowerInvariant(), platform)
                    : throw new FormatException($"unexpected stage name '{name}': expected a letter, then letters, digits, '-', '_' or '.'");
            case []:
                throw new FormatException("unexpected end of line after FROM: expected an image");
            default:
                throw new FormatException($"unexpected token '{words[1]}' after FROM {words[0]}: expected the end of the line, or AS NAME");
        }
    }

    private RunInstruction Run(DockerfileLine line)
    {
        var text = line.Arguments;
        var mounts = new List<RunMount>();
        string? network = null;
        foreach (var (name, value) in InstructionWords.TakeFlags(ref text, escape))
        {
            switch (name)
            {
                case "mount" when value is not null:
                    mounts.Add(RunMountParser.Parse(value));
                    break;
                case "network":
                    network = value switch
                    {
                        "none" or "host" => value,
                        "default" => null,
                        _ => throw new FormatException($"unexpected network '{value}': expected none, host or default"),
                    };
                    break;
                case "security" when value == "sandbox":
                    break;
                case "security" or "device":
                    throw new UnsupportedFeatureException($"RUN --{name}={value} is not supported: a build step never gets more rights than a container");
                default:
                    throw UnknownFlag("RUN", name, value, ["mount", "network", "security"]);
            }
        }

        return text.Length > 0
            ? new RunInstruction(line.Line, line.Text, Command(line, text), mounts, network, line.HereDocuments)
            : throw new FormatException("unexpected end of line after RUN: expected a command");
    }

    private ArgInstruction Arg(DockerfileLine line) => new(
        line.Line,
        line.Text,
        [.. InstructionWords.Split(NoFlags(line), escape).Select(word =>
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            return VariableName().IsMatch(name)
                ? new KeyValuePair<string, string?>(name, equals < 0 ? null : word[(equals + 1)..])
                : throw new FormatException($"unexpected token '{word}' after ARG: expected NAME or NAME=default");
        })]);

    private OnbuildInstruction Onbuild(DockerfileLine line)
    {
        var keyword = FirstWord(line.Arguments).ToUpperInvariant();
        if (keyword is "ONBUILD" or "FROM" or "MAINTAINER")
        {
            throw new FormatException($"unexpected token '{keyword}' after ONBUILD: expected another instruction");
        }

        // The trigger is stored as text in the image; its here-documents go with it.
        var trigger = line.HereDocuments.Count == 0
            ? line.Arguments
            : line.Arguments + "\n" + string.Concat(line.HereDocuments.Select(document => $"{document.Content}{document.Name}\n"));
        Parse(new DockerfileLine(keyword, line.Arguments[keyword.Length..].Trim(), line.Line, line.HereDocuments));
        return new OnbuildInstruction(line.Line, line.Text, trigger);
    }

    private CommandLine Command(DockerfileLine line, string text)
    {
        if (!text.StartsWith('['))
        {
            return new CommandLine { ShellText = text };
        }

        var words = InstructionWords.JsonArray(text);
        if (words is null && text.EndsWith(']'))
        {
            warnings.Add($"{file}:{line.Line}: {line.Keyword} looks like the exec form but is no JSON array of strings (use double quotes); it is taken as a shell command.");
        }

        return words is null ? new CommandLine { ShellText = text } : new CommandLine { Words = words };
    }

    private string NoFlags(DockerfileLine line)
    {
        var text = line.Arguments;
        // CMD --x is a shell command in spite of its dashes only for the instructions that take free text.
        if (line.Keyword is "CMD" or "ENTRYPOINT" or "MAINTAINER" || !text.StartsWith("--", StringComparison.Ordinal))
        {
            return text;
        }

        var flag = InstructionWords.TakeFlags(ref text, escape).FirstOrDefault();
        return flag.Key is null ? text : throw UnknownFlag(line.Keyword, flag.Key, flag.Value, []);
    }

    private string Single(DockerfileLine line)
    {
        var words = InstructionWords.Split(NoFlags(line), escape);
        return words.Count == 1
            ? words[0]
            : throw new FormatException($"unexpected token '{words[1]}' after {line.Keyword} {words[0]}: expected the end of the line");
    }

    internal static FormatException UnknownFlag(string keyword, string name, string? value, IReadOnlyList<string> known)
    {
        if (known.Contains(name))
        {
            return new FormatException($"unexpected value '{value}' of flag '--{name}' of {keyword}: expected --{name}=VALUE");
        }

        var near = DockerfileSyntax.Nearest(name, known);
        var expected = near is not null ? $"did you mean --{near}?" : known.Count > 0 ? $"expected {string.Join(", ", known.Select(flag => $"--{flag}"))}" : "expected no flag";
        return new FormatException($"unexpected flag '--{name}' of {keyword}: {expected}");
    }

    internal static string FirstWord(string text)
    {
        var end = InstructionWords.IndexOfBlank(text);
        return end < 0 ? text : text[..end];
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9\-_.]*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StageName();

    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_\-.]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();
}
