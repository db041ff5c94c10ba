using System.Buffers.Binary;
using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Linux.Firewall;

/// <summary>
/// Leads port 53 of a container's name server address to the port its resolver listens on, in the container's network namespace. So a program of the container may
/// listen on port 53 of all addresses itself. Both directions are rewritten packet by packet, without connection tracking: its table is the whole host's, and each
/// query would take an entry for half a minute.
/// </summary>
public static class NameServerRedirection
{
    /// <summary>Where a container's programs find their name server.</summary>
    public const string Address = "127.0.0.11";

    /// <summary>
    /// Where the resolver listens instead of on 53. No service has the port (IANA: 288 to 307 are unassigned), no client gets it by chance (ephemeral ports
    /// begin far above, bindresvport(3) at 600), and programs without privileges cannot take it.
    /// </summary>
    public const ushort Port = 299;

    private const string Table = "containertools-names";
    private const string Chain = "output";
    private const ushort DomainPort = 53;
    private const int LocalOutput = 3;      // NF_INET_LOCAL_OUT
    private const int RawPriority = -300;   // NF_IP_PRI_RAW
    private const int Source = 12;          // in struct iphdr
    private const int Destination = 16;
    private const int SourcePort = 0;       // in the headers of both protocols
    private const int DestinationPort = 2;
    private static readonly (byte Number, int Checksum)[] s_protocols = [(17, 6), (6, 16)];

    /// <summary>Makes the rules in the calling thread's network namespace, in the place of those that are there. Throws <see cref="LinuxException"/>.</summary>
    public static void Establish()
    {
        using var socket = NfnetlinkSocket.Open();
        try
        {
            socket.Commit(Batch(replace: false));
        }
        catch (LinuxException error) when (error.Errno == LinuxError.Exists)
        {
            // Not at once: the kernel would spend milliseconds on freeing what was deleted, also where nothing was.
            socket.Commit(Batch(replace: true));
        }
    }

    private static NfnetlinkBatch Batch(bool replace)
    {
        var batch = new NfnetlinkBatch();
        if (replace)
        {
            batch.Add(NftablesMessage.DeleteTable, NftablesFamily.IPv4).Text(NftablesAttribute.TableName, Table);
        }

        batch.Add(NftablesMessage.NewTable, NftablesFamily.IPv4, NfnetlinkBatch.Create | NfnetlinkBatch.Exclusive).Text(NftablesAttribute.TableName, Table);
        NetlinkWriter chain = batch.Add(NftablesMessage.NewChain, NftablesFamily.IPv4, NfnetlinkBatch.Create);
        chain.Text(NftablesAttribute.ChainTable, Table);
        chain.Text(NftablesAttribute.ChainName, Chain);
        chain.Text(NftablesAttribute.ChainType, "filter");
        int hook = chain.Begin(NftablesAttribute.ChainHook);
        chain.Number(NftablesAttribute.HookNumber, BinaryPrimitives.ReverseEndianness(LocalOutput));
        chain.Number(NftablesAttribute.HookPriority, BinaryPrimitives.ReverseEndianness(RawPriority));
        chain.End(hook);
        foreach ((byte number, int checksum) in s_protocols)
        {
            Rule(batch, Destination, number, DestinationPort, DomainPort, Port, checksum);
            Rule(batch, Source, number, SourcePort, Port, DomainPort, checksum);
        }

        return batch;
    }

    // ip daddr 127.0.0.11 udp dport 53 udp dport set 299 notrack; the address first, because it differs for all other packets.
    private static void Rule(NfnetlinkBatch batch, int address, byte protocol, int port, ushort from, ushort to, int checksum)
    {
        NetlinkWriter rule = batch.Add(NftablesMessage.NewRule, NftablesFamily.IPv4, NfnetlinkBatch.Create | NfnetlinkBatch.Append);
        rule.Text(NftablesAttribute.RuleTable, Table);
        rule.Text(NftablesAttribute.RuleChain, Chain);
        var expressions = new NftablesExpressions(rule);
        expressions.LoadPayload(NftablesExpressions.NetworkHeader, address, 4);
        expressions.Equal([127, 0, 0, 11]);
        expressions.LoadProtocol();
        expressions.Equal([protocol]);
        expressions.LoadPayload(NftablesExpressions.TransportHeader, port, sizeof(ushort));
        expressions.Equal(Bytes(from));
        expressions.Load(Bytes(to));
        expressions.StorePayload(NftablesExpressions.TransportHeader, port, sizeof(ushort), checksum);
        expressions.DoNotTrack();
        expressions.End();
    }

    private static byte[] Bytes(ushort value) => [(byte)(value >> 8), (byte)value];
}
