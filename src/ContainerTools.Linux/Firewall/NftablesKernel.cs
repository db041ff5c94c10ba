using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall;

/// <summary>Asks the kernel whether it has nftables, before anybody relies on it: libnftables ends the whole process when it gets no netlink socket.</summary>
internal static class NftablesKernel
{
    /// <summary>Returns when the calling thread may change the nftables of its network namespace.</summary>
    /// <exception cref="NftablesException">The kernel has no nftables.</exception>
    /// <exception cref="LinuxException">EPERM without CAP_NET_ADMIN in the namespace's user namespace.</exception>
    public static void Require()
    {
        try
        {
            using var socket = NfnetlinkSocket.Open();
            var writer = NfnetlinkRequest.Write(NfnetlinkRequest.Nftables, NftablesMessage.GetGeneration, NetlinkRequest.Acknowledge, family: 0);
            if (socket.Execute(new(NftablesMessage.Name(NftablesMessage.GetGeneration), "nftables", writer)) is { } error)
            {
                throw error.Errno == LinuxError.NotPermitted ? error : NftablesException.Missing(error);
            }
        }
        catch (LinuxException error)
        {
            throw NftablesException.From(error);
        }
    }
}
