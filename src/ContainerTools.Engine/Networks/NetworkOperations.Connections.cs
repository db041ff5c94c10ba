using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks.Ports;
using ContainerTools.Engine.Networks.Testing;

namespace ContainerTools.Engine.Networks;

/// <content>Connecting, disconnecting and publishing.</content>
internal sealed partial class NetworkOperations
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    public NetworkEndpoint Connect(string container, NetworkAttachment attachment)
    {
        AttachmentRules.Check(attachment);
        var record = Changeable(container);
        networks.EnsureDefault(attachment.Name);
        var network = networks.Store.Get(attachment.Name);
        using (Lock(record))
        {
            try
            {
                networks.Change(record, context.BundleOf(record.Id), () =>
                {
                    _ = networks.Store.Connect(record.Id, attachment with { Name = network.Id });
                    return record;
                });
            }
            catch (Exception error) when (error is ContainerToolsException { Code: not "AlreadyConnected" })
            {
                // A container that could not be connected gives its addresses back.
                _ = networks.Store.Disconnect(network, record.Id);
                throw;
            }
        }

        return networks.Snapshots(record, ContainerStatus.Of(context.BundleOf(record.Id)).IsRunning, networks.Counters()).First(endpoint => endpoint.NetworkId == network.Id);
    }

    public void Disconnect(string container, string network)
    {
        var from = networks.Store.Get(network);
        var record = Changeable(container);
        using (Lock(record))
        {
            networks.Change(record, context.BundleOf(record.Id), () => networks.Store.Disconnect(from, record.Id) ? record : throw new ContainerToolsException(
                ErrorKind.NotFound, "NotConnected", $"Container '{record.Name}' is not connected to the network '{from.Name}'.", record.Name, "Get-ContainerNetwork lists who is on a network."));
        }
    }

    public Task<ConnectionTestResult> TestConnectionAsync(ConnectionTestRequest request, CancellationToken cancellationToken)
    {
        var record = context.Store.Get(request.Container);
        var status = ContainerStatus.Of(context.BundleOf(record.Id));
        if (!status.IsRunning || status.Runtime is not { } runtime)
        {
            throw new ContainerToolsException(ErrorKind.Conflict, "ContainerNotRunning", $"Container '{record.Name}' does not run.", record.Name, $"Start it first: Start-Container {record.Name}.");
        }

        PortRules.Check(request.Port is { } port ? [new PortMapping { ContainerPort = port }] : []);
        return Task.Run(() => new ConnectionTest(context, networks, record, runtime, request).Run(cancellationToken), cancellationToken);
    }

    public Container Publish(string container, IReadOnlyList<PortMapping> ports)
    {
        PortRules.Check(ports);
        var record = Changeable(container);
        using (Lock(record))
        {
            var portsBefore = networks.PortsOf(record.Id);
            try
            {
                networks.Change(record, context.BundleOf(record.Id), () =>
                {
                    var changed = context.Store.Change(record.Id, spec => spec with { Ports = [.. ports.Select(port => port with { Container = null })], PublishAll = false });
                    if (ContainerStatus.Of(context.BundleOf(record.Id)).IsRunning)
                    {
                        networks.Claim(changed, []);
                    }

                    return changed;
                });
            }
            catch (ContainerToolsException)
            {
                GoBack(record, portsBefore);
                throw;
            }
        }

        return new ContainerSnapshots(context).Of(context.Store.Get(record.Id));
    }

    /// <summary>Publishes again what a container published before a change that failed.</summary>
    private void GoBack(ContainerRecord record, IReadOnlyList<HostPort> portsBefore)
    {
        try
        {
            networks.Change(record, context.BundleOf(record.Id), () =>
            {
                networks.Reclaim(record.Id, portsBefore);
                return context.Store.Change(record.Id, _ => record.Spec);
            });
        }
        catch (ContainerToolsException)
        {
            // What failed first says more; a restart follows the catalogue.
        }
    }

    /// <summary>Carries out on a running container what has changed of its networks.</summary>
    private void Update(ContainerRecord? container)
    {
        if (container is not null)
        {
            using (Lock(container))
            {
                networks.Change(container, context.BundleOf(container.Id), () => container);
            }
        }
    }

    private ContainerRecord Changeable(string container)
    {
        var record = context.Store.Get(container);
        return NetworkMode.Of(record.Spec).Kind == NetworkModeKind.Networks ? record : throw new ContainerToolsException(
            ErrorKind.Conflict,
            "NetworkModeFixed",
            $"Container '{record.Name}' was made with the network '{record.Spec.Networks[0].Name}', to which nothing can be connected.",
            record.Name,
            "Make it anew on a network.");
    }

    private ContainerLock Lock(ContainerRecord record) =>
        ContainerLock.TakeAsync(context.BundleOf(record.Id), record.Name, LockWait, CancellationToken.None).GetAwaiter().GetResult();
}
