using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Netlink;

/// <summary>Counters of a link, in the order of struct rtnl_link_stats64 (linux/if_link.h).</summary>
/// <param name="ReceivedPackets">Packets received.</param>
/// <param name="SentPackets">Packets sent.</param>
/// <param name="ReceivedBytes">Bytes received.</param>
/// <param name="SentBytes">Bytes sent.</param>
/// <param name="ReceiveErrors">Bad packets received.</param>
/// <param name="SendErrors">Packets that could not be sent.</param>
/// <param name="ReceivesDropped">Packets received and not handled, for want of buffers or of a taker.</param>
/// <param name="SendsDropped">Packets dropped before they were sent.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct LinkStatistics(
    ulong ReceivedPackets,
    ulong SentPackets,
    ulong ReceivedBytes,
    ulong SentBytes,
    ulong ReceiveErrors,
    ulong SendErrors,
    ulong ReceivesDropped,
    ulong SendsDropped);
