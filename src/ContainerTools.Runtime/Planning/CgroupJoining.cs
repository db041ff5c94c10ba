using ContainerTools.Linux.Starting;

namespace ContainerTools.Runtime.Planning;

/// <summary>Plans how a process moves itself into v1 cgroups, which takes the time off its parent.</summary>
internal static class CgroupJoining
{
    /// <summary>Writes to every file; see <see cref="Linux.Cgroups.ICgroup.JoinFiles"/>.</summary>
    public static void Add(OperationList operations, IReadOnlyList<string> files)
    {
        const string purpose = "join the cgroup";
        foreach (string path in files)
        {
            int file = operations.AddWithResult(purpose, path, SystemCall.OpenAt, RootTree.WorkingDirectory, path, PlanBuffer.WriteOnly | PlanBuffer.CloseOnExec, 0);
            operations.Add(purpose, path, SystemCall.Write, Operand.Slot(file), "0", 1);
            operations.Add(purpose, path, SystemCall.Close, Operand.Slot(file));
        }
    }
}
