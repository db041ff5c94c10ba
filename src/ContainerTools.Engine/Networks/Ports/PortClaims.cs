using System.Net.Sockets;
using System.Security.Cryptography;
using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Networks.Ports;

/// <summary>Takes ports of the host for a container: from other containers, by the catalogue, and from programs of the host, by the kernel.</summary>
internal sealed class PortClaims(PublishedPortStore store, HostNetwork host)
{
    // Ports that nobody registers (RFC 6335).
    private const int FirstDynamic = 49152;
    private const int LastDynamic = 65535;
    private const int Attempts = 64;

    /// <summary>Takes them; those without a number get one, the same for every address of a mapping. Throws <c>PortInUse</c>, <c>HostAddressNotFound</c>.</summary>
    /// <param name="container">The container.</param>
    /// <param name="wanted">Mappings, each with the addresses of the host that it means.</param>
    /// <param name="own">What it has already, while it runs.</param>
    /// <param name="nameOf">Name of another container that runs; null when it does not run, so that its ports are free.</param>
    public IReadOnlyList<HostPort> Claim(ContainerRecord container, IReadOnlyList<IReadOnlyList<HostPort>> wanted, IReadOnlyList<HostPort> own, Func<string, string?> nameOf)
    {
        for (var attempt = 0; ; attempt++)
        {
            var ports = wanted.SelectMany(Number).ToList();
            RequireDistinct(ports);
            var last = attempt >= Attempts || wanted.All(mapping => mapping[0].Port != 0);
            if (store.Claim(container.Id, ports, owner => nameOf(owner) is not null) is { } taken)
            {
                if (last)
                {
                    throw InUse(taken.Port, taken.Port.Port, $"container '{nameOf(taken.ContainerId) ?? taken.ContainerId[..12]}'");
                }

                continue;
            }

            if (host.Run(() => Probe(ports, own)) is not { } refused)
            {
                return ports;
            }

            store.Release(container.Id);
            if (last)
            {
                throw refused;
            }
        }
    }

    /// <summary>The error of a port that somebody has.</summary>
    public static ContainerToolsException InUse(HostPort port, int number, string? owner)
    {
        var single = port with { Port = number, Count = 1 };
        return new ContainerToolsException(
            ErrorKind.Conflict,
            "PortInUse",
            $"Port {single} of the host is in use by {owner ?? "a program that cannot be found"}.",
            new PortMapping { HostAddress = single.IsAny ? null : $"{single.Address}", HostPort = number, ContainerPort = port.ContainerPort + number - port.Port, Protocol = port.Protocol },
            "Publish on another port or address, leave the host's port out and one is chosen, or stop who has it.");
    }

    private static ContainerToolsException? Probe(IReadOnlyList<HostPort> ports, IReadOnlyList<HostPort> own) => PortProbe.FindTaken(ports, own) switch
    {
        null => null,
        { Error: SocketError.AddressAlreadyInUse } taken => InUse(taken.Port, taken.Number, PortOwner.Find(taken.Port, taken.Number)),
        { Error: SocketError.AccessDenied } taken => new ContainerToolsException(
            ErrorKind.PermissionDenied, "PortNotPermitted", $"This process may not use port {taken.Number} of the host.", taken.Port.ToString(), "Use a port from 1024, or allow it: sysctl net.ipv4.ip_unprivileged_port_start=0."),
        { Error: SocketError.AddressNotAvailable } taken => new ContainerToolsException(
            ErrorKind.NotFound, "HostAddressNotFound", $"The host has no address {taken.Port.Address}.", taken.Port.Address.ToString(), "Publish on an address that 'ip address' lists, or name none."),
        { } taken => new ContainerToolsException(ErrorKind.Unavailable, "PortUnavailable", $"Port {taken.Port} of the host cannot be used: {taken.Error}.", taken.Port.ToString()),
    };

    private static void RequireDistinct(List<HostPort> ports)
    {
        for (var index = 0; index < ports.Count; index++)
        {
            if (ports.Take(index).FirstOrDefault(other => other.Overlaps(ports[index])) is { } twice)
            {
                throw NetworkErrors.Invalid("InvalidPort", $"Port {ports[index]} of the host is published twice: it is also {twice}.", ports[index].ToString(), "Publish each port of the host once.");
            }
        }
    }

    private static IEnumerable<HostPort> Number(IReadOnlyList<HostPort> mapping)
    {
        if (mapping[0].Port != 0)
        {
            return mapping;
        }

        var port = RandomNumberGenerator.GetInt32(FirstDynamic, Math.Max(FirstDynamic + 1, LastDynamic - mapping[0].Count + 2));
        return mapping.Select(item => item with { Port = port });
    }
}
