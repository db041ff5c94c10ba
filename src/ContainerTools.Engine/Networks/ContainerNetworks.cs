using System.Net;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks.Links;
using ContainerTools.Engine.Networks.Names;
using ContainerTools.Engine.Networks.Policies;
using ContainerTools.Engine.Networks.Ports;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Netlink;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Networks;

/// <summary>Connects containers that start, and cleans up after those whose monitor could not.</summary>
internal sealed partial class ContainerNetworks : IDisposable
{
    private readonly StorePaths _paths;
    private readonly ContainerStore _containers;
    private readonly HostNetwork _host;
    private readonly EngineSettings _settings;
    private readonly BridgeLinks _bridges;
    private readonly VlanLinks _vlans;
    private readonly NetworkRules _rules;
    private readonly NetworkFabric _fabric;
    private readonly EndpointLinks _links;
    private readonly ContainerNamespaces _namespaces;
    private readonly NameFiles _names;
    private readonly PublishedPortStore _ports;
    private readonly PortClaims _claims;
    private readonly Func<ContainerRecord, IReadOnlyDictionary<string, string>> _labelsOf;

    /// <summary>Makes nothing yet.</summary>
    /// <param name="paths">Where the store lies.</param>
    /// <param name="catalog">Its catalogue.</param>
    /// <param name="containers">Its containers.</param>
    /// <param name="host">The host's namespace.</param>
    /// <param name="labelsOf">A container's labels, those of its image among them.</param>
    public ContainerNetworks(
        StorePaths paths, Catalog catalog, ContainerStore containers, HostNetwork host, Func<ContainerRecord, IReadOnlyDictionary<string, string>> labelsOf)
    {
        _labelsOf = labelsOf;
        _paths = paths;
        _containers = containers;
        _host = host;
        _settings = new EngineSettings(new StoreSettings(catalog));
        Store = new NetworkStore(catalog);
        Policies = new PolicyStore(catalog);
        _ports = new PublishedPortStore(catalog);
        _claims = new PortClaims(_ports, host);
        _names = new NameFiles(paths);
        _namespaces = new ContainerNamespaces(paths);
        _links = new EndpointLinks(host);
        _bridges = new BridgeLinks(host, NetworkRules.TableOf(paths.Root));
        _vlans = new VlanLinks(host, NetworkRules.TableOf(paths.Root));
        _rules = new NetworkRules(host, paths.Root, () => _settings.FirewallBackend);
        _fabric = new NetworkFabric(paths, host, _bridges, _vlans, _rules, Store.List, InUse, () => PolicyState.Read(paths.NetworkPolicies));
    }

    /// <summary>Networks and endpoints of the catalogue.</summary>
    public NetworkStore Store { get; }

    /// <summary>Policies of the catalogue.</summary>
    public PolicyStore Policies { get; }

    /// <summary>The host's namespace.</summary>
    public HostNetwork Host => _host;

    /// <summary>Settings of the store.</summary>
    public EngineSettings Settings => _settings;

    /// <summary>
    /// Gives a new container its places on the networks it asks for. Throws <c>NetworkNotFound</c>, <c>AddressInUse</c>, <c>AddressNotAssignable</c>, <c>NetworkFull</c>, <c>MacAddressInUse</c>,
    /// <c>AlreadyConnected</c>.
    /// </summary>
    public void Lease(ContainerRecord container)
    {
        if (NetworkMode.Of(container.Spec).Kind != NetworkModeKind.Networks)
        {
            return;
        }

        foreach (var attachment in NetworkMode.Attachments(container.Spec))
        {
            EnsureDefault(attachment.Name);
            _ = Store.Connect(container.Id, attachment);
        }
    }

    /// <summary>
    /// Makes everything of a container's networks that must be there before its program runs, and says what its start needs. What is made is written down in the bundle first; when this
    /// throws, nothing is left.
    /// </summary>
    /// <param name="container">The container; the caller holds its lock.</param>
    /// <param name="exposed">Ports that its image exposes.</param>
    /// <param name="bundle">Its bundle.</param>
    public ContainerNetworkSetup Start(ContainerRecord container, IEnumerable<string> exposed, ContainerBundle bundle)
    {
        Release(bundle);
        var mode = NetworkMode.Of(container.Spec);
        return mode.Kind switch
        {
            NetworkModeKind.Networks => Connect(container, exposed, bundle),
            NetworkModeKind.Host => new ContainerNetworkSetup { IsHost = true, NamespacePath = _host.Path, ResolvConf = HostResolvConf(container.Spec), ExtraHosts = ExtraHosts(container.Spec, IPAddress.Loopback) },
            NetworkModeKind.Container => Share(container, mode.Target!),
            NetworkModeKind.Path => new ContainerNetworkSetup
            {
                NamespacePath = RequireNamespace(mode.Target!),
                ResolvConf = ResolvConf.For(container.Spec, container.Spec.Dns.Count > 0 ? container.Spec.Dns : ResolvConf.HostServers()),
                ExtraHosts = ExtraHosts(container.Spec, null),
            },
            _ => new ContainerNetworkSetup { ExtraHosts = ExtraHosts(container.Spec, null) },
        };
    }

    /// <summary>The endpoints of a container with their networks, in the order in which they were connected.</summary>
    public IReadOnlyList<(NetworkRecord Network, EndpointRecord Endpoint)> EndpointsOf(string containerId)
    {
        var endpoints = Store.EndpointsOf(containerId);
        var networks = endpoints.Count == 0 ? [] : Store.List().ToDictionary(network => network.Id);
        return [.. endpoints.Select(endpoint => (networks[endpoint.NetworkId], endpoint))];
    }

    /// <summary>How a container's endpoints are connected, the most important first.</summary>
    public IReadOnlyList<EndpointPlan> PlansOf(string containerId) => EndpointPlan.Of(containerId, EndpointsOf(containerId), ByHost());

    public void Dispose() => _rules.Dispose();

    private ContainerNetworkSetup Connect(ContainerRecord container, IEnumerable<string> exposed, ContainerBundle bundle)
    {
        var bridges = EndpointsOf(container.Id).ToDictionary(item => item.Network.Id, item => _fabric.Ensure(item.Network));
        ApplyPolicies();
        var plans = PlansOf(container.Id);
        var ports = ClaimPorts(container, exposed, plans, []);
        File.WriteAllBytes(bundle.Network, Plan(container, plans, ports).ToJson());
        try
        {
            Link($"Container '{container.Name}' cannot be connected", container.Name, _namespaces.PathOf(container.Id), plans, bridges);
            foreach (var plan in plans.Where(plan => !plan.Network.Spec.NoDns))
            {
                _names.Write(container, plan.Network, plan.Endpoint);
            }

            if (ports.Rules.Count > 0 && PublishingOf(plans) is { } publishing)
            {
                _fabric.ChangeRules(publishing.Network, [], ports.Rules);
            }
        }
        catch
        {
            Release(bundle);
            throw;
        }

        return Setup(container, plans, bundle);
    }

    private PortPlan ClaimPorts(ContainerRecord container, IEnumerable<string> exposed, IReadOnlyList<EndpointPlan> plans, IReadOnlyList<HostPort> own)
    {
        var spec = container.Spec;
        IReadOnlyList<PortMapping> mappings = spec.PublishAll ? [.. spec.Ports, .. PortRules.Exposed(spec.Ports, exposed)] : spec.Ports;
        if (mappings.Count == 0)
        {
            // What it published before, or when it ran last, is no longer its own.
            if (_ports.Of(container.Id).Count > 0)
            {
                _ports.Release(container.Id);
            }

            return new PortPlan([], [], []);
        }

        var publishing = PublishingOf(plans) ?? throw NetworkErrors.Invalid(
            "PublishNeedsBridge",
            $"Container '{container.Name}' is on no network that ports can be published on.",
            container.Name,
            "Connect it to a bridge network that is not internal, or publish nothing.");
        if (_settings.FirewallBackend == FirewallBackend.None)
        {
            throw NetworkErrors.Invalid(
                "PublishNeedsFirewall", "Ports cannot be published: this engine makes no rules (FirewallBackend is None).", container.Name, "Set-ContainerEngine -FirewallBackend Nftables");
        }

        var hasIPv6 = HostForwarding.HasIPv6(_host);
        var claimed = _claims.Claim(container, [.. mappings.Select(mapping => PortRules.HostPorts(mapping, _settings.DefaultBindAddress, hasIPv6))], own, NameIfRunning);
        return PortPlan.Of(claimed, publishing.Endpoint.IPv4, publishing.Endpoint.IPv6, publishing.Network.Spec.GatewayMode == GatewayMode.Routed);
    }

    // A container that has come to its end has no use for its ports, whatever the catalogue says; what its monitor could not take away goes now.
    private string? NameIfRunning(string containerId)
    {
        if (_containers.Find(containerId) is not { } owner)
        {
            return null;
        }

        var bundle = BundleOf(owner.Id);
        if (ContainerStatus.Of(bundle).IsRunning || ContainerLock.IsHeld(bundle))
        {
            return owner.Name;
        }

        Release(bundle);
        return null;
    }

    private static bool Resolves(IReadOnlyList<EndpointPlan> plans) => plans.Any(plan => !plan.Network.Spec.NoDns);

    /// <summary>The network that has the container's ports: that of its default route, which answers leave by.</summary>
    private static EndpointPlan? PublishingOf(IReadOnlyList<EndpointPlan> plans) => plans.FirstOrDefault(plan => plan.HasDefaultRoute && plan.Network.IsBridge);

    /// <summary>Makes the default network if this is its name and there is none.</summary>
    public void EnsureDefault(string network)
    {
        if (network == NetworkMode.Default && Store.FindByName(network) is null)
        {
            try
            {
                _ = Add(new NetworkSpec { Name = network });
            }
            catch (ContainerToolsException error) when (error.Code == "NetworkNameInUse")
            {
                // Another process was faster.
            }
        }
    }

    /// <summary>All bridge networks, with the ports of their containers that run.</summary>
    private IReadOnlyList<(NetworkRecord Network, IReadOnlyList<PublishedPort> Ports)> InUse()
    {
        var ports = new Dictionary<string, List<PublishedPort>>();
        foreach (var container in _ports.List())
        {
            if (File.Exists(BundleOf(container.Key).Network) && PublishingOf(PlansOf(container.Key)) is { } publishing)
            {
                var rules = PortPlan.Of([.. container], publishing.Endpoint.IPv4, publishing.Endpoint.IPv6, publishing.Network.Spec.GatewayMode == GatewayMode.Routed).Rules;
                if (!ports.TryGetValue(publishing.Network.Id, out var known))
                {
                    ports[publishing.Network.Id] = known = [];
                }

                known.AddRange(rules);
            }
        }

        return [.. Store.List().Where(network => network.IsBridge).Select(network => (network, (IReadOnlyList<PublishedPort>)(ports.GetValueOrDefault(network.Id) ?? [])))];
    }
}
