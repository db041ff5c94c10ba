using System.Runtime.InteropServices;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Gives back what the start of a container needed, before the monitor's long wait.</summary>
internal static unsafe partial class IdleMemory
{
    private const int PageSize = 4096;
    private const int DontNeed = 4;

    // Pages just below the frame in use are left to what is being called; the start went this deep at most.
    private const int KeptPages = 4;
    private const int DeepestPages = 128;

    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = malloc_trim(0);
        int here = 0;
        nint page = (nint)(&here) & -PageSize;

        // Where the stack has not grown yet there is nothing: ENOMEM, after the rest has been given back.
        _ = madvise(page - (DeepestPages * PageSize), (DeepestPages - KeptPages) * PageSize, DontNeed);
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint kept);

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nuint length, int advice);
}
