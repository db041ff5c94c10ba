namespace ContainerTools;

/// <summary>Input of <see cref="IBuildOperations.BuildAsync"/>.</summary>
public sealed record BuildRequest
{
    /// <summary>Absolute path of the build context directory; null for a build without context (Dockerfile text only).</summary>
    public string? ContextPath { get; init; }

    /// <summary>Absolute path of the Dockerfile; null means <c>Dockerfile</c>, then <c>Containerfile</c>, in the context.</summary>
    public string? DockerfilePath { get; init; }

    /// <summary>Text of the Dockerfile, when it does not come from a file.</summary>
    public string? DockerfileText { get; init; }

    /// <summary>Absolute path of an ignore file; null means <c>NAME.dockerignore</c>, then <c>.dockerignore</c>.</summary>
    public string? IgnoreFilePath { get; init; }

    /// <summary>Tags for the result.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Values of ARG instructions.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Contents of secrets by id, for <c>RUN --mount=type=secret</c>. They reach the steps that ask for them and nothing else: no layer, no history, no cache key.
    /// </summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Secrets { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>Labels added to the result.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Stage to build: name or index; null means the last.</summary>
    public string? Target { get; init; }

    /// <summary>When images that instructions name are pulled.</summary>
    public PullPolicy PullPolicy { get; init; }

    /// <summary>Do not use the cache.</summary>
    public bool NoCache { get; init; }

    /// <summary>Network of RUN steps: the name of one, <c>none</c> or <c>host</c>. An instruction that names none or host itself has that.</summary>
    public string Network { get; init; } = "default";

    /// <summary>Fixed time for files and history (SOURCE_DATE_EPOCH); null means now.</summary>
    public DateTimeOffset? SourceDate { get; init; }

    /// <summary>Most steps that run at once; 0 means one per core.</summary>
    public int ThrottleLimit { get; init; }
}
