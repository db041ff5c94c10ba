using ContainerTools.Oci;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>What a stage is at one instruction. Changed by one thread only; a finished stage is copied by those that stand on it.</summary>
internal sealed class StageState
{
    public static readonly IReadOnlyList<string> DefaultShell = ["/bin/sh", "-c"];

    public required ImageExecutionConfig Config { get; set; }

    public string? Author { get; set; }

    public required string Architecture { get; init; }

    public string? Variant { get; init; }

    /// <summary>Diff ids, base first.</summary>
    public List<Digest> Layers { get; init; } = [];

    public List<ImageHistory> History { get; init; } = [];

    /// <summary>Hash of everything that decides the files.</summary>
    public required string FilesKey { get; set; }

    /// <summary>Hash of everything that decides the history, and so the image.</summary>
    public required string HistoryKey { get; set; }

    /// <summary>ARG values declared so far; null when declared without value.</summary>
    public Dictionary<string, string?> Arguments { get; } = [];

    /// <summary>True once CMD was given in this stage: ENTRYPOINT clears an inherited command only.</summary>
    public bool CommandSet { get; set; }

    public IReadOnlyList<string> Shell => Config.Shell is { Count: > 0 } shell ? shell : DefaultShell;

    /// <summary>Value of a variable in an instruction: ENV goes before ARG.</summary>
    public string? Lookup(string name)
    {
        var prefix = name + "=";
        var assignment = Config.Environment?.LastOrDefault(item => item.StartsWith(prefix, StringComparison.Ordinal));
        return assignment is not null ? assignment[prefix.Length..] : Arguments.GetValueOrDefault(name);
    }

    /// <summary>A new stage on top of this one.</summary>
    public StageState Derive() => new()
    {
        Config = Config,
        Author = Author,
        Architecture = Architecture,
        Variant = Variant,
        Layers = [.. Layers],
        History = [.. History],
        FilesKey = FilesKey,
        HistoryKey = HistoryKey,
    };
}
