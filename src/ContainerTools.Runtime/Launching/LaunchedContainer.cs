using ContainerTools.Linux.Cgroups;
using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Runtime.Launching;

/// <summary>A container that was started by this process.</summary>
/// <param name="State">What was written to its state file.</param>
/// <param name="Pidfd">Its first process, a child of this process; readable when it has ended.</param>
/// <param name="Cgroup">Its cgroup.</param>
/// <param name="StateDirectory">Directory of its state.</param>
internal sealed record LaunchedContainer(ContainerRuntimeState State, SafeFileHandle Pidfd, ICgroup Cgroup, string StateDirectory) : IDisposable
{
    /// <summary>Process id of the first process on the host.</summary>
    public int Pid => State.Pid;

    /// <summary>Kills what is left and removes the cgroup and the state. Call once, after its first process has ended.</summary>
    public void Remove() => ContainerTeardown.Remove(Cgroup, StateDirectory);

    /// <summary>Closes the process descriptor.</summary>
    public void Dispose() => Pidfd.Dispose();
}
