namespace ContainerTools.Engine.Build.Dockerfiles;

/// <summary>One instruction of a Dockerfile. Words are as written; expansion needs the environment and comes with execution.</summary>
/// <param name="Line">First line, from 1.</param>
/// <param name="Text">The instruction on one line, as written.</param>
internal abstract record Instruction(int Line, string Text);

internal sealed record FromInstruction(int Line, string Text, string Base, string? Name, string? Platform) : Instruction(Line, Text);

internal sealed record RunInstruction(
    int Line, string Text, CommandLine Command, IReadOnlyList<RunMount> Mounts, string? Network, IReadOnlyList<HereDocument> HereDocuments) : Instruction(Line, Text);

/// <summary>COPY or ADD; <paramref name="Extract"/> unpacks local archives.</summary>
internal sealed record CopyInstruction(
    int Line,
    string Text,
    bool Extract,
    IReadOnlyList<string> Sources,
    IReadOnlyList<HereDocument> Files,
    string Destination,
    string? From,
    string? Chown,
    string? Chmod,
    bool Parents,
    IReadOnlyList<string> Excludes) : Instruction(Line, Text)
{
    public string Keyword => Text.StartsWith("ADD", StringComparison.Ordinal) ? "ADD" : "COPY";
}

internal sealed record EnvInstruction(int Line, string Text, IReadOnlyList<KeyValuePair<string, string>> Pairs) : Instruction(Line, Text);

internal sealed record LabelInstruction(int Line, string Text, IReadOnlyList<KeyValuePair<string, string>> Pairs) : Instruction(Line, Text);

internal sealed record ArgInstruction(int Line, string Text, IReadOnlyList<KeyValuePair<string, string?>> Arguments) : Instruction(Line, Text);

internal sealed record WorkdirInstruction(int Line, string Text, string Path) : Instruction(Line, Text);

internal sealed record UserInstruction(int Line, string Text, string User) : Instruction(Line, Text);

internal sealed record ExposeInstruction(int Line, string Text, string Ports) : Instruction(Line, Text);

internal sealed record VolumeInstruction(int Line, string Text, IReadOnlyList<string> Paths) : Instruction(Line, Text);

internal sealed record EntrypointInstruction(int Line, string Text, CommandLine Command) : Instruction(Line, Text);

internal sealed record CmdInstruction(int Line, string Text, CommandLine Command) : Instruction(Line, Text);

internal sealed record ShellInstruction(int Line, string Text, IReadOnlyList<string> Words) : Instruction(Line, Text);

internal sealed record StopSignalInstruction(int Line, string Text, string Signal) : Instruction(Line, Text);

/// <summary>HEALTHCHECK; <paramref name="Command"/> is null for NONE.</summary>
internal sealed record HealthcheckInstruction(
    int Line, string Text, CommandLine? Command, TimeSpan? Interval, TimeSpan? Timeout, TimeSpan? StartPeriod, TimeSpan? StartInterval, int? Retries) : Instruction(Line, Text);

internal sealed record OnbuildInstruction(int Line, string Text, string Trigger) : Instruction(Line, Text);

internal sealed record MaintainerInstruction(int Line, string Text, string Author) : Instruction(Line, Text);

/// <summary>A command in exec form (<see cref="Words"/>) or shell form (<see cref="ShellText"/>).</summary>
internal sealed record CommandLine
{
    /// <summary>Words of the exec form; null in shell form.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Text of the shell form; null in exec form.</summary>
    public string? ShellText { get; init; }

    /// <summary>The words to execute, with <paramref name="shell"/> before the shell form.</summary>
    public IReadOnlyList<string> Resolve(IReadOnlyList<string> shell) => Words ?? [.. shell, ShellText!];
}

/// <summary>One <c>RUN --mount</c>.</summary>
internal sealed record RunMount
{
    /// <summary><c>bind</c>, <c>cache</c>, <c>secret</c> or <c>tmpfs</c>.</summary>
    public required string Type { get; init; }

    public required string Target { get; init; }

    /// <summary>Path within <see cref="From"/> or the context; null means its root.</summary>
    public string? Source { get; init; }

    /// <summary>Stage or image; null means the context.</summary>
    public string? From { get; init; }

    /// <summary>Secret: environment variable that gets it; null means none.</summary>
    public string? Variable { get; init; }

    /// <summary>Secret: true makes its absence an error.</summary>
    public bool Required { get; init; }

    /// <summary>Identity of a cache (null means the target) or a secret.</summary>
    public string? Id { get; init; }

    /// <summary>Cache: <c>shared</c>, <c>private</c> or <c>locked</c>.</summary>
    public string Sharing { get; init; } = "shared";

    public bool ReadOnly { get; init; }

    /// <summary>tmpfs: size option as written; null means unlimited.</summary>
    public string? Size { get; init; }

    /// <summary>Mode, owner and group of a cache directory made new, or of a secret's file.</summary>
    public int Mode { get; init; } = 0b111_101_101;

    public int UserId { get; init; }

    public int GroupId { get; init; }
}
