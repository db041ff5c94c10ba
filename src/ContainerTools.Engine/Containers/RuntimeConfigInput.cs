using ContainerTools.Engine.Networks;

namespace ContainerTools.Engine.Containers;

/// <summary>Everything <see cref="RuntimeConfigBuilder"/> needs, resolved: spec and image have been merged, names have become numbers.</summary>
internal sealed record RuntimeConfigInput
{
    public required string Id { get; init; }

    /// <summary>Absolute path of the root directory the runtime will pivot into.</summary>
    public required string RootPath { get; init; }

    public required ContainerSpec Spec { get; init; }

    /// <summary>Entrypoint and command.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Whole environment, <c>NAME=value</c>.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    public required string WorkingDirectory { get; init; }

    public required ContainerUser User { get; init; }

    /// <summary>The network it gets.</summary>
    public required ContainerNetworkSetup Network { get; init; }

    /// <summary>Files of the engine's own that are bound in, such as <c>/etc/hosts</c>.</summary>
    public IReadOnlyList<ContainerMount> HostFiles { get; init; } = [];
}
