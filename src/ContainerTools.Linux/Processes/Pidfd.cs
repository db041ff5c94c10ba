using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Processes;

/// <summary>A process held by descriptor (pidfd_open(2), Linux 5.3), so that a reused pid can never be mistaken for it.</summary>
public sealed partial class Pidfd : IDisposable
{
    private const int PidfdOpen = 434;
    private const int PidfdSendSignal = 424;
    private const int NoSuchProcess = 3;
    private readonly SafeFileHandle _handle;

    private Pidfd(SafeFileHandle handle) => _handle = handle;

    /// <summary>The descriptor; readable (poll(2)) when the process has ended.</summary>
    public SafeFileHandle Handle => _handle;

    /// <summary>Opens a process of that id and start time; null when it no longer is. Throws <see cref="LinuxException"/>.</summary>
    public static Pidfd? Open(int pid, ulong startTime)
    {
        var descriptor = (int)Syscall(PidfdOpen, pid, 0, 0, 0);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() == NoSuchProcess ? null : throw LinuxException.FromLastError("pidfd_open");
        }

        var pidfd = new Pidfd(new SafeFileHandle(descriptor, ownsHandle: true));
        if (ProcessStat.IsAlive(pid, startTime))
        {
            return pidfd;
        }

        pidfd.Dispose();
        return null;
    }

    /// <summary>Sends a signal; false when the process has ended. Throws <see cref="LinuxException"/>.</summary>
    public bool SendSignal(int signal)
    {
        if (Syscall(PidfdSendSignal, (int)_handle.DangerousGetHandle(), signal, 0, 0) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == NoSuchProcess ? false : throw LinuxException.FromLastError("pidfd_send_signal");
    }

    /// <summary>Waits for the end of the process; false when the time ran out or it was cancelled.</summary>
    public async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var deadline = timeout == Timeout.InfiniteTimeSpan ? (long?)null : Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        var pause = 1;
        while (!Poll.IsReadable(_handle, 0))
        {
            if (deadline is { } end && Environment.TickCount64 >= end)
            {
                return false;
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause = Math.Min(pause * 2, 20);
        }

        return true;
    }

    /// <summary>Closes the descriptor.</summary>
    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long first, long second, long third, long fourth);
}
