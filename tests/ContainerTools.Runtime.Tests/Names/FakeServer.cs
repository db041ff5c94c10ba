using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Runtime.Tests.Names;

/// <summary>A name server of a test, at port 53 of an address in a namespace, by UDP and TCP.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly Socket datagrams;
    private readonly Socket streams;

    /// <param name="network">Where.</param>
    /// <param name="address">Its address.</param>
    /// <param name="answers">Gives the packets sent in answer to a query, which may be none; the flag tells TCP.</param>
    public FakeServer(NetworkNamespace network, string address, Func<DnsPacket, bool, IEnumerable<DnsPacket>> answers)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(address), 53);
        (datagrams, streams) = network.Run(() => (
            new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp), new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)));
        datagrams.Bind(endpoint);
        streams.Bind(endpoint);
        streams.Listen();
        Begin(() => ServeDatagrams(answers));
        Begin(() => ServeStreams(answers));
    }

    /// <summary>Sources and ids of the queries that came by UDP.</summary>
    public ConcurrentQueue<(int Port, ushort Id)> Asked { get; } = [];

    public void Dispose()
    {
        datagrams.Dispose();
        streams.Dispose();
    }

    // A thread and blocking calls: the test's own work may hold all threads of the pool.
    private static void Begin(Action work) => new Thread(() =>
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }) { IsBackground = true }.Start();

    private void ServeDatagrams(Func<DnsPacket, bool, IEnumerable<DnsPacket>> answers)
    {
        var buffer = new byte[4096];
        while (true)
        {
            EndPoint from = new IPEndPoint(datagrams.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
            var query = new DnsPacket(buffer[..datagrams.ReceiveFrom(buffer, ref from)]);
            Asked.Enqueue((((IPEndPoint)from).Port, query.Id));
            foreach (var answer in answers(query, false))
            {
                datagrams.SendTo(answer.Bytes, from);
            }
        }
    }

    private void ServeStreams(Func<DnsPacket, bool, IEnumerable<DnsPacket>> answers)
    {
        while (true)
        {
            using var client = new NetworkStream(streams.Accept(), ownsSocket: true);
            var prefix = new byte[2];
            client.ReadExactly(prefix);
            var query = new byte[(prefix[0] << 8) | prefix[1]];
            client.ReadExactly(query);
            foreach (var answer in answers(new DnsPacket(query), true))
            {
                client.Write([(byte)(answer.Bytes.Length >> 8), (byte)answer.Bytes.Length, .. answer.Bytes]);
            }
        }
    }
}
