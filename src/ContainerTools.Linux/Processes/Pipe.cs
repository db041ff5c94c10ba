using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Processes;

/// <summary>A pipe(7) whose ends are closed on exec.</summary>
public sealed partial class Pipe : IDisposable
{
    private const int CloseOnExec = 0x80000;

    /// <summary>Makes a pipe. Throws <see cref="LinuxException"/>.</summary>
    public unsafe Pipe()
    {
        var ends = stackalloc int[2];
        if (CreatePipe(ends, CloseOnExec) != 0)
        {
            throw LinuxException.FromLastError("pipe2");
        }

        Reader = new SafeFileHandle(ends[0], ownsHandle: true);
        Writer = new SafeFileHandle(ends[1], ownsHandle: true);
    }

    /// <summary>The end to read from.</summary>
    public SafeFileHandle Reader { get; }

    /// <summary>The end to write to.</summary>
    public SafeFileHandle Writer { get; }

    /// <summary>Closes both ends.</summary>
    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static unsafe partial int CreatePipe(int* ends, int flags);
}
