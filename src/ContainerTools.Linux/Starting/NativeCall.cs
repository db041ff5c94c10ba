using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Starting;

/// <summary>syscall(2), once as the child may use it (no garbage collector transition, nothing bound late) and once as the parent does.</summary>
internal static unsafe partial class NativeCall
{
    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    public static partial long InChild(long number, long first, long second, long third, long fourth, long fifth, long sixth);

    [LibraryImport("libc", EntryPoint = "__errno_location")]
    [SuppressGCTransition]
    public static partial int* ErrnoInChild();

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long InParent(long number, long first, long second, long third, long fourth, long fifth, long sixth);
}
