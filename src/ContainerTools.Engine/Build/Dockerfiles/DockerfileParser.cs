namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>A Dockerfile as stages of instructions.</summary>
internal sealed class DockerfileParser
{
    private readonly string _file;
    private readonly List<string> _warnings = [];

    private DockerfileParser(string file) => _file = file;

    /// <summary>Parses a whole Dockerfile. Throws <c>DockerfileSyntax</c> with file and line.</summary>
    public static Dockerfile Parse(string file, string text) => new DockerfileParser(file).ParseFile(text);

    /// <summary>Parses one instruction of an ONBUILD trigger.</summary>
    public static Instruction ParseTrigger(string file, int line, string trigger)
    {
        var parser = new DockerfileParser(file);
        var lexer = new DockerfileLexer(file, trigger, parser._warnings);
        var lines = lexer.Read();
        return lines.Count == 1
            ? new InstructionParser(file, '\\', parser._warnings).Parse(lines[0] with { Line = line })
            : throw DockerfileSyntax.Error(file, line, $"unexpected ONBUILD trigger '{trigger}': expected one instruction.");
    }

    private Dockerfile ParseFile(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw DockerfileSyntax.Error(_file, text[..text.IndexOf('\0', StringComparison.Ordinal)].Count(c => c == '\n') + 1, "unexpected NUL byte: expected text in UTF-8.");
        }

        var lexer = new DockerfileLexer(_file, text, _warnings);
        var lines = lexer.Read();
        if (lines.Count == 0)
        {
            throw DockerfileSyntax.Error(_file, 1, "unexpected end of file: expected a FROM instruction.");
        }

        var instructions = new InstructionParser(_file, lexer.Escape, _warnings);
        var globals = new List<ArgInstruction>();
        var stages = new List<(FromInstruction From, List<Instruction> Instructions)>();
        foreach (var line in lines)
        {
            switch (instructions.Parse(line))
            {
                case FromInstruction from:
                    if (from.Name is not null && stages.Any(stage => stage.From.Name == from.Name))
                    {
                        _warnings.Add($"{_file}:{line.Line}: stage name '{from.Name}' is used before; later instructions mean this one.");
                    }

                    stages.Add((from, []));
                    break;
                case ArgInstruction argument when stages.Count == 0:
                    globals.Add(argument);
                    break;
                case { } instruction when stages.Count == 0:
                    throw DockerfileSyntax.Error(_file, instruction.Line, $"unexpected token '{line.Keyword}': expected FROM (only ARG may stand before it).");
                case { } instruction:
                    stages[^1].Instructions.Add(instruction);
                    break;
            }
        }

        return stages.Count > 0
            ? new Dockerfile(_file, lexer.Escape, globals, [.. stages.Select((stage, index) => new DockerfileStage(index, stage.From, stage.Instructions))], _warnings)
            : throw DockerfileSyntax.Error(_file, lines[^1].Line, "unexpected end of file: expected a FROM instruction.");
    }
}
