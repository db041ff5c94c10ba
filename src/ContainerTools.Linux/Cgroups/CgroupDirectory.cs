namespace ContainerTools.Linux.Cgroups;

/// <summary>The directory of a cgroup in one hierarchy.</summary>
internal sealed record CgroupDirectory(CgroupHierarchy Hierarchy, string Path);
