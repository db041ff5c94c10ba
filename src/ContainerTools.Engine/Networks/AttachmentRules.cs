using System.Net;
using System.Net.Sockets;
using ContainerTools.Engine.Networks.Addresses;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks;

/// <summary>Judges how a container asks to be connected.</summary>
internal static class AttachmentRules
{
    /// <summary>Throws <c>InvalidAddress</c>, <c>InvalidMacAddress</c>, <c>InvalidNetworkAlias</c>, <c>InvalidInterfaceName</c>.</summary>
    public static void Check(NetworkAttachment attachment)
    {
        _ = Addresses(attachment);
        if (attachment.MacAddress is { } mac)
        {
            _ = MacAddresses.Parse(mac);
        }

        foreach (var alias in attachment.Alias)
        {
            if (!HostNames.IsValid(alias))
            {
                throw new ContainerToolsException(
                    ErrorKind.InvalidArgument, "InvalidNetworkAlias", $"'{alias}' is not a host name.", alias, "Use letters, digits, '-', '_' and '.', at most 63 characters between dots.");
            }
        }

        if (attachment.InterfaceName is { } name && !IsInterfaceName(name))
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument, "InvalidInterfaceName", $"'{name}' cannot be the name of a container's link.", name, "Use at most 15 characters without '/', ':' and spaces, and not 'lo'.");
        }
    }

    /// <summary>The addresses asked for. Throws <c>InvalidAddress</c>.</summary>
    public static IReadOnlyList<IPAddress> Addresses(NetworkAttachment attachment) =>
        [.. Parse(attachment.IPAddress, AddressFamily.InterNetwork, "IPv4"), .. Parse(attachment.IPv6Address, AddressFamily.InterNetworkV6, "IPv6")];

    /// <summary>Whether more is asked for than to be connected.</summary>
    public static bool SaysHow(NetworkAttachment attachment) =>
        attachment.Alias.Count > 0 || attachment.Priority != 0 || (attachment.IPAddress ?? attachment.IPv6Address ?? attachment.MacAddress ?? attachment.InterfaceName) is not null;

    /// <summary>Whether a link can have the name; the loopback's is taken.</summary>
    public static bool IsInterfaceName(string name)
    {
        try
        {
            return LinkName.Check(name) != "lo";
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static IPAddress[] Parse(string? text, AddressFamily family, string name) =>
        text is null ? []
        : IPAddress.TryParse(text, out var address) && address.AddressFamily == family && (family != AddressFamily.InterNetwork || address.ToString() == text) ? [address]
        : throw new ContainerToolsException(ErrorKind.InvalidArgument, "InvalidAddress", $"'{text}' is no {name} address.", text);
}
