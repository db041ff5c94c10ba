using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Containers;

/// <summary>Starting and running.</summary>
internal sealed partial class ContainerOperations
{
    public async Task<Container> StartAsync(string container, CancellationToken cancellationToken)
    {
        var record = _context.Store.Get(container);
        using (await LockAsync(record, cancellationToken).ConfigureAwait(false))
        {
            await StartLockedAsync(record, cancellationToken).ConfigureAwait(false);
        }

        return Get(record.Id);
    }

    public async Task<ContainerExit> RunAsync(ContainerSpec spec, ContainerStreams streams, CancellationToken cancellationToken)
    {
        await ReplaceAsync(spec, cancellationToken).ConfigureAwait(false);
        var record = Add(spec);
        try
        {
            return await RunAsync(record, streams, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (spec.Remove)
            {
                await RemoveQuietlyAsync(record.Id).ConfigureAwait(false);
            }
        }
    }

    private async Task RemoveQuietlyAsync(string id)
    {
        try
        {
            await RemoveAsync(id, force: true, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ContainerToolsException error) when (error.Kind == ErrorKind.NotFound)
        {
            // Another process has seen it ended and has removed it already.
        }
    }

    public async Task<Container> RestartAsync(string container, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var stopped = await StopAsync(container, timeout, null, cancellationToken).ConfigureAwait(false);
        var record = _context.Store.Get(stopped.Id);
        using (await LockAsync(record, cancellationToken).ConfigureAwait(false))
        {
            // Whoever has started it since it stopped has done what is left to do.
            if (!ContainerStatus.Of(_context.BundleOf(record.Id)).IsRunning)
            {
                await StartLockedAsync(record, cancellationToken).ConfigureAwait(false);
            }
        }

        return Get(record.Id);
    }

    private async Task<ContainerExit> RunAsync(ContainerRecord record, ContainerStreams streams, CancellationToken cancellationToken)
    {
        MonitorProcess monitor;
        using (await LockAsync(record, cancellationToken).ConfigureAwait(false))
        {
            monitor = _start.Begin(record, streams);
            // The lock is held only until the monitor is there; from then on its state file speaks for the container.
        }

        using (monitor)
        {
            using var cancellation = cancellationToken.Register(() => _ = StopQuietlyAsync(record.Id));
            var events = await monitor.PumpAsync(null, CancellationToken.None).ConfigureAwait(false);
            monitor.Wait();
            cancellationToken.ThrowIfCancellationRequested();
            if (events.FirstOrDefault(item => item.Kind == "error") is { } error)
            {
                throw ContainerStart.ToError(error, record.Name, ContainerCommandLine.Words(record.Spec, _context.FindImage(record.ImageId).Config));
            }

            var exit = events.LastOrDefault(item => item.Kind == "exited")?.Exit ?? _context.BundleOf(record.Id).ReadExit();
            return exit is null ? throw MonitorVanished(record) : ToExit(record, exit);
        }
    }

    private async Task StartLockedAsync(ContainerRecord record, CancellationToken cancellationToken)
    {
        if (ContainerStatus.Of(_context.BundleOf(record.Id)).IsRunning)
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict, "ContainerAlreadyRunning", $"Container '{record.Name}' runs already.", record.Name, $"Restart it with Restart-Container {record.Name}.");
        }

        using var monitor = _start.Begin(record, null);
        monitor.Release();
        var first = await monitor.ReadEventAsync(cancellationToken).ConfigureAwait(false);
        switch (first?.Kind)
        {
            case "started":
                return;
            case "error":
                // The monitor cleans up after its word: wait for that, so that nothing is left when the caller hears of it.
                while (await monitor.ReadEventAsync(cancellationToken).ConfigureAwait(false) is not null)
                {
                }

                throw ContainerStart.ToError(first, record.Name, ContainerCommandLine.Words(record.Spec, _context.FindImage(record.ImageId).Config));
            default:
                throw MonitorVanished(record);
        }
    }

    private async Task ReplaceAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if (spec is { Force: true, Name: { } name } && _context.Store.Find(name) is { } old && old.Name == name)
        {
            await RemoveAsync(old.Id, force: true, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StopQuietlyAsync(string id)
    {
        try
        {
            // A stop that comes before the monitor has said anything finds nothing to signal: try until it is there or gone.
            while (true)
            {
                var stopped = await StopAsync(id, null, null, CancellationToken.None).ConfigureAwait(false);
                if (stopped.State is ContainerState.Exited or ContainerState.Dead)
                {
                    return;
                }

                await Task.Delay(10).ConfigureAwait(false);
            }
        }
        catch (ContainerToolsException)
        {
            // It has ended and was removed meanwhile; the waiting caller reports the outcome.
        }
    }

    private static ContainerExit ToExit(ContainerRecord record, ExitRecord exit) => new()
    {
        Id = record.Id,
        Name = record.Name,
        ExitCode = exit.ExitCode,
        OomKilled = exit.OomKilled,
        Started = exit.Started,
        Finished = exit.Finished,
    };

    private static ContainerToolsException MonitorVanished(ContainerRecord record) => new(
        ErrorKind.Internal,
        "MonitorVanished",
        $"The monitor of container '{record.Name}' ended without a word.",
        record.Name,
        "It may have been killed. Repair-ContainerEngine removes what it left.");
}
