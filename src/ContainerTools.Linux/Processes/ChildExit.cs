using System.Runtime.InteropServices;
using ContainerTools.Linux.Starting;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Processes;

/// <summary>Waits for the end of a child held by descriptor.</summary>
public static unsafe class ChildExit
{
    private const int ByPidfd = 3;
    private const int Exited = 4;
    private const int ExitedNormally = 1;
    private const int Interrupted = 4;

    /// <summary>Waits for a child of this process and reaps it; returns its exit code, 128 + n after signal n.</summary>
    public static int Wait(SafeFileHandle pidfd)
    {
        ArgumentNullException.ThrowIfNull(pidfd);
        int* information = stackalloc int[32];
        while (KernelCall.Invoke(SystemCall.Waitid, ByPidfd, pidfd.DangerousGetHandle(), (long)information, Exited) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw LinuxException.FromLastError("waitid");
            }
        }

        int code = information[2];
        int status = information[6];
        return code == ExitedNormally ? status : 128 + status;
    }
}
