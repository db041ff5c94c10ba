using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Processes;

/// <summary>kill(2), for processes that are certain to be ours.</summary>
public static partial class Signal
{
    /// <summary>Sends a signal; does nothing for pid 0 or below, and nothing when the process is gone.</summary>
    public static bool TrySend(int pid, int signal) => pid > 0 && Send(pid, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int pid, int signal);
}
