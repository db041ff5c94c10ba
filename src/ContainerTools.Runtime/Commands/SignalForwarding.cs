using System.Runtime.InteropServices;
using ContainerTools.Linux.Starting;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Runtime.Commands;

/// <summary>Passes signals that this process gets on to the program it waits for.</summary>
internal sealed class SignalForwarding : IDisposable
{
    /// <summary>HUP, INT, QUIT, USR1, USR2, TERM and WINCH.</summary>
    private static readonly int[] Forwarded = [1, 2, 3, 10, 12, 15, 28];

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly List<int> _early = [];
    private readonly Lock _lock = new();
    private SafeFileHandle? _target;

    public SignalForwarding()
    {
        foreach (int signal in Forwarded)
        {
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
            {
                context.Cancel = true;
                Forward(signal);
            }));
        }
    }

    /// <summary>Names the program; signals that came before are sent now.</summary>
    public void ForwardTo(SafeFileHandle pidfd)
    {
        lock (_lock)
        {
            _target = pidfd;
            _early.ForEach(Forward);
            _early.Clear();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _target = null;
        }

        _registrations.ForEach(registration => registration.Dispose());
    }

    private void Forward(int signal)
    {
        lock (_lock)
        {
            if (_target is null)
            {
                _early.Add(signal);
                return;
            }

            // ESRCH: it has ended meanwhile.
            KernelCall.Invoke(SystemCall.PidfdSendSignal, _target.DangerousGetHandle(), signal);
        }
    }
}
