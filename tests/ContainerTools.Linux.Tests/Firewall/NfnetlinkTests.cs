using System.Buffers.Binary;
using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Firewall.Nfnetlink;
using ContainerTools.Linux.Netlink;
using ContainerTools.Linux.Starting;

namespace ContainerTools.Linux.Tests.Firewall;

public sealed class NfnetlinkTests : IDisposable
{
    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly NfnetlinkSocket _socket;

    public NfnetlinkTests() => _socket = NfnetlinkSocket.Open(_network);

    public void Dispose()
    {
        _socket.Dispose();
        _network.Dispose();
    }

    private string Nft(string commands) => _network.Run(() => Nftables.Open().Run(commands));

    private static NfnetlinkBatch Tables(ushort message, params string[] names)
    {
        var batch = new NfnetlinkBatch();
        foreach (var name in names)
        {
            batch.Add(message, NftablesFamily.Inet, message == NftablesMessage.NewTable ? NfnetlinkBatch.Create : (ushort)0, name).Text(1, name);
        }

        return batch;
    }

    private static NfnetlinkBatch Ports(ushort message, IEnumerable<int> ports)
    {
        var batch = new NfnetlinkBatch();
        var bytes = new byte[2];
        foreach (var port in ports)
        {
            var writer = batch.Add(message, NftablesFamily.Inet, message == NftablesMessage.NewSetElement ? NfnetlinkBatch.Create : (ushort)0, $"port {port}");
            writer.Text(1, "mine");
            writer.Text(2, "ports");
            var list = writer.Begin(3);
            var element = writer.Begin(1);
            var key = writer.Begin(1);
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)port);
            writer.Attribute(1, bytes);
            writer.End(key);
            writer.End(element);
            writer.End(list);
        }

        return batch;
    }

    private int CountPorts() => Nft("list set inet mine ports\n").Count(character => character == ',') + 1;

    [Fact]
    public void A_batch_is_carried_out_in_the_namespace_of_its_socket_again_and_again()
    {
        _socket.Commit(Tables(NftablesMessage.NewTable, "one", "two"));
        _socket.Commit(new NfnetlinkBatch());
        _socket.Commit(Tables(NftablesMessage.NewTable, "two", "three"));
        Assert.Equal("table inet one\ntable inet two\ntable inet three\n", Nft("list tables\n"));
        _socket.Commit(NfnetlinkBatch.Read(Tables(NftablesMessage.DeleteTable, "one", "three").ToBytes()));
        Assert.Equal("table inet two\n", Nft("list tables\n"));
    }

    [Fact]
    public void A_message_that_is_refused_undoes_all_and_the_first_is_named()
    {
        var batch = Tables(NftablesMessage.NewTable, "one");
        batch.Add(NftablesMessage.DeleteTable, NftablesFamily.Inet, subject: "absent").Text(1, "absent");
        batch.Add(NftablesMessage.DeleteTable, NftablesFamily.Inet, subject: "absent too").Text(1, "absent too");
        var error = Assert.Throws<LinuxException>(() => _socket.Commit(batch));
        Assert.Equal(LinuxError.NotFound, error.Errno);
        Assert.StartsWith("NFT_MSG_DELTABLE absent: No such file or directory (errno 2)", error.Message, StringComparison.Ordinal);
        Assert.Empty(Nft("list ruleset\n"));
        _socket.Commit(Tables(NftablesMessage.NewTable, "one"));
        Assert.Equal("table inet one\n", Nft("list tables\n"));
    }

    [Fact]
    public void Thousands_of_elements_are_one_transaction_and_what_is_left_of_them_is_removed()
    {
        Nft("add table inet mine\nadd set inet mine ports { type inet_service; }\n");
        _socket.Commit(Ports(NftablesMessage.NewSetElement, Enumerable.Range(1, 10_000)));
        Assert.Equal(10_000, CountPorts());
        _socket.Commit(Ports(NftablesMessage.DeleteSetElement, Enumerable.Range(1, 9_998).Where(port => port % 4 != 0)));
        var removal = Ports(NftablesMessage.DeleteSetElement, Enumerable.Range(1, 9_998)).ToBytes();
        Assert.Throws<LinuxException>(() => _socket.Commit(NfnetlinkBatch.Read(removal)));
        _socket.Remove(removal);
        Assert.Equal(2, CountPorts());
        _socket.Remove(removal);
        Assert.Equal(2, CountPorts());
        Nft("flush ruleset\n");
        _socket.Remove(removal);
        Assert.Empty(Nft("list ruleset\n"));
    }

    [Fact]
    public void A_removal_that_fails_for_another_reason_removes_nothing()
    {
        Nft("add table inet mine\nadd set inet mine ports { type inet_service; elements = { 1, 2 }; }\nadd set inet mine names { type ifname; }\n");
        var batch = Ports(NftablesMessage.DeleteSetElement, [1, 2, 3]);
        var writer = batch.Add(NftablesMessage.DeleteSetElement, NftablesFamily.Inet);
        writer.Text(1, "mine");
        Assert.Equal(LinuxError.InvalidArgument, Assert.Throws<LinuxException>(() => _socket.Remove(batch.ToBytes())).Errno);
        Assert.Equal(2, CountPorts());
    }

    [Theory]
    [InlineData("00")]
    [InlineData("00000000100001000000000000000000")] // no length
    [InlineData("ff000000100001000000000000000000")] // longer than all
    [InlineData("12000000020a010000000000000000000000")] // not aligned
    [InlineData("10000000020100000000000000000000")] // of connection tracking
    public void Bytes_that_are_no_batch_of_nftables_are_refused(string bytes) =>
        Assert.Throws<ArgumentException>(() => NfnetlinkBatch.Read(Convert.FromHexString(bytes)));

    [Fact]
    public void Without_the_right_it_is_one_clear_error()
    {
        Exception? error = null;
        var thread = new Thread(() =>
        {
            using var socket = NfnetlinkSocket.Open();
            DropCapabilities();
            error = Record.Exception(() => socket.Commit(Tables(NftablesMessage.NewTable, "one")));
        });
        thread.Start();
        thread.Join();
        Assert.Equal(LinuxError.NotPermitted, Assert.IsType<LinuxException>(error).Errno);
    }

    private static unsafe void DropCapabilities()
    {
        var header = stackalloc uint[2] { 0x20080522, 0 }; // _LINUX_CAPABILITY_VERSION_3, this thread
        var data = stackalloc uint[6] { 0, 0, 0, 0, 0, 0 };
        KernelCall.Require(SystemCall.Capset, null, (long)header, (long)data);
    }
}
