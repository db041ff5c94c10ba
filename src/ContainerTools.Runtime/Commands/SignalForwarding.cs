using ContainerTools.Linux;
using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using ContainerTools.Runtime.Launching;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Runtime.Commands;

/// <summary>Waits for a program, passing on to it the signals that this process gets and that <see cref="ProgramEntry"/> has blocked; those that came before it ran too.</summary>
internal static unsafe class SignalForwarding
{
    private const int CloseOnExecNonBlocking = 0x80800;
    private const int InformationSize = 128;

    /// <summary>Returns the program's exit code, 128 + n after signal n. The program must be a child of this process.</summary>
    public static int WaitForExit(SafeFileHandle pidfd)
    {
        ulong mask = ProgramEntry.SignalMask;
        using SafeFileHandle signals = new((nint)KernelCall.Require(SystemCall.Signalfd, null, -1, (long)&mask, sizeof(ulong), CloseOnExecNonBlocking), ownsHandle: true);
        Span<byte> information = stackalloc byte[InformationSize];
        while (Poll.Wait([signals, pidfd], -1) == 0)
        {
            if (Descriptor.Read(signals, information) == InformationSize)
            {
                // ESRCH: it has ended meanwhile.
                KernelCall.Invoke(SystemCall.PidfdSendSignal, pidfd.DangerousGetHandle(), BitConverter.ToUInt32(information));
            }
        }

        return ChildExit.Wait(pidfd);
    }
}
