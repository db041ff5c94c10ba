using System.Net;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks.Names;
using ContainerTools.Linux;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <content>Networks that are not the container's own, and what containers are told about hosts.</content>
internal sealed partial class ContainerNetworks
{
    private const string HostGateway = "host-gateway";

    private ContainerNetworkSetup Share(ContainerRecord container, string target)
    {
        var other = _containers.Get(target);
        var bundle = BundleOf(other.Id);
        var status = ContainerStatus.Of(bundle);
        if (other.Id == container.Id)
        {
            throw NetworkErrors.Invalid("InvalidNetwork", $"Container '{container.Name}' cannot use its own network as another's.", container.Name, "Name another container.");
        }

        if (!status.IsRunning || status.Runtime is not { } runtime)
        {
            throw new ContainerToolsException(
                ErrorKind.Conflict, "ContainerNotRunning", $"Container '{other.Name}', whose network '{container.Name}' is to use, does not run.", other.Name, $"Start it first: Start-Container {other.Name}.");
        }

        if (NetworkMode.Of(other.Spec).IsHost)
        {
            return new ContainerNetworkSetup { IsHost = true, NamespacePath = _host.Path, SharedWith = bundle };
        }

        var pinned = _namespaces.PathOf(other.Id);
        return new ContainerNetworkSetup { NamespacePath = File.Exists(pinned) ? pinned : $"/proc/{runtime.Pid}/ns/net", SharedWith = bundle };
    }

    private static string RequireNamespace(string path)
    {
        try
        {
            NetworkNamespace.Open(path).Dispose();
            return path;
        }
        catch (LinuxException error)
        {
            throw new ContainerToolsException(
                ErrorKind.NotFound, "NetworkNamespaceNotFound", $"There is no network namespace at '{path}': {error.Message}", path, "Make one with 'ip netns add NAME' and name it ns:/run/netns/NAME.", error)
            { Errno = error.Errno, Syscall = error.Syscall, Path = error.Path };
        }
    }

    private static string HostResolvConf(ContainerSpec spec) =>
        spec.Dns.Count == 0 && spec.DnsSearch is null && spec.DnsOptions.Count == 0
            ? File.Exists(ResolvConf.HostPath) ? File.ReadAllText(ResolvConf.HostPath) : ""
            : ResolvConf.For(spec, spec.Dns.Count > 0 ? spec.Dns : ResolvConf.Read(ResolvConf.HostPath).Servers);

    private static IReadOnlyList<(string Address, string Name)> ExtraHosts(ContainerSpec spec, IPAddress? gateway) =>
    [
        .. spec.ExtraHosts.Select(host => (
            host.Value != HostGateway ? host.Value : gateway?.ToString() ?? throw NetworkErrors.Invalid(
                "NoHostGateway", $"'{host.Key}' cannot lead to the host: the container's network has no way to it.", host.Key, "Connect it to a bridge network, or name an address."),
            host.Key)),
    ];
}
