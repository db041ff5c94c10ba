namespace ContainerTools;

/// <summary>What this engine is, where it stores, and how much it holds.</summary>
public sealed record EngineInfo
{
    /// <summary>Version of ContainerTools.</summary>
    public required string Version { get; init; }

    /// <summary>Data directory.</summary>
    public required string Root { get; init; }

    /// <summary>Runtime directory.</summary>
    public required string Run { get; init; }

    /// <summary>Path of the <c>ctrun</c> executable.</summary>
    public required string RuntimePath { get; init; }

    /// <summary>Kernel release, as <c>uname -r</c> prints it.</summary>
    public required string KernelVersion { get; init; }

    /// <summary>The distribution's name from os-release.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Architecture in Go's words.</summary>
    public required string Architecture { get; init; }

    /// <summary>Cores this process may use.</summary>
    public int Cpus { get; init; }

    /// <summary>Bytes of memory of this host.</summary>
    public long MemoryTotal { get; init; }

    /// <summary><c>v1</c>, <c>v2</c> or <c>hybrid</c>.</summary>
    public required string CgroupVersion { get; init; }

    /// <summary>Where subnets of networks come from that ask for none: <c>base=10.176.0.0/12,size=24</c>.</summary>
    public IReadOnlyList<string> AddressPool { get; init => field = value.ToArray(); } = [];

    /// <summary>Address of the host that ports are published on when none is named; null means all.</summary>
    public string? DefaultBindAddress { get; init; }

    /// <summary>Who makes the rules of container networks.</summary>
    public FirewallBackend FirewallBackend { get; init; }

    /// <summary>Proxy by which registries are reached, with user and password hidden; null means that of the environment, if any.</summary>
    public string? Proxy { get; init; }

    /// <summary>Hosts that are reached without <see cref="Proxy"/>.</summary>
    public IReadOnlyList<string> NoProxy { get; init => field = value.ToArray(); } = [];

    /// <summary>Images in the store.</summary>
    public int Images { get; init; }

    /// <summary>Containers in the store.</summary>
    public int Containers { get; init; }

    /// <summary>Containers that run.</summary>
    public int Running { get; init; }
}
