using ContainerTools.Oci;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>Runs the command of one RUN instruction.</summary>
internal interface IRunStepExecutor
{
    /// <summary>Throws <c>InvalidNetwork</c>, <c>NetworkNotFound</c> for a network that no step can use.</summary>
    void CheckNetwork(string network);

    /// <summary>Runs to the end; what it writes to the root file system is in <see cref="RunStep.Upper"/> afterwards. Cancellation kills it.</summary>
    Task<RunStepResult> RunAsync(RunStep step, CancellationToken cancellationToken);
}

/// <summary>One command in one file system.</summary>
internal sealed record RunStep
{
    /// <summary>The build's work directory, by its id.</summary>
    public required string WorkId { get; init; }

    /// <summary>Directory for the step's own files, on the file system of the layers.</summary>
    public required string Directory { get; init; }

    /// <summary>Lower layers, topmost first.</summary>
    public required IReadOnlyList<string> LayersTopFirst { get; init; }

    /// <summary>Fresh directory that takes the changes.</summary>
    public required string Upper { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>User, working directory and environment.</summary>
    public required ImageExecutionConfig Config { get; init; }

    /// <summary>ARG values, added to the environment.</summary>
    public required IReadOnlyDictionary<string, string> Arguments { get; init; }

    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>tmpfs mounts: path → options.</summary>
    public IReadOnlyDictionary<string, string> Tmpfs { get; init; } = new Dictionary<string, string>();

    /// <summary><c>none</c>, <c>host</c> or the name of a network.</summary>
    public required string Network { get; init; }

    /// <summary>Receives the command's output, a line at a time.</summary>
    public required Action<string> Log { get; init; }
}

/// <summary>How the command ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Error">Why it could not be started, or null.</param>
/// <param name="OomKilled">True when the kernel ended it for lack of memory.</param>
internal sealed record RunStepResult(int ExitCode, string? Error = null, bool OomKilled = false);
