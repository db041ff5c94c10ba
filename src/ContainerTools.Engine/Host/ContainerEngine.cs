using ContainerTools.Engine.Build;
using ContainerTools.Engine.Build.Execution;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Host.Repair;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Registry;
using ContainerTools.Engine.Registry.Credentials;
using ContainerTools.Engine.Registry.Proxies;
using ContainerTools.Engine.Registry.Settings;
using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Storage.Accounting;

namespace ContainerTools.Engine.Host;

/// <summary>The engine over one store: wires the rooms together, decides nothing itself.</summary>
internal sealed class ContainerEngine : IContainerEngine
{
    private const string HostCertificatesDirectory = "/etc/docker/certs.d";
    private readonly StorePaths _paths;
    private readonly Catalog _catalog;
    private readonly string _runtimePath;
    private readonly ContainerContext _containers;
    private readonly LayerStore _layers;
    private readonly ImageStore _images;
    private readonly StoreSettling _settling;
    private readonly HostNetwork _hostNetwork;
    private readonly ContainerNetworks _networks;
    private readonly RegistryAccess _registries;
    private readonly ProxySettings _proxy;

    private ContainerEngine(StorePaths paths, Catalog catalog, string runtimePath, string? networkNamespace)
    {
        _paths = paths;
        _catalog = catalog;
        _runtimePath = runtimePath;
        _layers = new LayerStore(paths, catalog);
        _settling = new StoreSettling(_layers);
        _images = new ImageStore(catalog, _layers) { Added = _settling.Ask };
        _hostNetwork = new HostNetwork(networkNamespace);
        _proxy = new ProxySettings(new StoreSettings(catalog));
        var containers = new ContainerStore(catalog);
        _networks = new ContainerNetworks(paths, catalog, containers, _hostNetwork, record => ContainerSnapshots.Labels(record, FindImage(record.ImageId).Labels));
        _containers = new ContainerContext(paths, containers, runtimePath, FindImage, _networks);
        var registrySettings = new RegistrySettingsStore(catalog, new HostCertificates(HostCertificatesDirectory));
        var logins = new RegistryCredentialStore(CredentialLocations.FromEnvironment, new VaultBindings(catalog));
        _registries = new RegistryAccess(registrySettings, logins, _proxy.Create);
        var images = new ImageOperations(_images, _registries);
        Images = images;
        Repositories = new RepositoryOperations(_registries);
        var operations = new ContainerOperations(_containers);
        Containers = operations;
        Builds = new BuildOperations(_images, new ImageProvision(_images, _registries), images.ToImage, new MonitoredRunStep(runtimePath, _networks));
        Networks = new NetworkOperations(_containers, _networks);
        Registries = new RegistryOperations(registrySettings, logins, new RegistryLoginCheck(_registries));
        var snapshots = new SnapshotReader(_containers, catalog);
        Storage = new StorageOperations(snapshots, new Reclamation(_containers, operations, _images), new StorageCheck(_containers, _images, snapshots), paths);
    }

    public IImageOperations Images { get; }

    public IRepositoryOperations Repositories { get; }

    public IContainerOperations Containers { get; }

    public INetworkOperations Networks { get; }

    public IRegistryOperations Registries { get; }

    public IBuildOperations Builds { get; }

    public IStorageOperations Storage { get; }

    /// <summary>Opens a store, making it on first use. Throws <c>NotRoot</c>, <c>StoreUnavailable</c>, <c>StoreLocked</c>.</summary>
    public static ContainerEngine Open(EngineOptions options)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new ContainerToolsException(
                ErrorKind.PermissionDenied, "NotRoot", "The engine needs root: it mounts file systems and makes namespaces and cgroups.", options.Root, "Run PowerShell as root (sudo pwsh).");
        }

        var paths = new StorePaths(options.Root, options.Run);
        try
        {
            // 0711: the store's trees hold set-user-id programs of images; nobody else may list or walk into them (CVE-2021-41091).
            foreach (var directory in (string[])[paths.Root, paths.Run])
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
            }

            foreach (var directory in (string[])[paths.Blobs, paths.Structures, paths.Layers, paths.Containers, paths.Work, paths.Partial, paths.States])
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            var engine = new ContainerEngine(paths, new Catalog(paths.Catalog), options.RuntimePath ?? Path.Combine(Path.GetDirectoryName(typeof(ContainerEngine).Assembly.Location)!, "ctrun"), options.NetworkNamespace);
            _ = engine._layers.Recover(CancellationToken.None);
            if (engine._layers.FindUnsettled().Count > 0)
            {
                engine._settling.Ask();
            }

            return engine;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            throw new ContainerToolsException(
                ErrorKind.Unavailable, "StoreUnavailable", $"The store at {paths.Root} cannot be opened: {error.Message}", paths.Root, "Check the path, its free space and its permissions.", error);
        }
    }

    public EngineInfo GetInfo()
    {
        var containers = Containers.List();
        return HostFacts.Describe(_paths, _runtimePath) with
        {
            AddressPool = _networks.Settings.AddressPool,
            DefaultBindAddress = _networks.Settings.DefaultBindAddress,
            FirewallBackend = _networks.Settings.FirewallBackend,
            Proxy = _proxy.Address,
            NoProxy = _proxy.Direct,
            Images = _images.List().Count,
            Containers = containers.Count,
            Running = containers.Count(container => container.State is ContainerState.Running or ContainerState.Paused),
        };
    }

    public EngineInfo Change(EngineChange change)
    {
        _proxy.Change(change);
        _networks.Settings.Change(change);
        return GetInfo();
    }

    public IReadOnlyList<HostCheck> TestHost() => HostChecks.Run(_paths, _runtimePath, _hostNetwork);

    public IReadOnlyList<RepairAction> Repair(bool apply) => new StoreRepair(_containers, _layers).Run(apply);

    public void Dispose()
    {
        _registries.Dispose();
        _settling.Dispose();
        _networks.Dispose();
        _hostNetwork.Dispose();
        _catalog.Dispose();
    }

    private ContainerImage FindImage(string reference, string? platform = null)
    {
        var record = _images.ResolveContent(reference, PlatformText.ParseOptional(platform));
        return new ContainerImage(
            record.Id.ToString(),
            ImageConfigurations.From(record.Config.Config),
            record.Config.Config?.Labels ?? new Dictionary<string, string>(),
            ImageStore.PlatformOf(record.Config),
            [.. record.Layers.Select(layer => _layers.PathOf(_layers.Get(layer).DiffId))]);
    }
}
