using System.Runtime.CompilerServices;

namespace ContainerTools.Linux.Starting;

/// <summary>
/// The only managed code that runs in a child between clone and exec. The child has one thread and the garbage collector's others are gone, so
/// nothing here may allocate, throw, touch a static, bind a function late or make an ordinary transition: any of these can wait for ever.
/// </summary>
internal static unsafe class ChildLoop
{
    private const int CheckNumber = -1;
    private const int OverwriteNumber = -3;
    private const int GoOnUnderInitNumber = -4;
    private const int GoOnInSiblingNumber = -5;
    private const long ParentsChildAndSignal = 0x8000 | 17;
    private const int ExitCode = 125;
    private const int StackSize = 32768;

    /// <summary>Clones a copy of this process; returns the child's pid (or a negative errno) in the parent and never returns in the child.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static long CloneAndRun(long cloneNumber, CloneArguments* clone, ChildWork* work)
    {
        long pid = NativeCall.InChild(cloneNumber, (long)clone, sizeof(CloneArguments), 0, 0, 0, 0);
        return pid > 0 ? pid : pid < 0 ? -*NativeCall.ErrnoInChild() : Work(work);
    }

    /// <summary>
    /// Clones a child that works in this process's memory, on a stack of its own, while this thread waits in the kernel until it executes or exits
    /// (CLONE_VM, CLONE_VFORK): no page table is copied, no page is copied on write, and no out-of-memory kill falls on it. Returns as
    /// <see cref="CloneAndRun"/> does.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static long CloneSharedAndRun(int flags, int* pidfd, ChildWork* work)
    {
        const int shareMemory = 0x100;
        const int waitForExecution = 0x4000;
        const int setMask = 2;
        byte* stack = stackalloc byte[StackSize];

        // A handler that ran in the child would run in the memory of both.
        ulong all = ulong.MaxValue;
        ulong before;
        NativeCall.InChild(work->MaskNumber, setMask, (long)&all, (long)&before, sizeof(ulong), 0, 0);
        delegate*<ChildWork*, int> start = &Work;
        int pid = NativeCall.Clone((nint)start, stack + StackSize, flags | shareMemory | waitForExecution, work, pidfd, null, null);
        int errno = pid < 0 ? *NativeCall.ErrnoInChild() : 0;
        NativeCall.InChild(work->MaskNumber, setMask, (long)&before, 0, sizeof(ulong), 0, 0);
        return pid > 0 ? pid : -errno;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int Work(ChildWork* work)
    {
        Run(work->Operations, work->Count, work->Slots, work->Report);
        NativeCall.InChild(work->WriteNumber, work->Slots[PresetSlot.Report], (long)work->Report, sizeof(ChildReport), 0, 0, 0);
        while (true)
        {
            NativeCall.InChild(work->ExitNumber, ExitCode, 0, 0, 0, 0, 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(RawOperation* operations, int count, long* slots, ChildReport* report)
    {
        int index = 0;
        while (index < count)
        {
            RawOperation* operation = operations + index;
            int mask = operation->SlotMask;
            long first = (mask & 1) != 0 ? slots[operation->Arguments[0]] : operation->Arguments[0];
            long second = (mask & 2) != 0 ? slots[operation->Arguments[1]] : operation->Arguments[1];
            long third = (mask & 4) != 0 ? slots[operation->Arguments[2]] : operation->Arguments[2];
            long fourth = (mask & 8) != 0 ? slots[operation->Arguments[3]] : operation->Arguments[3];
            long fifth = (mask & 16) != 0 ? slots[operation->Arguments[4]] : operation->Arguments[4];
            long sixth = (mask & 32) != 0 ? slots[operation->Arguments[5]] : operation->Arguments[5];
            long result = 0;
            int errno = 0;
            if (operation->Number >= 0)
            {
                result = NativeCall.InChild(operation->Number, first, second, third, fourth, fifth, sixth);
                errno = result == -1 ? *NativeCall.ErrnoInChild() : 0;
            }
            else if (operation->Number == CheckNumber)
            {
                errno = (*(long*)first & second) == third ? 0 : (int)fourth;
            }
            else if (operation->Number == OverwriteNumber)
            {
                Overwrite((byte*)first, second, (byte*)third);
            }
            else if (operation->Number == GoOnUnderInitNumber)
            {
                errno = ContainerInit.GoOnInChild((ContainerInitData*)first);
            }
            else if (operation->Number == GoOnInSiblingNumber)
            {
                errno = GoOnInSibling(first, second, third, slots[PresetSlot.Report], report);
            }
            else
            {
                errno = (int)first;
            }

            if (errno == 0)
            {
                if (operation->Result >= 0)
                {
                    slots[operation->Result] = result;
                }

                index += 1 + operation->SkipOnSuccess;
            }
            else if (errno == operation->Tolerated[0] || errno == operation->Tolerated[1] || errno == operation->Tolerated[2] || errno == operation->Tolerated[3])
            {
                if (operation->ErrorSlot >= 0 && errno == operation->Tolerated[0])
                {
                    slots[operation->ErrorSlot] = errno;
                }

                index += 1 + operation->SkipOnTolerated;
            }
            else
            {
                report->Index = index;
                report->Errno = errno;
                return;
            }
        }

        report->Index = count;
        report->Errno = 0;
    }

    private static void Overwrite(byte* memory, long length, byte* text)
    {
        for (long index = 0; index < length; index++)
        {
            memory[index] = *text;
            text += *text == 0 ? 0 : 1;
        }

        if (length > 0)
        {
            // Without a NUL at its end the kernel takes what follows a command line for part of it.
            memory[length - 1] = 0;
        }
    }

    /// <summary>Returns 0 in the sibling, an errno when there is none, and never in the process that was.</summary>
    private static int GoOnInSibling(long cloneNumber, long writeNumber, long exitNumber, long reportDescriptor, ChildReport* report)
    {
        long pid = NativeCall.InChild(cloneNumber, ParentsChildAndSignal, 0, 0, 0, 0, 0);
        if (pid <= 0)
        {
            return pid == 0 ? 0 : *NativeCall.ErrnoInChild();
        }

        report->Index = ChildReport.WentOn;
        report->Errno = (int)pid;
        NativeCall.InChild(writeNumber, reportDescriptor, (long)report, sizeof(ChildReport), 0, 0, 0);
        while (true)
        {
            NativeCall.InChild(exitNumber, 0, 0, 0, 0, 0, 0);
        }
    }
}
