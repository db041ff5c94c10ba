using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Containers;

/// <summary>A stop under way: the signal is sent, and the process is held by descriptor, so that nothing that happens to the container meanwhile can mislead it.</summary>
internal sealed class ContainerStop : IDisposable
{
    private readonly ContainerRuntimeState _runtime;
    private readonly Pidfd? _process;

    private ContainerStop(ContainerRuntimeState runtime, Pidfd? process) => (_runtime, _process) = (runtime, process);

    /// <summary>Sends the signal.</summary>
    public static ContainerStop Begin(ContainerRuntimeState runtime, int signal)
    {
        var process = Pidfd.Open(runtime.Pid, runtime.StartTime);
        process?.SendSignal(signal);
        return new ContainerStop(runtime, process);
    }

    /// <summary>Waits for the end, kills when the time is up, and waits until the monitor has written the end down. Throws <c>MonitorStuck</c>.</summary>
    public async Task EndAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_process is not null && !await _process.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
        {
            _process.SendSignal(Signals.Kill);
        }

        await ContainerKill.WaitForMonitorAsync(_runtime.MonitorPid, _runtime.MonitorStartTime, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _process?.Dispose();
}
