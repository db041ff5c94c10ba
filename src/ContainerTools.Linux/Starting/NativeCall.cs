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

    /// <summary>clone(2) by the C library, which calls the function on the stack; with CLONE_PIDFD the descriptor goes where the parent's tid would.</summary>
    [LibraryImport("libc", EntryPoint = "clone")]
    [SuppressGCTransition]
    public static partial int Clone(nint function, byte* stack, int flags, void* argument, int* pidfd, void* threadStorage, int* childId);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long InParent(long number, long first, long second, long third, long fourth, long fifth, long sixth);
}
