namespace ContainerTools.Cmdlets.Tests;

/// <summary>An engine in memory: it keeps what it was told and answers from lists.</summary>
internal sealed class FakeEngine : IContainerEngine
{
    public FakeEngine() => NetworkStore = new FakeNetworks(ContainerStore);

    public FakeImages ImageStore { get; } = new();

    public FakeContainers ContainerStore { get; } = new();

    public FakeNetworks NetworkStore { get; }

    public FakeRepositories RepositoryLog { get; } = new();

    public FakeRegistries RegistryStore { get; } = new();

    public FakeBuilds BuildLog { get; } = new();

    public FakeStorage StorageBooks { get; } = new();

    public IReadOnlyList<HostCheck> Checks { get; set; } = [];

    public IReadOnlyList<RepairAction> Leftovers { get; set; } = [];

    public EngineChange? LastChange { get; private set; }

    public int Repairs { get; private set; }

    public IImageOperations Images => ImageStore;

    public IRepositoryOperations Repositories => RepositoryLog;

    public IContainerOperations Containers => ContainerStore;

    public INetworkOperations Networks => NetworkStore;

    public IRegistryOperations Registries => RegistryStore;

    public IBuildOperations Builds => BuildLog;

    public IStorageOperations Storage => StorageBooks;

    public EngineInfo GetInfo() => new()
    {
        Version = "0.1.0", Root = "/var/lib/containertools", Run = "/run/containertools", RuntimePath = "/opt/ctrun",
        KernelVersion = "6.18", OperatingSystem = "Debian", Architecture = "amd64", CgroupVersion = "v2", Containers = ContainerStore.All.Count,
    };

    public EngineInfo Change(EngineChange change)
    {
        LastChange = change;
        return GetInfo() with { AddressPool = change.AddressPool ?? [], DefaultBindAddress = change.DefaultBindAddress, FirewallBackend = change.FirewallBackend ?? default };
    }

    public IReadOnlyList<HostCheck> TestHost() => Checks;

    public IReadOnlyList<RepairAction> Repair(bool apply)
    {
        Repairs += apply ? 1 : 0;
        return [.. Leftovers.Select(leftover => leftover with { Repaired = apply })];
    }

    public void Dispose()
    {
    }
}
