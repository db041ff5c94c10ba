namespace ContainerTools.Runtime.Planning;

/// <summary>One cgroup directory of a container.</summary>
/// <param name="Name">Name of its hierarchy, such as <c>memory</c>, <c>cpu,cpuacct</c> or <c>systemd</c>; empty for cgroup v2.</param>
/// <param name="Path">Absolute directory on the host.</param>
internal sealed record CgroupMembership(string Name, string Path)
{
    /// <summary>True when it lies in the unified hierarchy.</summary>
    public bool IsUnified => Name.Length == 0;
}
