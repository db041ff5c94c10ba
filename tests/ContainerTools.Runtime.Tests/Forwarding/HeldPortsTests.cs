using System.Net;
using System.Net.Sockets;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Tests.Names;

namespace ContainerTools.Runtime.Tests.Forwarding;

/// <summary>Ports of the host that nobody else gets while the container runs.</summary>
public sealed class HeldPortsTests
{
    [Fact]
    public void A_held_port_is_nobody_elses_until_the_end()
    {
        using var container = new NamedContainer();
        Hold(container, Port("tcp", "0.0.0.0", 8080), Port("tcp", "::", 8081, 3), Port("udp", "127.0.0.1", 53), Port("udp", "::", 54), Port("sctp", "0.0.0.0", 99));
        container.Run();
        Assert.False(IsFree(container, SocketType.Stream, "0.0.0.0", 8080));
        Assert.False(IsFree(container, SocketType.Stream, "127.0.0.1", 8080));
        Assert.True(IsFree(container, SocketType.Stream, "::1", 8080));
        Assert.False(IsFree(container, SocketType.Stream, "::1", 8083));
        Assert.True(IsFree(container, SocketType.Stream, "::1", 8084));
        Assert.True(IsFree(container, SocketType.Stream, "127.0.0.1", 8081));
        Assert.False(IsFree(container, SocketType.Dgram, "127.0.0.1", 53));
        Assert.True(IsFree(container, SocketType.Dgram, "127.0.0.2", 53));
        Assert.False(IsFree(container, SocketType.Dgram, "::1", 54));

        // Nobody listens: who comes by is refused, and nothing piles up.
        using var client = container.Host.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => client.Connect(IPAddress.Loopback, 8080)).SocketErrorCode);

        container.Stop();
        Assert.True(IsFree(container, SocketType.Stream, "0.0.0.0", 8080));
        Assert.True(IsFree(container, SocketType.Dgram, "::1", 54));
    }

    [Theory]
    [InlineData("tcp", "0.0.0.0", "127.0.0.1", "0.0.0.0:8085/tcp")]
    [InlineData("udp", "::1", "::", "[::1]:8085/udp")]
    public void A_port_in_use_is_told_and_nothing_is_left(string protocol, string wanted, string taken, string told)
    {
        using var container = new NamedContainer();
        var type = protocol == "tcp" ? SocketType.Stream : SocketType.Dgram;
        using var other = container.Host.Run(() => Bound(type, taken, 8085));
        if (type == SocketType.Stream)
        {
            other.Listen();
        }

        Hold(container, Port(protocol, wanted, 8080, 10));
        var error = container.Start();
        Assert.Equal(("error", "PortInUse", 98, told), (error.Kind, error.Code, error.Errno, error.Path));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        container.Stop();
        Assert.Equal(125, container.Bundle.Exit!.ExitCode);
        Assert.False(container.IsPinned);
        Assert.True(IsFree(container, type, wanted, 8080));
        container.Bundle.AssertNothingLeft();
    }

    [Fact]
    public void A_port_another_container_holds_is_in_use()
    {
        using var first = new NamedContainer();
        Hold(first, Port("tcp", "0.0.0.0", 8080));
        first.Run();
        using var second = new NamedContainer();
        Hold(second, Port("tcp", "127.0.0.1", 8080));
        using var monitor = first.Host.Run(() => second.Bundle.Start());
        Assert.Equal("PortInUse", monitor.Read()!.Code);
        monitor.ReadToEnd();
    }

    [Fact]
    public void Connections_that_linger_from_an_earlier_program_are_no_hindrance()
    {
        using var container = new NamedContainer();
        using (var listener = container.Host.Run(() => Bound(SocketType.Stream, "127.0.0.1", 8080)))
        using (var client = container.Host.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)))
        {
            listener.Listen();
            client.Connect(IPAddress.Loopback, 8080);
            listener.Accept().Dispose(); // closed here first: this side lingers
            Assert.Equal(0, client.Receive(new byte[1]));
        }

        Hold(container, Port("tcp", "0.0.0.0", 8080));
        container.Run();
        Assert.False(IsFree(container, SocketType.Stream, "127.0.0.1", 8080));
    }

    [Fact]
    public void A_thousand_ports_need_no_higher_limit_and_leave_the_containers_as_it_is()
    {
        using var container = new NamedContainer("sh", "-c", "ulimit -Sn; ls /proc/self/fd; sleep 600");
        container.Bundle.Prefix = ["/usr/bin/prlimit", "--nofile=100:4096"];
        Hold(container, Port("tcp", "0.0.0.0", 20000, 1000), Port("udp", "0.0.0.0", 20000, 1000));
        container.Run();
        Assert.True(SpinWait.SpinUntil(() => container.Bundle.Logged("stdout").Count(character => character == '\n') >= 5, 10_000));
        Assert.Equal(["100", "0", "1", "2", "3"], container.Bundle.Logged("stdout").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(IsFree(container, SocketType.Stream, "0.0.0.0", 20999));
        Assert.False(IsFree(container, SocketType.Dgram, "0.0.0.0", 20999));

        // Another range: what is in both stays held, what has gone is free.
        Assert.Equal("applied", container.Reload(container.Bundle.Network! with { Ports = [Port("tcp", "0.0.0.0", 20500, 1000)] }).Kind);
        Assert.True(IsFree(container, SocketType.Stream, "0.0.0.0", 20499));
        Assert.False(IsFree(container, SocketType.Stream, "0.0.0.0", 20500));
        Assert.False(IsFree(container, SocketType.Stream, "0.0.0.0", 21499));
        Assert.True(IsFree(container, SocketType.Dgram, "0.0.0.0", 20500));
    }

    [Fact]
    public void A_port_that_is_in_use_leaves_those_before_a_change_held()
    {
        using var container = new NamedContainer();
        Hold(container, Port("tcp", "0.0.0.0", 8080));
        container.Run();
        using var other = container.Host.Run(() => Bound(SocketType.Dgram, "0.0.0.0", 8085));
        Assert.Equal("PortInUse", container.Reload(container.Bundle.Network! with { Ports = [Port("tcp", "0.0.0.0", 8081), Port("udp", "0.0.0.0", 8085)] }).Code);
        Assert.False(IsFree(container, SocketType.Stream, "0.0.0.0", 8080));
        Assert.True(IsFree(container, SocketType.Stream, "0.0.0.0", 8081));
    }

    private static HeldPort Port(string protocol, string address, ushort port, int count = 1) => new() { Protocol = protocol, Address = address, Port = port, Count = count };

    private static void Hold(NamedContainer container, params HeldPort[] ports) => container.Bundle.Network = container.Bundle.Network! with { Ports = ports };

    private static bool IsFree(NamedContainer container, SocketType type, string address, int port)
    {
        try
        {
            container.Host.Run(() => Bound(type, address, port)).Dispose();
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    // As servers do: with SO_REUSEADDR, which .NET calls by another name.
    private static Socket Bound(SocketType type, string address, int port)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(address), port);
        var socket = new Socket(endpoint.AddressFamily, type, ProtocolType.Unspecified);
        if (type == SocketType.Stream)
        {
            socket.SetRawSocketOption(1, 2, BitConverter.GetBytes(1));
        }

        if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = false;
        }

        try
        {
            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
