namespace ContainerTools.Linux.Cgroups;

/// <summary>A mounted cgroup hierarchy.</summary>
public sealed record CgroupHierarchy
{
    /// <summary>Its version.</summary>
    public required CgroupVersion Version { get; init; }

    /// <summary>Where it is mounted.</summary>
    public required string MountPoint { get; init; }

    /// <summary>Controllers it serves: <c>memory</c>, <c>cpu</c> and so on.</summary>
    public required IReadOnlyList<string> Controllers { get; init; }
}
