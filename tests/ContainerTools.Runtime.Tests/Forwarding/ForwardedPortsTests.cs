using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Tests.Names;

namespace ContainerTools.Runtime.Tests.Forwarding;

/// <summary>Traffic from ::1, which the kernel does not route, carried to a server by the monitor.</summary>
public sealed class ForwardedPortsTests
{
    private static readonly IPEndPoint Published = new(IPAddress.IPv6Loopback, 8080);
    private static readonly IPEndPoint Target = IPEndPoint.Parse("127.0.0.5:9000");

    [Fact]
    public void A_hundred_megabytes_both_ways_arrive_whole()
    {
        using var container = Forwarding("tcp");
        using var listener = Listener(container);
        using var client = Connect(container);
        using var server = listener.Accept();
        var data = new byte[100_000_000];
        Random.Shared.NextBytes(data);
        var expected = Convert.ToHexString(SHA256.HashData(data));
        Assert.Equal([expected, expected], InParallel(() => Send(client, data), () => Send(server, data), () => Digest(client), () => Digest(server)));
    }

    [Fact]
    public void One_side_may_end_before_the_other()
    {
        using var container = Forwarding("tcp");
        using var listener = Listener(container);
        using var client = Connect(container);
        using var server = listener.Accept();
        client.Send("question"u8);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("question", ReadToEnd(server));
        Thread.Sleep(100);
        server.Send("late answer"u8);
        server.Dispose();
        Assert.Equal("late answer", ReadToEnd(client));
    }

    [Fact]
    public void More_connections_than_are_carried_at_once_wait_their_turn()
    {
        using var container = Forwarding("tcp");
        using var listener = Listener(container);
        using var stop = new CancellationTokenSource();
        var echo = new Thread(() =>
        {
            for (var index = 0; index < 400; index++)
            {
                using var server = listener.Accept();
                server.Send(Encoding.ASCII.GetBytes(ReadToEnd(server)));
            }
        }) { IsBackground = true };
        echo.Start();
        for (var round = 0; round < 2; round++)
        {
            // The backlog holds those beyond.
            var clients = Enumerable.Range(0, 200).Select(_ => Connect(container)).ToArray();
            foreach (var client in clients)
            {
                client.Send("ping"u8);
                client.Shutdown(SocketShutdown.Send);
            }

            Assert.All(clients, client => Assert.Equal("ping", ReadToEnd(client)));
            Array.ForEach(clients, client => client.Dispose());
        }

        Assert.True(echo.Join(10_000));
    }

    [Fact]
    public void A_target_that_is_not_there_or_breaks_off_resets_the_client()
    {
        using var container = Forwarding("tcp");
        using (var client = Connect(container))
        {
            Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => client.Receive(new byte[1])).SocketErrorCode);
        }

        using var listener = Listener(container);
        using (var client = Connect(container))
        {
            using var server = listener.Accept();
            server.LingerState = new LingerOption(true, 0);
            server.Dispose();
            Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => client.Receive(new byte[1])).SocketErrorCode);
        }
    }

    [Fact]
    public void Nobody_spins_while_a_reader_stands_still()
    {
        using var container = Forwarding("tcp");
        using var listener = Listener(container);
        using var client = Connect(container);
        using var server = listener.Accept();
        client.Blocking = false;
        var sent = 0;
        for (var quiet = 0; quiet < 20;)
        {
            try
            {
                sent += client.Send(new byte[65536]);
                quiet = 0;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock)
            {
                Thread.Sleep(10);
                quiet++;
            }
        }

        client.Shutdown(SocketShutdown.Send);
        server.Shutdown(SocketShutdown.Send);
        var before = ProcessorTime(container);
        Thread.Sleep(1000);
        Assert.InRange(ProcessorTime(container) - before, 0, 20);
        Assert.Equal(sent, ReadToEnd(server).Length);
    }

    [Fact]
    public void Datagrams_come_and_go_for_each_client()
    {
        using var container = Forwarding("udp");
        using var server = container.Host.Run(() => Bound(SocketType.Dgram, Target));
        using var first = Connect(container, SocketType.Dgram);
        using var second = Connect(container, SocketType.Dgram);
        first.Send("first"u8);
        second.Send("second"u8);
        var buffer = new byte[65536];
        for (var index = 0; index < 2; index++)
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            var size = server.ReceiveFrom(buffer, ref from);
            server.SendTo(buffer, size, SocketFlags.None, from);
        }

        Assert.Equal("first", Encoding.ASCII.GetString(buffer, 0, first.Receive(buffer)));
        Assert.Equal("second", Encoding.ASCII.GetString(buffer, 0, second.Receive(buffer)));

        // More clients than are remembered: the newest are served.
        for (var index = 0; index < 300; index++)
        {
            using var client = Connect(container, SocketType.Dgram);
            client.Send("x"u8);
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            server.SendTo(buffer, server.ReceiveFrom(buffer, ref from), SocketFlags.None, from);
            Assert.Equal(1, client.Receive(buffer));
        }
    }

    [Theory]
    [InlineData("::", "::1", "fd00::99")]
    [InlineData("::", "fd00::99", "::1")]
    [InlineData("0.0.0.0", "127.0.0.1", "10.89.4.99")]
    public void A_port_of_all_addresses_answers_from_the_one_that_was_asked(string published, string from, string asked)
    {
        using var container = new NamedContainer();
        container.Bundle.Network = container.Bundle.Network! with
        {
            Forwards = [new ForwardedPort { Protocol = "udp", Address = published, Port = 8080, TargetAddress = "127.0.0.5", TargetPort = 9000 }],
        };
        container.Run();
        using var server = container.Host.Run(() => Bound(SocketType.Dgram, Target));
        using var client = container.Host.Run(() => Bound(SocketType.Dgram, new IPEndPoint(IPAddress.Parse(from), 0)));
        client.Connect(IPAddress.Parse(asked), 8080);
        client.Send("ping"u8);
        var buffer = new byte[10];
        EndPoint forwarder = new IPEndPoint(IPAddress.Any, 0);
        server.SendTo(buffer, server.ReceiveFrom(buffer, ref forwarder), SocketFlags.None, forwarder);
        Assert.Equal(4, client.Receive(buffer));
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public void A_port_held_on_all_addresses_may_be_forwarded_from_one(string protocol)
    {
        using var container = Forwarding(protocol, new HeldPort { Protocol = protocol, Address = "::", Port = 8080 });
        var type = protocol == "tcp" ? SocketType.Stream : SocketType.Dgram;
        using var server = container.Host.Run(() => Bound(type, Target));
        if (type == SocketType.Stream)
        {
            server.Listen();
        }

        using (var client = Connect(container, type))
        {
            client.Send("hello"u8);
            using var taken = type == SocketType.Stream ? server.Accept() : null;
            Assert.Equal(5, (taken ?? server).Receive(new byte[10]));
            if (taken is not null)
            {
                // Ended by the server first: on the forwarding side the connection lingers.
                taken.Dispose();
                Assert.Equal(0, client.Receive(new byte[1]));
            }
        }

        Assert.Throws<SocketException>(() => container.Host.Run(() => Bound(type, new IPEndPoint(IPAddress.IPv6Any, 8080))));
        Assert.Throws<SocketException>(() => container.Host.Run(() => Bound(type, IPEndPoint.Parse("[fd00::99]:8080"))));

        // Taken away while it runs: its connections end, and the port is held on.
        using var last = Connect(container, type);
        Assert.Equal("applied", container.Reload(container.Bundle.Network! with { Forwards = [] }).Kind);
        Assert.Throws<SocketException>(() => last.Send("x"u8) + last.Receive(new byte[1]));
        Assert.Throws<SocketException>(() => container.Host.Run(() => Bound(type, Published)));
        Assert.Equal("applied", container.Reload(container.Bundle.Network!).Kind);
        using var again = Connect(container, type);
    }

    private static NamedContainer Forwarding(string protocol, params HeldPort[] ports)
    {
        var container = new NamedContainer();
        container.Bundle.Network = container.Bundle.Network! with
        {
            Ports = ports,
            Forwards = [new ForwardedPort { Protocol = protocol, Address = "::1", Port = 8079, TargetAddress = "127.0.0.5", TargetPort = 8999, Count = 3 }],
        };
        return container.Run();
    }

    private static Socket Bound(SocketType type, IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, type, ProtocolType.Unspecified) { ReceiveTimeout = 5000 };
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

    private static Socket Listener(NamedContainer container)
    {
        var listener = container.Host.Run(() => Bound(SocketType.Stream, Target));
        listener.Listen(1000);
        return listener;
    }

    private static Socket Connect(NamedContainer container, SocketType type = SocketType.Stream)
    {
        var client = container.Host.Run(() => new Socket(AddressFamily.InterNetworkV6, type, ProtocolType.Unspecified));
        client.ReceiveTimeout = 10_000;
        client.Connect(Published);
        return client;
    }

    private static string ReadToEnd(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        for (int size; (size = socket.Receive(buffer)) > 0;)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, size));
        }

        return text.ToString();
    }

    private static string? Send(Socket socket, byte[] data)
    {
        for (var done = 0; done < data.Length;)
        {
            done += socket.Send(data.AsSpan(done));
        }

        socket.Shutdown(SocketShutdown.Send);
        return null;
    }

    private static string Digest(Socket socket)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[65536];
        for (int size; (size = socket.Receive(buffer)) > 0;)
        {
            digest.AppendData(buffer, 0, size);
        }

        return Convert.ToHexString(digest.GetHashAndReset());
    }

    // Threads of their own: others may hold all of the pool's.
    private static string[] InParallel(params Func<string?>[] work)
    {
        var results = new string?[work.Length];
        var threads = work.Select((action, index) => new Thread(() => results[index] = action())).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return [.. results.OfType<string>()];
    }

    private static long ProcessorTime(NamedContainer container)
    {
        var fields = File.ReadAllText($"/proc/{container.MonitorPid}/stat").Split(' ');
        return long.Parse(fields[13], System.Globalization.CultureInfo.InvariantCulture) + long.Parse(fields[14], System.Globalization.CultureInfo.InvariantCulture);
    }
}
