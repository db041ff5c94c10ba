using System.Runtime.CompilerServices;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux.Processes;

namespace ContainerTools.Engine.Containers;

/// <summary>Containers of one store: <see cref="IContainerOperations"/> over rows, bundles and monitors.</summary>
internal sealed partial class ContainerOperations : IContainerOperations
{
    private static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    private readonly ContainerContext _context;
    private readonly ContainerSnapshots _snapshots;
    private readonly ContainerStart _start;

    public ContainerOperations(ContainerContext context)
    {
        _context = context;
        _snapshots = new ContainerSnapshots(context);
        _start = new ContainerStart(context);
    }

    public IReadOnlyList<Container> List(ContainerFilter? filter = null)
    {
        var image = filter?.Image is { } name ? _context.FindImage(name).Id : null;
        var rows = _context.Store.List().Where(record => image is null || record.ImageId == image);
        return [.. _snapshots.Of(rows).Where(container => !RemoveIfFinished(container)).Where(container =>
            filter is null
            || ((filter.States.Count == 0 || filter.States.Contains(container.State))
                && filter.Labels.All(label => container.Labels.TryGetValue(label.Key, out var value) && (label.Value is null || label.Value == value))))];
    }

    public Container Get(string container) => _snapshots.Of(_context.Store.Get(container));

    public string GetRaw(string container) => ContainerInspection.ToJson(Get(container), _context.Networks.View().Networks);

    public Container Create(ContainerSpec spec) => _snapshots.Of(Add(spec));

    public Container Rename(string container, string newName) => RenameAsync(container, newName).GetAwaiter().GetResult();

    private async Task<Container> RenameAsync(string container, string newName)
    {
        ContainerNames.Validate(newName);
        var record = _context.Store.Get(container);
        using (await LockAsync(record, CancellationToken.None).ConfigureAwait(false))
        {
            _context.Networks.Change(record, _context.BundleOf(record.Id), () =>
            {
                _context.Store.Rename(record.Id, newName);
                return _context.Store.Get(record.Id);
            });
        }

        return Get(record.Id);
    }

    public void SendSignal(string container, string signal)
    {
        var number = Signals.Parse(signal) ?? throw new ContainerToolsException(
            ErrorKind.InvalidArgument, "InvalidSignal", $"'{signal}' is not a signal.", signal, "Use a name from signal(7), such as HUP, or a number from 1 to 64.");
        var (record, status) = Running(container);
        using var process = Pidfd.Open(status.Runtime!.Pid, status.Runtime.StartTime);
        if (process is null || !process.SendSignal(number))
        {
            throw NotRunning(record.Name);
        }
    }

    public Container Suspend(string container) => Freeze(container, "pause");

    public Container Resume(string container) => Freeze(container, "resume");

    public async IAsyncEnumerable<ContainerLogEntry> ReadLogAsync(
        string container, ContainerLogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var record = _context.Store.Get(container);
        var bundle = _context.BundleOf(record.Id);
        var reader = new ContainerLogReader(record.Name, bundle.Log);
        await foreach (var entry in reader.ReadAsync(query, () => ContainerStatus.Of(bundle).IsRunning, cancellationToken).ConfigureAwait(false))
        {
            yield return entry;
        }
    }

    public IReadOnlyList<ContainerProcess> GetProcesses(string container)
    {
        var (record, status) = Running(container);
        return ContainerProcesses.Read(record.Name, status.Runtime!);
    }

    private ContainerRecord Add(ContainerSpec spec)
    {
        ContainerSpecRules.Check(spec);
        var image = _context.FindImage(spec.Image, spec.Platform);
        _ = ContainerCommandLine.Words(spec, image.Config);
        if (spec.Name is { } name && _context.Store.Find(name) is { } holder && holder.Name == name)
        {
            RemoveIfFinished(_snapshots.Of(holder));
        }

        // The lock tells a repair that the row without a directory is no left-over.
        var id = ContainerNames.NewId();
        using var held = ContainerLock.TryTake(_context.BundleOf(id));
        try
        {
            var record = _context.Store.Add(id, image.Id, spec);
            _context.Networks.Lease(record);
            Directory.CreateDirectory(_context.BundleOf(id).Directory);
            return record;
        }
        catch (Exception error)
        {
            _context.Store.Remove(id);
            held?.Discard();
            if (StoreErrors.Translate(error, _context.BundleOf(id).Directory) is var translated && !ReferenceEquals(translated, error))
            {
                throw translated;
            }

            throw;
        }
    }

    /// <summary>Removes a container that was to go at its end and has ended without anyone waiting for it; whoever looks next does it.</summary>
    private bool RemoveIfFinished(Container container)
    {
        if (!container.Spec.Remove || container.State != ContainerState.Exited)
        {
            return false;
        }

        var bundle = _context.BundleOf(container.Id);
        using var held = ContainerLock.TryTake(bundle);
        if (held is not null)
        {
            RemoveLocked(container.Id, held);
        }

        return true;
    }

    private Container Freeze(string container, string verb)
    {
        var (record, _) = Running(container);
        using var runtime = MonitorProcess.Start(_context.RuntimePath, ["--root", _context.Paths.States, verb, record.Id], null);
        return runtime.Wait() == 0 ? Get(record.Id) : throw new ContainerToolsException(
            ErrorKind.Internal, "FreezeFailed", $"Container '{record.Name}' could not be {verb}d.", record.Name, "Test-ContainerEngine says whether this host has the freezer.");
    }

    private (ContainerRecord Record, ContainerStatus Status) Running(string container)
    {
        var record = _context.Store.Get(container);
        var status = ContainerStatus.Of(_context.BundleOf(record.Id));
        return status.IsRunning ? (record, status) : throw NotRunning(record.Name);
    }

    private async Task<ContainerLock> LockAsync(ContainerRecord record, CancellationToken cancellationToken)
    {
        var held = await ContainerLock.TakeAsync(_context.BundleOf(record.Id), record.Name, LockWait, cancellationToken).ConfigureAwait(false);
        if (_context.Store.Find(record.Id) is not null)
        {
            return held;
        }

        // It was removed while we waited.
        held.Discard();
        held.Dispose();
        throw ContainerStore.NotFound(record.Name);
    }

    private void RemoveLocked(string id, ContainerLock held)
    {
        ContainerLeftovers.Remove(_context.BundleOf(id));
        _context.Store.Remove(id);
        held.Discard();
        try
        {
            _context.Networks.ApplyPolicies();
        }
        catch (ContainerToolsException)
        {
            // The container is gone all the same; whoever gets its address brings the rules up to date first.
        }
    }

    private static ContainerToolsException NotRunning(string name) => new(
        ErrorKind.Conflict, "ContainerNotRunning", $"Container '{name}' does not run.", name, $"Start it first: Start-Container {name}.");
}
