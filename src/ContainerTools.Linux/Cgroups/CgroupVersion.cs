namespace ContainerTools.Linux.Cgroups;

/// <summary>Version of a cgroup hierarchy.</summary>
public enum CgroupVersion
{
    /// <summary>One hierarchy per controller (cgroup-v1).</summary>
    V1 = 1,

    /// <summary>The unified hierarchy (cgroup-v2).</summary>
    V2 = 2,
}
