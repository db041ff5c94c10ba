using System.Runtime.InteropServices;
using ContainerTools.Linux;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>
/// Takes the signals sent to the monitor as data (signalfd(2)) instead of dying by them. For that every thread must block them, which <see cref="Launching.ProgramEntry"/>
/// sees to before the runtime makes its own. The child gets an empty mask again before it executes its program.
/// </summary>
internal sealed unsafe partial class SignalInbox : IDisposable
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const int BrokenPipe = 13;
    private const int Terminate = 15;
    private const int SignalInformationSize = 128;
    private const nint Ignore = 1;

    public SignalInbox()
    {
        _ = signal(BrokenPipe, Ignore);
        var mask = Mask;
        Descriptor = signalfd(-1, &mask, Native.CloseOnExec | Native.NonBlocking);
        if (Descriptor < 0)
        {
            throw LinuxException.FromLastError("signalfd");
        }
    }

    /// <summary>Readable when signals have come.</summary>
    public int Descriptor { get; }

    private static SignalSet Mask
    {
        get
        {
            var mask = default(SignalSet);
            mask.Bits[0] = Bit(Hangup) | Bit(Interrupt) | Bit(Quit) | Bit(Terminate);
            return mask;
        }
    }

    /// <summary>Takes all signals that have come: whether one asks to end the container, and whether one asks to read again what may have changed.</summary>
    public (bool Terminate, bool Reload) Take()
    {
        var information = stackalloc byte[SignalInformationSize];
        var (terminate, reload) = (false, false);
        while (Native.Read(Descriptor, information, SignalInformationSize) == SignalInformationSize)
        {
            terminate |= *(int*)information == Terminate;
            reload |= *(int*)information == Hangup;
        }

        return (terminate, reload);
    }

    public void Dispose() => Native.Close(Descriptor);

    private static ulong Bit(int number) => 1UL << (number - 1);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int signalfd(int descriptor, SignalSet* mask, int flags);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    // sigset_t of glibc: 1024 bits.
    private struct SignalSet
    {
        public fixed ulong Bits[16];
    }
}
