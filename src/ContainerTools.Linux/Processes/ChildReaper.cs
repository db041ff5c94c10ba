using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Processes;

/// <summary>Collects the exit status of spawned children that nobody waits for, so that they do not stay zombies while this process lives.</summary>
public static unsafe partial class ChildReaper
{
    private const int NoHang = 1;
    private static readonly ConcurrentDictionary<int, byte> Children = new();

    /// <summary>Remembers a child, and reaps those that have ended.</summary>
    public static void Adopt(int pid)
    {
        Children[pid] = 0;
        Sweep();
    }

    /// <summary>Reaps remembered children that have ended.</summary>
    public static void Sweep()
    {
        foreach (var pid in Children.Keys)
        {
            // 0: still running. An error (ECHILD) means that someone else has reaped it.
            if (WaitPid(pid, null, NoHang) != 0)
            {
                Children.TryRemove(pid, out _);
            }
        }
    }

    /// <summary>Waits for a child to end and returns its exit code, 128 + n after signal n.</summary>
    public static int Wait(int pid)
    {
        int status;
        while (WaitPid(pid, &status, 0) < 0)
        {
            const int interrupted = 4;
            if (Marshal.GetLastPInvokeError() != interrupted)
            {
                throw LinuxException.FromLastError("waitpid");
            }
        }

        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, int* status, int options);
}
