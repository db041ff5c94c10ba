using System.Runtime.InteropServices;
using ContainerTools.Linux;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Memory for moving output; its pages go back to the kernel whenever the container is quiet.</summary>
internal sealed unsafe partial class ScratchMemory : IDisposable
{
    private const int ReadableWritable = 3;
    private const int PrivateAnonymous = 0x22;
    private const int DontNeed = 4;
    private readonly nint length;
    private readonly byte* start;
    private bool used;

    public ScratchMemory(int readSize, int formatSize)
    {
        ReadSize = readSize;
        FormatSize = formatSize;
        length = readSize + formatSize;
        var address = mmap(0, (nuint)length, ReadableWritable, PrivateAnonymous, -1, 0);
        start = address == -1 ? throw LinuxException.FromLastError("mmap") : (byte*)address;
    }

    public int ReadSize { get; }

    public int FormatSize { get; }

    /// <summary>True when there is something to give back.</summary>
    public bool IsUsed => used;

    /// <summary>Where output is read to.</summary>
    public byte* ReadBuffer
    {
        get
        {
            used = true;
            return start;
        }
    }

    /// <summary>Where records are formatted.</summary>
    public Span<byte> FormatBuffer => new(start + ReadSize, FormatSize);

    public void GiveBack()
    {
        used = false;
        _ = madvise((nint)start, (nuint)length, DontNeed);
    }

    public void Dispose() => _ = munmap((nint)start, (nuint)length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint length);

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nuint length, int advice);
}
