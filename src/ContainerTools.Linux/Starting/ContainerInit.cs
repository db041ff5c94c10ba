using System.Runtime.CompilerServices;

namespace ContainerTools.Linux.Starting;

/// <summary>
/// Process 1 of a container whose program runs as its child. It is what <see cref="ChildLoop"/> was before, so the same rules hold: raw system calls only.
/// Nothing else is executed for it, which keeps its memory to a few pages and needs no file in the image.
/// </summary>
internal static unsafe class ContainerInit
{
    private const int ChildSignal = 17;
    private const int NoHang = 1;
    private const int AnyKindOfChild = 0x40000000;
    private const int Interrupted = 4;
    private const int Failed = 125;
    private const long AllDescriptors = 0xFFFFFFFF;

    /// <summary>Returns 0 in the child, an errno when there is none, and never in the process that becomes the init.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static int GoOnInChild(ContainerInitData* data)
    {
        // clone(2), because Docker's system call filter knows no clone3.
        long child = NativeCall.InChild(data->Clone, ChildSignal, 0, 0, 0, 0, 0);
        if (child <= 0)
        {
            return child == 0 ? 0 : *NativeCall.ErrnoInChild();
        }

        NativeCall.InChild(data->CloseRange, 0, AllDescriptors, 0, 0, 0, 0);
        if (data->SetsCapabilities != 0 && NativeCall.InChild(data->Capset, (long)&data->Version, (long)&data->EffectiveLow, 0, 0, 0, 0) != 0)
        {
            NativeCall.InChild(data->ExitGroup, Failed, 0, 0, 0, 0, 0);
        }

        int code = Supervise(data, child);
        while (true)
        {
            NativeCall.InChild(data->ExitGroup, code, 0, 0, 0, 0, 0);
        }
    }

    /// <summary>Waits for signals, which are blocked and so are kept for us; returns the child's exit code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Supervise(ContainerInitData* data, long child)
    {
        ulong everySignal = ulong.MaxValue;
        while (true)
        {
            long signal = NativeCall.InChild(data->Sigtimedwait, (long)&everySignal, 0, 0, sizeof(ulong), 0, 0);
            if (signal < 0 && *NativeCall.ErrnoInChild() != Interrupted)
            {
                return Failed;
            }

            if (signal > 0 && signal != ChildSignal)
            {
                NativeCall.InChild(data->Kill, child, signal, 0, 0, 0, 0);
                continue;
            }

            while (true)
            {
                int status = 0;
                long ended = NativeCall.InChild(data->Wait4, -1, (long)&status, NoHang | AnyKindOfChild, 0, 0, 0);
                if (ended == child)
                {
                    int by = status & 0x7F;
                    return by == 0 ? (status >> 8) & 0xFF : 128 + by;
                }

                if (ended == 0 || (ended < 0 && *NativeCall.ErrnoInChild() == Interrupted))
                {
                    break;
                }

                if (ended < 0)
                {
                    return Failed;
                }
            }
        }
    }
}
