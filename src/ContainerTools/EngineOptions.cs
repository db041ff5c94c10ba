namespace ContainerTools;

/// <summary>Where an engine keeps its things.</summary>
public sealed record EngineOptions
{
    /// <summary>Data directory; what a reboot must not lose.</summary>
    public required string Root { get; init; }

    /// <summary>Runtime directory; what a reboot may forget.</summary>
    public required string Run { get; init; }

    /// <summary>Absolute path of the <c>ctrun</c> executable; null means beside the engine assembly.</summary>
    public string? RuntimePath { get; init; }

    /// <summary>Path of the network namespace that is the host's to containers, as <c>ip netns</c> makes one; null means the one this process is in.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>
    /// Options from <c>CONTAINERTOOLS_ROOT</c> and <c>CONTAINERTOOLS_RUN</c>, else <c>/var/lib/containertools</c> and <c>/run/containertools</c>; and from
    /// <c>CONTAINERTOOLS_NETWORK_NAMESPACE</c>.
    /// </summary>
    public static EngineOptions FromEnvironment() => new()
    {
        Root = FromVariable("CONTAINERTOOLS_ROOT", "/var/lib/containertools"),
        Run = FromVariable("CONTAINERTOOLS_RUN", "/run/containertools"),
        RuntimePath = Environment.GetEnvironmentVariable("CONTAINERTOOLS_RUNTIME") is { Length: > 0 } path ? path : null,
        NetworkNamespace = Environment.GetEnvironmentVariable("CONTAINERTOOLS_NETWORK_NAMESPACE") is { Length: > 0 } network ? network : null,
    };

    private static string FromVariable(string name, string fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? Path.GetFullPath(value) : fallback;
}
