using ContainerTools.Linux.Processes;

namespace ContainerTools.Engine.Containers;

/// <summary>Stopping, waiting and removing.</summary>
internal sealed partial class ContainerOperations
{
    public async Task<Container> StopAsync(string container, TimeSpan? timeout, string? signal, CancellationToken cancellationToken)
    {
        var record = _context.Store.Get(container);
        using (await LockAsync(record, cancellationToken).ConfigureAwait(false))
        {
            await StopLockedAsync(record, timeout, signal, cancellationToken).ConfigureAwait(false);
        }

        return Get(record.Id);
    }

    public async Task RemoveAsync(string container, bool force, CancellationToken cancellationToken)
    {
        var record = _context.Store.Get(container);
        var bundle = _context.BundleOf(record.Id);
        using (var held = await LockAsync(record, cancellationToken).ConfigureAwait(false))
        {
            if (ContainerStatus.Of(bundle).IsRunning)
            {
                if (!force)
                {
                    throw new ContainerToolsException(
                        ErrorKind.Conflict, "ContainerRunning", $"Container '{record.Name}' runs.", record.Name, $"Stop it first (Stop-Container {record.Name}), or use -Force.");
                }

                await KillAsync(bundle, cancellationToken).ConfigureAwait(false);
            }

            RemoveLocked(record.Id, held);
        }
    }

    public async Task<ContainerExit?> WaitAsync(string container, ContainerWaitCondition condition, CancellationToken cancellationToken)
    {
        var record = _context.Store.Get(container);
        var bundle = _context.BundleOf(record.Id);
        for (var pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            if (_context.Store.Find(record.Id) is null)
            {
                return null;
            }

            var status = ContainerStatus.Of(bundle);
            switch (condition)
            {
                case ContainerWaitCondition.Running when status.IsRunning:
                    return null;
                case ContainerWaitCondition.Exited when status.Exit is { } exit:
                    return ToExit(record, exit);
                case ContainerWaitCondition.Exited when status.State is ContainerState.Created or ContainerState.Dead:
                    return new ContainerExit { Id = record.Id, Name = record.Name, ExitCode = status.State == ContainerState.Dead ? 137 : 0 };
                case ContainerWaitCondition.Exited when status.Runtime is { } runtime:
                    using (var monitor = Pidfd.Open(runtime.MonitorPid, runtime.MonitorStartTime))
                    {
                        if (monitor is not null)
                        {
                            await monitor.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
                            pause = 1;
                            continue;
                        }
                    }

                    break;
                default:
                    break;
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StopLockedAsync(ContainerRecord record, TimeSpan? timeout, string? signal, CancellationToken cancellationToken)
    {
        var bundle = _context.BundleOf(record.Id);
        var status = ContainerStatus.Of(bundle);
        if (!status.IsRunning || status.Runtime is not { } runtime)
        {
            return;
        }

        var name = signal ?? record.Spec.StopSignal ?? _context.FindImage(record.ImageId).Config.StopSignal ?? "TERM";
        var number = Signals.Parse(name) ?? throw new ContainerToolsException(
            ErrorKind.InvalidArgument, "InvalidSignal", $"'{name}' is not a signal.", name, "Use a name from signal(7), such as TERM, or a number from 1 to 64.");
        if (status.State == ContainerState.Paused)
        {
            Freeze(record.Id, "resume");
        }

        using (var process = Pidfd.Open(runtime.Pid, runtime.StartTime))
        {
            if (process is not null && process.SendSignal(number)
                && await process.WaitAsync(timeout ?? record.Spec.StopTimeout ?? DefaultStopTimeout, cancellationToken).ConfigureAwait(false))
            {
                await MonitorEndAsync(runtime.MonitorPid, runtime.MonitorStartTime, cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        await KillAsync(bundle, cancellationToken).ConfigureAwait(false);
    }

    private static async Task KillAsync(ContainerBundle bundle, CancellationToken cancellationToken)
    {
        if (bundle.ReadState() is not { } runtime)
        {
            return;
        }

        using (var process = Pidfd.Open(runtime.Pid, runtime.StartTime))
        {
            process?.SendSignal(Signals.Kill);
        }

        await MonitorEndAsync(runtime.MonitorPid, runtime.MonitorStartTime, cancellationToken).ConfigureAwait(false);
    }

    private static async Task MonitorEndAsync(int pid, ulong startTime, CancellationToken cancellationToken)
    {
        using var monitor = Pidfd.Open(pid, startTime);
        if (monitor is not null && !await monitor.WaitAsync(MonitorGrace, cancellationToken).ConfigureAwait(false))
        {
            throw new ContainerToolsException(
                ErrorKind.Timeout, "MonitorStuck", $"Monitor {pid} has not ended {MonitorGrace.TotalSeconds:0} s after its container.", pid, "Look at its stack in /proc/PID/stack; Repair-ContainerEngine cleans up once it is gone.");
        }

        ChildReaper.Sweep();
    }
}
