using System.Net;

namespace ContainerTools.Engine.Networks.Addresses;

/// <summary>Where subnets of networks come from that ask for none.</summary>
/// <param name="Pool">All of them.</param>
/// <param name="PrefixLength">Prefix length of one.</param>
internal sealed record SubnetPool(IPNetwork Pool, int PrefixLength)
{
    /// <summary>Parts of the private ranges that Docker (172.17 to 172.31, 192.168) and Podman (10.88, 10.89) take last or not at all.</summary>
    public static IReadOnlyList<SubnetPool> Default { get; } =
    [
        new SubnetPool(IPNetwork.Parse("10.176.0.0/12"), 24),
        new SubnetPool(IPNetwork.Parse("172.28.0.0/14"), 24),
    ];

    /// <summary>The first subnet of the pools that overlaps nothing in <paramref name="taken"/>: subnets of networks, and the host's routes. Throws <c>AddressPoolExhausted</c>.</summary>
    public static Subnet FindFree(IReadOnlyList<SubnetPool> pools, IReadOnlyCollection<IPNetwork> taken)
    {
        foreach (var pool in pools)
        {
            var relevant = taken.Where(network => pool.Pool.Overlaps(network)).ToList();
            var family = pool.Pool.BaseAddress.AddressFamily;
            var last = pool.Pool.Last();
            for (var number = pool.Pool.First(); ;)
            {
                var candidate = new IPNetwork(number.ToAddress(family), pool.PrefixLength);
                var blocking = relevant.Where(network => candidate.Overlaps(network)).Select(network => (IPNetwork?)network).FirstOrDefault();
                if (blocking is null)
                {
                    return Subnet.Create(candidate.ToString());
                }

                // On behind whichever is larger, so that a route to 10.0.0.0/8 is one step, not a million.
                var behind = UInt128.Max(candidate.Last(), blocking.Value.Last());
                if (behind >= last)
                {
                    break;
                }

                number = behind + 1;
            }
        }

        throw new ContainerToolsException(
            ErrorKind.ResourceExhausted,
            "AddressPoolExhausted",
            $"No subnet of {string.Join(", ", pools.Select(pool => pool.Pool))} is free.",
            null,
            "Name a subnet (-Subnet), or remove networks that nobody uses.");
    }
}
