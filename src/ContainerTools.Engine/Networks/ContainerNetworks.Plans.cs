using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks.Links;
using ContainerTools.Engine.Networks.Names;
using ContainerTools.Engine.Networks.Ports;
using ContainerTools.Linux.Netlink;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Networks;

/// <content>What plans of endpoints come to: a namespace with links, the monitor's plan, and what the start needs.</content>
internal sealed partial class ContainerNetworks
{
    // A new namespace has its loopback as link 1.
    private const int FirstIndex = 2;

    private static readonly string[] HostAliases = ["host.containers.internal", "host.docker.internal"];

    private void Link(string failure, string target, string pin, IReadOnlyList<EndpointPlan> plans, Dictionary<string, int> bridges) => NetworkErrors.Translate(failure, target, () =>
    {
        var (own, inside) = ContainerNamespaces.Create(pin, plans.Any(plan => plan.Endpoint.IPv6 is not null));
        using var ends = own;
        using var closes = inside;
        for (var index = 0; index < plans.Count; index++)
        {
            _links.Connect(plans[index], own, inside, FirstIndex + index, bridges[plans[index].Network.Id]);
        }

        return true;
    });

    private MonitorNetwork Plan(ContainerRecord container, IReadOnlyList<EndpointPlan> plans, PortPlan ports) => Plan(
        container.Spec,
        _namespaces.PathOf(container.Id),
        plans,
        ports,
        [.. plans.Where(plan => !plan.Network.Spec.NoDns).Select(plan => _names.PathOf(plan.Network, container.Id))]);

    private ContainerNetworkSetup Setup(ContainerRecord container, IReadOnlyList<EndpointPlan> plans, ContainerBundle bundle) =>
        Setup(container.Spec, _namespaces.PathOf(container.Id), plans, bundle);

    private static ContainerNetworkSetup Setup(ContainerSpec spec, string pin, IReadOnlyList<EndpointPlan> plans, ContainerBundle bundle)
    {
        var gateway = plans.Where(plan => plan.Network.IsBridge && plan.Network.Spec.GatewayMode != GatewayMode.Isolated)
            .SelectMany(plan => plan.Network.Subnets).Select(subnet => subnet.Gateway).FirstOrDefault();
        return new ContainerNetworkSetup
        {
            NamespacePath = pin,
            PlanPath = bundle.Network,
            Addresses = [.. plans.SelectMany(plan => plan.Endpoint.Addresses)],
            ExtraHosts = [.. ExtraHosts(spec, gateway), .. gateway is null ? [] : HostAliases.Select(name => (gateway.ToString(), name))],
            ResolvConf = ResolvConf.For(spec, Resolves(plans) ? [ResolvConf.Resolver] : spec.Dns.Count > 0 ? spec.Dns : ResolvConf.HostServers()),
        };
    }

    private MonitorNetwork Plan(ContainerSpec spec, string pin, IReadOnlyList<EndpointPlan> plans, PortPlan ports, IReadOnlyList<string> nameFiles)
    {
        // Where nothing leads outside, no question may either (CVE-2024-29018).
        var inside = plans.All(plan => plan.Network.Spec.Internal);
        return new()
        {
            Namespace = pin,
            HostNamespace = _host.Path,
            FirewallRemoval = PublishingOf(plans) is { } publishing ? _rules.Removal(NetworkRules.ToFirewall(publishing.Network, ports.Rules)) : null,
            Names = !Resolves(plans) ? null : new MonitorNames
            {
                Networks = [.. plans.Where(plan => !plan.Network.Spec.NoDns).Select(plan => new NamedNetwork { Directory = _names.DirectoryOf(plan.Network), Internal = inside })],
                Servers = spec.Dns.Count > 0 ? spec.Dns : [.. plans.SelectMany(plan => plan.Network.Spec.Dns).Distinct()],
                ResolvConf = ResolvConf.HostPath,
            },
            NameFiles = nameFiles,
            Ports = ports.Held,
            Forwards = ports.Forwards,
        };
    }
}
