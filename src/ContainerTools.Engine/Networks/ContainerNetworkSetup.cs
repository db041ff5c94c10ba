using System.Net;
using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Networks;

/// <summary>What a container's start needs to know of its networks.</summary>
internal sealed record ContainerNetworkSetup
{
    /// <summary>A container with nothing but a loopback.</summary>
    public static ContainerNetworkSetup None { get; } = new();

    /// <summary>True when it uses the host's network.</summary>
    public bool IsHost { get; init; }

    /// <summary>Path of the network namespace that it joins; null when the runtime makes one, or when it stays in the host's.</summary>
    public string? NamespacePath { get; init; }

    /// <summary>Path of the monitor's network plan; null when it has nothing to do.</summary>
    public string? PlanPath { get; init; }

    /// <summary>Its addresses, the most important network first.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Further lines of /etc/hosts: address and name.</summary>
    public IReadOnlyList<(string Address, string Name)> ExtraHosts { get; init; } = [];

    /// <summary>Content of /etc/resolv.conf.</summary>
    public string ResolvConf { get; init; } = "";

    /// <summary>The container whose /etc/hosts, /etc/hostname and /etc/resolv.conf are shared, because its network is; else null.</summary>
    public ContainerBundle? SharedWith { get; init; }
}
