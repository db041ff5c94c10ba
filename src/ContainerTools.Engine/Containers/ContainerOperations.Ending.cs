using ContainerTools.Linux.Processes;

namespace ContainerTools.Engine.Containers;

/// <summary>Stopping, waiting and removing.</summary>
internal sealed partial class ContainerOperations
{
    public async Task<Container> StopAsync(string container, TimeSpan? timeout, string? signal, CancellationToken cancellationToken)
    {
        var record = _context.Store.Get(container);
        var before = _snapshots.Of(record);
        using var stop = await BeginStopAsync(record, signal, cancellationToken).ConfigureAwait(false);
        if (stop is not null)
        {
            await stop.EndAsync(timeout ?? record.Spec.StopTimeout ?? DefaultStopTimeout, cancellationToken).ConfigureAwait(false);
        }

        // A container that another process removes at its end has stopped all the same. While its files go before its row it looks as if it had never started.
        return _context.Store.Find(record.Id) is { } left && _snapshots.Of(left) is var after && (stop is null || after.State != ContainerState.Created)
            ? after
            : before with { State = ContainerState.Exited, Pid = null };
    }

    /// <summary>Sends the signal; null when there is nothing to stop. The lock is not held while a slow container takes its time: others may kill or remove it.</summary>
    private async Task<ContainerStop?> BeginStopAsync(ContainerRecord record, string? signal, CancellationToken cancellationToken)
    {
        using (await LockAsync(record, cancellationToken).ConfigureAwait(false))
        {
            var status = ContainerStatus.Of(_context.BundleOf(record.Id));
            if (!status.IsRunning || status.Runtime is not { } runtime)
            {
                return null;
            }

            var name = signal ?? record.Spec.StopSignal ?? _context.FindImage(record.ImageId).Config.StopSignal ?? "TERM";
            var number = Signals.Parse(name) ?? throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "InvalidSignal", $"'{name}' is not a signal.", name, "Use a name from signal(7), such as TERM, or a number from 1 to 64.");
            if (status.State == ContainerState.Paused)
            {
                Freeze(record.Id, "resume");
            }

            return ContainerStop.Begin(runtime, number);
        }
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

                await ContainerKill.KillAsync(bundle, cancellationToken).ConfigureAwait(false);
            }

            RemoveLocked(record.Id, held);
        }
    }

    /// <summary>Removes a container that does not run; false when it does, when somebody is at work on it, or when it is gone.</summary>
    public bool TryRemoveStopped(string id)
    {
        var bundle = _context.BundleOf(id);
        using var held = ContainerLock.TryTake(bundle);
        if (held is null || ContainerStatus.Of(bundle).IsRunning)
        {
            return false;
        }

        if (_context.Store.Find(id) is null)
        {
            held.Discard();
            return false;
        }

        RemoveLocked(id, held);
        return true;
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
}
