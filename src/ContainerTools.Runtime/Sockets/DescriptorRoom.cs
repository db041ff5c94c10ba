using System.Runtime.InteropServices;
using ContainerTools.Runtime.Monitoring;

namespace ContainerTools.Runtime.Sockets;

/// <summary>
/// While it lasts, the soft limit on open files is as high as the hard one (getrlimit(2)), and descriptors can be moved above the soft limit, where they stay when it
/// is back in place. So thousands of sockets neither take the numbers that a start needs nor change the limit that the container's program inherits.
/// </summary>
internal sealed unsafe partial class DescriptorRoom : IDisposable
{
    private const int OpenFiles = 7;
    private const int DuplicateCloseOnExec = 1030;
    private readonly ulong soft;
    private readonly ulong hard;

    public DescriptorRoom()
    {
        var limit = stackalloc ulong[2];
        if (prlimit(0, OpenFiles, null, limit) == 0)
        {
            (soft, hard) = (limit[0], limit[1]);
            Set(hard);
        }
    }

    /// <summary>Moves a descriptor; where there is no room above, it stays.</summary>
    public int Move(int descriptor)
    {
        if (descriptor < 0 || soft >= hard)
        {
            return descriptor;
        }

        var moved = fcntl(descriptor, DuplicateCloseOnExec, (nint)soft);
        if (moved < 0)
        {
            return descriptor;
        }

        Native.Close(descriptor);
        return moved;
    }

    public void Dispose() => Set(soft);

    /// <summary>Raises the limit for good: for when nobody is started any more who could inherit it.</summary>
    public static void Raise() => _ = new DescriptorRoom();

    private void Set(ulong value)
    {
        var limit = stackalloc ulong[2] { value, hard };
        _ = prlimit(0, OpenFiles, limit, null);
    }

    [LibraryImport("libc")]
    private static partial int prlimit(int process, int resource, ulong* limit, ulong* old);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, nint argument);
}
