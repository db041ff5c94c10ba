using ContainerTools.Linux.Capabilities;
using ContainerTools.Linux.Cgroups;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Planning;

namespace ContainerTools.Runtime.Launching;

/// <summary>Gathers what a plan asks of this host.</summary>
internal static class HostFacts
{
    /// <summary>Facts for a new container, or for a process in one.</summary>
    public static StartFacts Gather(string bundle, SeccompConfig? seccomp, CgroupHost host, ICgroup cgroup, bool waitForStart) => new()
    {
        Bundle = bundle,
        Cgroups = CgroupMapping.Memberships(host, cgroup),
        CgroupJoinFiles = cgroup.JoinFiles,
        SeccompFilter = SeccompMapping.Compile(seccomp),
        SeccompFlags = SeccompMapping.Flags(seccomp),
        AvailableCapabilities = ProcessCapabilities.Permitted(),
        LastCapability = ProcessCapabilities.Last(),
        WaitForStart = waitForStart,
        IsDirectory = IsDirectory,
    };

    /// <summary>Whether a host path is a directory; null when it does not exist.</summary>
    public static bool? IsDirectory(string path) => Directory.Exists(path) ? true : File.Exists(path) ? false : null;
}
