using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Starting;

/// <summary>System calls of the parent that the C library does not wrap.</summary>
public static class KernelCall
{
    /// <summary>Makes a call; returns its result, or -1 with the errno in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static long Invoke(SystemCall call, long first = 0, long second = 0, long third = 0, long fourth = 0, long fifth = 0, long sixth = 0) =>
        NativeCall.InParent(SystemCallNumber.Of(call), first, second, third, fourth, fifth, sixth);

    /// <summary>Makes a call and throws <see cref="LinuxException"/> when it fails.</summary>
    public static long Require(SystemCall call, string? path, long first = 0, long second = 0, long third = 0, long fourth = 0, long fifth = 0, long sixth = 0)
    {
        long result = Invoke(call, first, second, third, fourth, fifth, sixth);
        return result != -1 ? result : throw LinuxException.FromLastError(SystemCallNumber.Name(call), path);
    }
}
