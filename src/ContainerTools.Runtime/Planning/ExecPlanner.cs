using ContainerTools.Linux.Namespaces;
using ContainerTools.Linux.Starting;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Planning;

/// <summary>Plans a further process in a running container.</summary>
internal static class ExecPlanner
{
    private const long NotDumpable = 4;

    /// <summary>Plans the process.</summary>
    /// <param name="process">The program.</param>
    /// <param name="namespaces">Namespaces of the container that are not the runtime's own.</param>
    /// <param name="facts">Facts of the host; its cgroup files are the container's.</param>
    public static StartPlan Plan(ProcessSection process, CloneFlags namespaces, StartFacts facts)
    {
        ConfigurationCheck.RequireProcess(process);
        OperationList operations = new();
        bool joinsPid = (namespaces & CloneFlags.NewPid) != 0;
        IdentityPlanner identity = new(operations, process, facts, joinsPid ? ProgramParent.RuntimeAfterPreparation : ProgramParent.Runtime);
        operations.Add("hide the runtime from the container", null, SystemCall.Prctl, NotDumpable, 0, 0, 0, 0);
        identity.ConnectStreams();
        operations.Add("start a session", null, SystemCall.Setsid);
        identity.SetOutOfMemoryScore();
        CgroupJoining.Add(operations, facts.CgroupJoinFiles);
        if (namespaces != CloneFlags.None)
        {
            operations.Add("enter the container's namespaces", null, SystemCall.Setns, Operand.Slot(PresetSlot.JoinedProcess), (long)namespaces);
        }

        if ((namespaces & CloneFlags.NewUser) != 0)
        {
            operations.Add("become group 0 of the user namespace", null, SystemCall.Setresgid, 0, 0, 0);
            operations.Add("become user 0 of the user namespace", null, SystemCall.Setresuid, 0, 0, 0);
        }

        int execution = identity.BecomeProgram();
        return new StartPlan { Operations = operations, GoesOnInSibling = joinsPid, ExecutionStart = execution };
    }
}
