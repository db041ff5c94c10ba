using System.Net;

namespace ContainerTools.Engine.Networks.Addresses;

/// <summary>Chooses addresses. Pure: who remembers them is the catalogue.</summary>
internal static class AddressAllocation
{
    /// <summary>
    /// The next free address of a subnet's range after <paramref name="last"/>, going round: an address that has just been given back is used again as late as
    /// can be, for the neighbours' caches still name its last owner. Null when none is free.
    /// </summary>
    public static IPAddress? Next(Subnet subnet, IReadOnlySet<IPAddress> taken, IPAddress? last)
    {
        var first = subnet.Range.First();
        var end = subnet.Range.Last();
        var start = last is not null && subnet.Range.Contains(last) && last.ToNumber() < end ? last.ToNumber() + 1 : first;
        // Of n + m + 4 different addresses at most n are taken, m reserved, and three the subnet's own, the gateway's and broadcast.
        var tries = (UInt128)(uint)taken.Count + (uint)subnet.Reserved.Count + 4;
        for (var number = start; tries > 0; tries--)
        {
            var address = number.ToAddress(subnet.Family);
            if (!taken.Contains(address) && subnet.WhyNotAssignable(address) is null)
            {
                return address;
            }

            number = number == end ? first : number + 1;
            if (number == start)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>
    /// The subnet of an address asked for, if that can be given. Throws <c>AddressNotAssignable</c>, <c>AddressInUse</c>. It may lie outside of the range that others are taken from.
    /// </summary>
    public static Subnet Require(IReadOnlyList<Subnet> subnets, IPAddress wanted, IReadOnlySet<IPAddress> taken, string network)
    {
        var subnet = subnets.FirstOrDefault(subnet => subnet.Network.Contains(wanted));
        var reason = subnet is null ? $"the network '{network}' has {string.Join(", ", subnets)}" : subnet.WhyNotAssignable(wanted);
        if (reason is not null)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "AddressNotAssignable", $"The address {wanted} cannot be given to a container: {reason}.", wanted.ToString());
        }

        return !taken.Contains(wanted)
            ? subnet!
            : throw new ContainerToolsException(ErrorKind.Conflict, "AddressInUse", $"The address {wanted} is in use on the network '{network}'.", wanted.ToString());
    }
}
