namespace ContainerTools.Linux.Cgroups;

/// <summary>One value to write into a cgroup.</summary>
/// <param name="Controller">Controller the file belongs to.</param>
/// <param name="File">Name of the file.</param>
/// <param name="Value">What is written.</param>
/// <param name="Optional">True when a kernel may lack the file (swap accounting) and the container runs as well without.</param>
public sealed record CgroupWrite(string Controller, string File, string Value, bool Optional = false);
