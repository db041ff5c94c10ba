using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Seccomp;

/// <summary>A system call ABI that a filter can be compiled for.</summary>
public enum SeccompArchitecture
{
    /// <summary>x86_64, the 64-bit ABI; the x32 numbers are refused.</summary>
    X64,

    /// <summary>aarch64.</summary>
    Arm64,
}

/// <summary>The architecture of this machine.</summary>
internal static class NativeArchitecture
{
    public static SeccompArchitecture Current => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => SeccompArchitecture.X64,
        Architecture.Arm64 => SeccompArchitecture.Arm64,
        var other => throw new PlatformNotSupportedException($"Seccomp filters can be compiled for x86_64 and aarch64, not for {other}."),
    };
}
