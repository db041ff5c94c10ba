using System.Runtime;
using System.Runtime.InteropServices;

namespace ContainerTools.Runtime.Launching;

/// <summary>
/// What the C library starts instead of the runtime's own <c>main</c> (ld --wrap=main): it puts the read-only mount of <see cref="SelfProtection"/> under
/// this process before the runtime starts, so that the runtime starts once and not twice. No runtime is there yet: nothing may allocate, throw, or touch a
/// static that is not constant. What fails here is left to <see cref="SelfProtection.Ensure"/>.
/// </summary>
internal static unsafe partial class ProgramEntry
{
    /// <summary>HUP, INT, QUIT, USR1, USR2, TERM and WINCH, as <c>sigset_t</c>: blocked in processes that start others.</summary>
    public const ulong SignalMask = (1UL << 0) | (1UL << 1) | (1UL << 2) | (1UL << 9) | (1UL << 11) | (1UL << 14) | (1UL << 27);

    private const int WorkingDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const int CloneTree = 1;
    private const int CloseOnExec = 0x80000;
    private const ulong ReadOnlyMount = 1;

    [RuntimeExport("__wrap_main")]
    private static int Start(int count, byte** arguments)
    {
        if (StartsProcess(arguments) && !SelfProtection.IsProtected())
        {
            // The environment lies behind the arguments (System V ABI, initial process stack).
            ExecuteFromReadOnlyMount(arguments, arguments + count + 1);
        }

        if (StartsProcess(arguments))
        {
            // Blocked in every thread the runtime will start: who starts processes takes signals as data, from a signalfd(2).
            ulong mask = SignalMask;
            _ = Call(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 135 : 14, 0, (long)&mask, 0, sizeof(ulong), 0);
        }

        return RuntimeMain(count, arguments);
    }

    /// <summary>Whether a word is one of the commands that start processes. To take an id for a command costs an execution more and no harm.</summary>
    private static bool StartsProcess(byte** arguments)
    {
        for (byte** word = arguments; *word != null; word++)
        {
            if (Equal(*word, "run"u8) || Equal(*word, "create"u8) || Equal(*word, "exec"u8) || Equal(*word, "monitor"u8))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Equal(byte* word, ReadOnlySpan<byte> name)
    {
        for (int index = 0; index < name.Length; index++)
        {
            if (word[index] != name[index])
            {
                return false;
            }
        }

        return word[name.Length] == 0;
    }

    private static void ExecuteFromReadOnlyMount(byte** arguments, byte** environment)
    {
        bool isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        const long openTree = 428;
        const long mountSetAttributes = 442;
        long executeAt = isArm ? 281 : 322;
        ulong* attributes = stackalloc ulong[4] { ReadOnlyMount, 0, 0, 0 };
        fixed (byte* own = "/proc/self/exe"u8, empty = "\0"u8)
        {
            long mount = Call(openTree, WorkingDirectory, (long)own, CloneTree | CloseOnExec, 0, 0);
            if (mount >= 0 && Call(mountSetAttributes, mount, (long)empty, EmptyPath, (long)attributes, sizeof(ulong) * 4) == 0)
            {
                _ = Call(executeAt, mount, (long)empty, (long)arguments, (long)environment, EmptyPath);
            }

            if (mount >= 0)
            {
                _ = Close((int)mount);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "__real_main")]
    [SuppressGCTransition]
    private static partial int RuntimeMain(int count, byte** arguments);

    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial long Call(long number, long first, long second, long third, long fourth, long fifth);

    [LibraryImport("libc", EntryPoint = "close")]
    [SuppressGCTransition]
    private static partial int Close(int descriptor);
}
