using ContainerTools.Linux.Cgroups;
using ContainerTools.Linux.Namespaces;
using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Planning;

namespace ContainerTools.Runtime.Launching;

/// <summary>Starts further processes in running containers.</summary>
internal static class ExecLauncher
{
    private static readonly (string File, CloneFlags Kind)[] Kinds =
    [
        ("user", CloneFlags.NewUser), ("mnt", CloneFlags.NewMount), ("uts", CloneFlags.NewUts), ("ipc", CloneFlags.NewIpc), ("net", CloneFlags.NewNetwork), ("cgroup", CloneFlags.NewCgroup),
        ("pid", CloneFlags.NewPid),
    ];

    /// <summary>Starts a process; it is a child of this one.</summary>
    /// <exception cref="ContainerStartException">It did not start.</exception>
    public static StartedChild Start(ExistingContainer container, ProcessSection process, SeccompConfig? seccomp, (int Input, int Output, int Error) streams)
    {
        try
        {
            container.Require("exec", ExistingContainer.Running);
            int pid = container.State.Pid;
            using Pidfd pidfd = Pidfd.Open(pid, container.State.StartTime) ?? throw new InvalidOperationException($"Container '{container.State.Id}' has stopped.");
            CgroupHost host = CgroupHost.Detect();
            ICgroup cgroup = host.Open(container.State.Cgroups);
            CloneFlags namespaces = Kinds.Where(kind => Differs(pid, kind.File)).Aggregate(CloneFlags.None, (all, kind) => all | kind.Kind);
            StartFacts facts = HostFacts.Gather(container.State.Bundle, seccomp, host, cgroup, waitForStart: false) with { Memory = OwnMemory.Find() };
            StartPlan plan = ExecPlanner.Plan(process, namespaces, facts);
            return ChildLaunch.Start(plan, cgroup, streams, null, null, pidfd.Handle);
        }
        catch (Exception error) when (error is not ContainerStartException && ContainerLauncher.AsStartFailure(error) is { } failure)
        {
            throw failure;
        }
    }

    private static bool Differs(int pid, string file) =>
        File.ResolveLinkTarget($"/proc/{pid}/ns/{file}", false)?.Name != File.ResolveLinkTarget($"/proc/self/ns/{file}", false)?.Name;
}
