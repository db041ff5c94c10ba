namespace ContainerTools;

/// <summary>Execution defaults of an image (OCI image-spec, config.md, "config").</summary>
public sealed record ImageConfiguration
{
    /// <summary>User as <c>user[:group]</c>, names or numbers; empty means root.</summary>
    public string User { get; init; } = "";

    /// <summary>Environment, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment { get; init => field = value.ToArray(); } = [];

    /// <summary>Entrypoint words, before the command.</summary>
    public IReadOnlyList<string> Entrypoint { get; init => field = value.ToArray(); } = [];

    /// <summary>Default command words.</summary>
    public IReadOnlyList<string> Command { get; init => field = value.ToArray(); } = [];

    /// <summary>Working directory; empty means <c>/</c>.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>Exposed ports, <c>80/tcp</c>.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init => field = value.ToArray(); } = [];

    /// <summary>Declared volumes, absolute paths.</summary>
    public IReadOnlyList<string> Volumes { get; init => field = value.ToArray(); } = [];

    /// <summary>Signal that stops the container (<c>SIGTERM</c> when null).</summary>
    public string? StopSignal { get; init; }

    /// <summary>Health check of the image, or null.</summary>
    public HealthCheck? HealthCheck { get; init; }

    /// <summary>Shell used by shell-form instructions; empty means <c>/bin/sh -c</c>.</summary>
    public IReadOnlyList<string> Shell { get; init => field = value.ToArray(); } = [];

    /// <summary>Build triggers (ONBUILD), in order.</summary>
    public IReadOnlyList<string> OnBuild { get; init => field = value.ToArray(); } = [];
}
