using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Processes;

/// <summary>poll(2) on descriptors.</summary>
public static unsafe partial class Poll
{
    private const short In = 0x001;
    private const short Hangup = 0x010;
    private const short Error = 0x008;
    private const int Interrupted = 4;

    /// <summary>True when a descriptor has data, an end of file or an error within <paramref name="milliseconds"/> (-1 waits for ever).</summary>
    public static bool IsReadable(SafeFileHandle handle, int milliseconds) => Wait([handle], milliseconds) >= 0;

    /// <summary>
    /// Waits until one of the descriptors has data, an end of file or an error; returns the index of the first that has, or -1 when the time ran out.
    /// Null entries are passed over.
    /// </summary>
    public static int Wait(ReadOnlySpan<SafeFileHandle?> handles, int milliseconds)
    {
        Span<bool> ready = stackalloc bool[handles.Length];
        Wait(handles, ready, milliseconds);
        return ready.IndexOf(true);
    }

    /// <summary>Waits until one of the descriptors has data, an end of file or an error, or the time has run out, and tells of each whether it has. Null entries never have.</summary>
    public static void Wait(ReadOnlySpan<SafeFileHandle?> handles, Span<bool> ready, int milliseconds)
    {
        Span<PollDescriptor> descriptors = stackalloc PollDescriptor[handles.Length];
        for (var index = 0; index < handles.Length; index++)
        {
            descriptors[index] = new PollDescriptor { Descriptor = handles[index] is { } handle ? (int)handle.DangerousGetHandle() : -1, Events = In, Returned = 0 };
        }

        fixed (PollDescriptor* pointer = descriptors)
        {
            while (Native(pointer, (nuint)descriptors.Length, milliseconds) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    throw LinuxException.FromLastError("poll");
                }
            }
        }

        for (var index = 0; index < descriptors.Length; index++)
        {
            ready[index] = (descriptors[index].Returned & (In | Hangup | Error)) != 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Native(PollDescriptor* descriptors, nuint count, int milliseconds);

    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
