using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ContainerTools.Linux.Processes;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Firewall;

/// <summary>Asks the kernel whether it has nftables, before anybody relies on it: libnftables ends the whole process when it gets no netlink socket.</summary>
internal static partial class NftablesKernel
{
    private const int NetlinkFamily = 16; // AF_NETLINK
    private const int RawCloseOnExec = 0x80003; // SOCK_RAW | SOCK_CLOEXEC
    private const int Netfilter = 12; // NETLINK_NETFILTER
    private const ushort GetGeneration = (10 << 8) | 16; // NFNL_SUBSYS_NFTABLES, NFT_MSG_GETGEN
    private const ushort Request = 1; // NLM_F_REQUEST
    private const ushort ErrorMessage = 2; // NLMSG_ERROR

    /// <summary>Returns when the calling thread may change the nftables of its network namespace.</summary>
    /// <exception cref="NftablesException">The kernel has no nftables.</exception>
    /// <exception cref="LinuxException">EPERM without CAP_NET_ADMIN in the namespace's user namespace.</exception>
    public static void Require()
    {
        int descriptor = OpenSocket(NetlinkFamily, RawCloseOnExec, Netfilter);
        if (descriptor < 0)
        {
            throw Missing(Marshal.GetLastPInvokeError());
        }

        using var socket = new SafeFileHandle(descriptor, ownsHandle: true);
        Span<byte> request = stackalloc byte[20]; // struct nlmsghdr and struct nfgenmsg, whose family is AF_UNSPEC
        request.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, request.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], GetGeneration);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], Request);
        Descriptor.Write(socket, request, "nfnetlink");
        Span<byte> answer = stackalloc byte[512];
        int count = Descriptor.Read(socket, answer);
        if (count < request.Length)
        {
            throw LinuxException.FromLastError("read", "nfnetlink");
        }

        int errno = BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]) == ErrorMessage ? -BinaryPrimitives.ReadInt32LittleEndian(answer[16..]) : 0;
        if (errno != 0)
        {
            throw errno == LinuxError.NotPermitted ? new LinuxException(errno, "nftables", "NFT_MSG_GETGEN") : Missing(errno);
        }
    }

    private static NftablesException Missing(int errno) => new(
        $"This kernel has no nftables ({Marshal.GetPInvokeErrorMessage(errno)}, errno {errno}), so no firewall rules can be made. Load its module (modprobe nf_tables), or start a kernel built with CONFIG_NF_TABLES and CONFIG_NF_TABLES_INET.");

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);
}
