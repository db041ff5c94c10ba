namespace ContainerTools.Oci.RuntimeSpec;

/// <summary>Linux part of a config.json.</summary>
public sealed record LinuxSection
{
    /// <summary>Namespaces to make or join; a kind left out is inherited.</summary>
    public IReadOnlyList<NamespaceSpec> Namespaces { get; init => field = value ?? []; } = [];

    /// <summary>User id mappings of a new user namespace.</summary>
    public IReadOnlyList<IdMapping> UidMappings { get; init => field = value ?? []; } = [];

    /// <summary>Group id mappings of a new user namespace.</summary>
    public IReadOnlyList<IdMapping> GidMappings { get; init => field = value ?? []; } = [];

    /// <summary>Devices beside the default ones.</summary>
    public IReadOnlyList<DeviceNode> Devices { get; init => field = value ?? []; } = [];

    /// <summary>Cgroup, relative to the root of each hierarchy.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>Limits.</summary>
    public LinuxResources? Resources { get; init; }

    /// <summary>System call filter.</summary>
    public SeccompConfig? Seccomp { get; init; }

    /// <summary>Propagation of the root mount: <c>private</c>, <c>slave</c>, <c>shared</c> or <c>unbindable</c>, or these with an r before.</summary>
    public string? RootfsPropagation { get; init; }

    /// <summary>Paths hidden from the container.</summary>
    public IReadOnlyList<string> MaskedPaths { get; init => field = value ?? []; } = [];

    /// <summary>Paths made read-only.</summary>
    public IReadOnlyList<string> ReadonlyPaths { get; init => field = value ?? []; } = [];

    /// <summary>Kernel parameters, by dotted name.</summary>
    public IReadOnlyDictionary<string, string> Sysctl { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>SELinux label of mounts; not supported.</summary>
    public string? MountLabel { get; init; }

    /// <summary>Execution domain; not supported.</summary>
    public Personality? Personality { get; init; }
}
