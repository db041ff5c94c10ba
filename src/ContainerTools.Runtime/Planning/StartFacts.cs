using ContainerTools.Linux.Starting;

namespace ContainerTools.Runtime.Planning;

/// <summary>What a plan needs to know beside the configuration; gathered by the launcher, made up by tests.</summary>
internal sealed record StartFacts
{
    /// <summary>Absolute bundle directory.</summary>
    public required string Bundle { get; init; }

    /// <summary>Cgroup directories of the container.</summary>
    public IReadOnlyList<CgroupMembership> Cgroups { get; init; } = [];

    /// <summary>Files by which a process joins those cgroups that it is not born in.</summary>
    public IReadOnlyList<string> CgroupJoinFiles { get; init; } = [];

    /// <summary>Compiled system call filter, or null.</summary>
    public byte[]? SeccompFilter { get; init; }

    /// <summary>Flags of the seccomp(2) call.</summary>
    public uint SeccompFlags { get; init; }

    /// <summary>Capabilities the runtime itself holds.</summary>
    public ulong AvailableCapabilities { get; init; } = ulong.MaxValue;

    /// <summary>Highest capability of this kernel.</summary>
    public int LastCapability { get; init; } = 40;

    /// <summary>Memory that must not go into the container with a process of ours.</summary>
    public OwnMemory Memory { get; init; }

    /// <summary>Stop before the program runs, until a start signal comes.</summary>
    public bool WaitForStart { get; init; }

    /// <summary>Whether a host path is a directory; null when it does not exist.</summary>
    public required Func<string, bool?> IsDirectory { get; init; }
}
