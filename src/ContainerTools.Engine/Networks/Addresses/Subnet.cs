using System.Net;
using System.Net.Sockets;

namespace ContainerTools.Engine.Networks.Addresses;

/// <summary>A subnet of a container network. Made by <see cref="Create"/> only, so that what exists is consistent.</summary>
internal sealed record Subnet
{
    private Subnet(IPNetwork network, IPAddress gateway, IPNetwork range, IReadOnlyList<IPAddress> reserved) =>
        (Network, Gateway, Range, Reserved) = (network, gateway, range, reserved);

    public IPNetwork Network { get; }

    /// <summary>The bridge's address, to which containers send what leaves the subnet.</summary>
    public IPAddress Gateway { get; }

    /// <summary>Where addresses that nobody asked for by number are taken from.</summary>
    public IPNetwork Range { get; }

    /// <summary>Addresses that belong to others and are never given out.</summary>
    public IReadOnlyList<IPAddress> Reserved { get; }

    public AddressFamily Family => Network.BaseAddress.AddressFamily;

    /// <summary>
    /// Checks the parts and fills in what is left out: the gateway is the first address, as Docker and Podman choose it, the range is the whole subnet.
    /// Throws <c>InvalidSubnet</c>, <c>InvalidGateway</c>, <c>InvalidAddressRange</c>, <c>InvalidReservedAddress</c>.
    /// </summary>
    public static Subnet Create(string network, string? gateway = null, string? range = null, IReadOnlyList<string>? reserved = null)
    {
        var parsed = Parse(network, "InvalidSubnet");
        var family = parsed.BaseAddress.AddressFamily;
        var longest = AddressNumbers.Bits(family) - 2;
        if (parsed.PrefixLength > longest || parsed.PrefixLength == 0)
        {
            throw Invalid("InvalidSubnet", network, $"the prefix length must be from 1 to {longest}, to hold a gateway and a container");
        }

        if (family == AddressFamily.InterNetwork ? IsUnusable(parsed.BaseAddress) : parsed.BaseAddress.IsIPv6Multicast || parsed.Contains(IPAddress.IPv6Loopback))
        {
            throw Invalid("InvalidSubnet", network, "loopback and multicast addresses cannot be given to containers");
        }

        var gatewayAddress = gateway is null ? (parsed.First() + 1).ToAddress(family) : ParseMember(gateway, parsed, "InvalidGateway");
        var rangeNetwork = range is null ? parsed : Parse(range, "InvalidAddressRange");
        return rangeNetwork.BaseAddress.AddressFamily == family && rangeNetwork.PrefixLength >= parsed.PrefixLength && parsed.Contains(rangeNetwork.BaseAddress)
            ? new Subnet(parsed, gatewayAddress, rangeNetwork, [.. (reserved ?? []).Select(address => ParseMember(address, parsed, "InvalidReservedAddress"))])
            : throw Invalid("InvalidAddressRange", range!, $"it is no part of {parsed}");
    }

    /// <summary>Null when a container may have the address; else why not.</summary>
    public string? WhyNotAssignable(IPAddress address) =>
        !Network.Contains(address) ? $"it is not in {Network}"
        : address.Equals(Gateway) ? "it is the gateway's"
        : Reserved.Contains(address) ? "it is reserved"
        : address.Equals(Network.BaseAddress) ? "it is the subnet's own"
        : Family == AddressFamily.InterNetwork && address.ToNumber() == Network.Last() ? "it is the broadcast address"
        : null;

    public override string ToString() => Network.ToString();

    private static bool IsUnusable(IPAddress address) => address.GetAddressBytes()[0] is 0 or 127 or >= 224;

    // IPNetwork.Parse silently drops bits behind the prefix (.NET 10); whoever wrote them meant something else.
    private static IPNetwork Parse(string text, string code)
    {
        if (!IPNetwork.TryParse(text, out var network))
        {
            throw Invalid(code, text, "write it as address/prefix length, like 10.89.4.0/24 or fd00:1::/64");
        }

        var written = IPAddress.Parse(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal)));
        return written.Equals(network.BaseAddress)
            ? network
            : throw Invalid(code, text, $"the bits behind the prefix are not zero; '{network}' is the subnet with that address");
    }

    private static IPAddress ParseMember(string text, IPNetwork network, string code) =>
        !IPAddress.TryParse(text, out var address) ? throw Invalid(code, text, "it is no IP address")
        : !network.Contains(address) ? throw Invalid(code, text, $"it is not in {network}")
        : address.Equals(network.BaseAddress) ? throw Invalid(code, text, "it is the subnet's own address")
        : address.AddressFamily == AddressFamily.InterNetwork && address.ToNumber() == network.Last() ? throw Invalid(code, text, "it is the broadcast address")
        : address;

    private static ContainerToolsException Invalid(string code, string value, string why) => new(ErrorKind.InvalidArgument, code, $"'{value}' is not valid: {why}.", value);
}
