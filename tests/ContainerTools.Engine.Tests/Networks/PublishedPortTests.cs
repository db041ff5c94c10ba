using System.Net;
using System.Net.Sockets;
using System.Text;
using ContainerTools.Engine.Networks.Ports;
using static ContainerTools.Engine.Tests.Networks.ConnectionTests;

namespace ContainerTools.Engine.Tests.Networks;

/// <summary>Ports of the host that lead to containers.</summary>
public class PublishedPortTests(NetworkFixture host) : IClassFixture<NetworkFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_that_another_container_has_is_refused_with_its_name()
    {
        await host.StartAsync("first", Publish(new PortMapping { HostPort = 8100, ContainerPort = 80, Count = 10 }));
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => host.StartAsync("second", Publish(new PortMapping { HostAddress = "127.0.0.1", HostPort = 8105, ContainerPort = 80 })));
        Assert.Equal(("PortInUse", ErrorKind.Conflict), (error.Code, error.Kind));
        Assert.Contains("container 'first'", error.Message);
        Assert.Equal(8100, Assert.IsType<PortMapping>(error.Target).HostPort);

        // Once the first is gone, in whatever way, the second has the port.
        await host.Containers.StopAsync("first", TimeSpan.Zero, null, Token);
        await host.Containers.StartAsync("second", Token);
        Assert.Equal(8105, Assert.Single(host.Containers.Get("second").Port).HostPort);
        Assert.Equal("PortInUse", (await Assert.ThrowsAsync<ContainerToolsException>(() => host.Containers.StartAsync("first", Token))).Code);
    }

    [Fact]
    public async Task A_port_that_a_program_of_the_host_has_is_refused_with_its_name()
    {
        using var program = host.Host.Namespace.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 8200));
            socket.Listen();
            return socket;
        });
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => host.StartAsync("blocked", Publish(new PortMapping { HostPort = 8200, ContainerPort = 80 })));
        Assert.Equal("PortInUse", error.Code);
        Assert.Contains($"(process {Environment.ProcessId})", error.Message);
        Assert.Equal("HostAddressNotFound", (await Assert.ThrowsAsync<ContainerToolsException>(() => host.StartAsync("lost", Publish(new PortMapping { HostAddress = "203.0.113.9", HostPort = 80, ContainerPort = 80 })))).Code);
    }

    [Fact]
    public async Task A_thousand_ports_are_one_rule_and_all_of_them_work()
    {
        await host.StartAsync("many", Publish(new PortMapping { HostPort = 20000, ContainerPort = 20000, Count = 1000 }), NetworkFixture.Serve(20999, "last"));
        Assert.StartsWith("last", await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 20999));
        var rules = host.Tool("nft", "list", "ruleset");
        Assert.Contains("20000-20999", rules);
        Assert.DoesNotContain("20500", rules);
    }

    [Fact]
    public async Task Udp_is_published_too()
    {
        await host.StartAsync("echo", Publish(new PortMapping { HostPort = 8300, ContainerPort = 53, Protocol = PortProtocol.Udp }), "socat", "UDP6-RECVFROM:53,fork,ipv6only=0", "EXEC:busybox cat");
        Assert.Equal("ping", await AskAsync(NetworkFixture.HostAddress, 8300));
        Assert.Equal("ping", await AskAsync("2001:db8::1", 8300));
    }

    [Fact]
    public async Task Ports_of_a_running_container_are_changed_at_once()
    {
        await host.StartAsync("changing", Publish(new PortMapping { HostPort = 8400, ContainerPort = 80 }), NetworkFixture.Serve(80, "it"));
        Assert.StartsWith("it", await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 8400));

        var changed = host.Networks.Publish("changing", [new PortMapping { HostPort = 8401, ContainerPort = 80 }]);

        Assert.Equal([8401], changed.Port.Select(port => port.HostPort));
        Assert.StartsWith("it", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8401));
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8400, 300));
        await host.StartAsync("other", Publish(new PortMapping { HostPort = 8400, ContainerPort = 80 }));
        Assert.Equal("PortInUse", Code(() => host.Networks.Publish("changing", [new PortMapping { HostPort = 8400, ContainerPort = 80 }])));
        Assert.StartsWith("it", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8401));
    }

    [Fact]
    public async Task Ports_of_a_running_container_are_kept_and_all_given_up()
    {
        await host.StartAsync("giving", Publish(new PortMapping { HostPort = 8410, ContainerPort = 80 }), NetworkFixture.Serve(80, "it"));
        Assert.StartsWith("it", await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 8410));

        host.Networks.Publish("giving", [.. host.Containers.Get("giving").Port, new PortMapping { HostPort = 8411, ContainerPort = 80 }]);
        Assert.StartsWith("it", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8410));
        Assert.StartsWith("it", NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8411));

        Assert.Empty(host.Networks.Publish("giving", []).Port);
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8410, 300));
        await host.StartAsync("taking", Publish(new PortMapping { HostPort = 8410, ContainerPort = 80, Count = 2 }));
        Assert.Equal("PortInUse", Code(() => host.Networks.Publish("giving", [new PortMapping { HostPort = 8411, ContainerPort = 80 }])));
    }

    [Fact]
    public async Task Without_a_network_no_port_leads_to_a_container()
    {
        host.Networks.Create(new NetworkSpec { Name = "leaving" });
        await host.StartAsync("lonely", spec => On("leaving")(spec) with { Ports = [new PortMapping { HostPort = 8420, ContainerPort = 80 }] }, NetworkFixture.Serve(80, "it"));
        Assert.StartsWith("it", await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 8420));

        host.Networks.Disconnect("lonely", "leaving");

        Assert.Empty(host.Containers.Get("lonely").Port);
        Assert.Null(NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, 8420, 300));
        host.Networks.Connect("lonely", new NetworkAttachment { Name = "leaving" });
        Assert.StartsWith("it", await NetworkFixture.FetchSoonAsync(host.Neighbour, NetworkFixture.HostAddress, 8420));
    }

    [Fact]
    public void A_port_that_is_the_containers_own_is_not_in_its_way()
    {
        var all = new HostPort(PortProtocol.Tcp, IPAddress.Any, 8430, 3, 80);
        using var held = host.Host.Namespace.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 8431));
            socket.Listen();
            return socket;
        });
        (HostPort Port, int Number, SocketError Error)? Taken(params HostPort[] own) => host.Host.Namespace.Run(() => PortProbe.FindTaken([all], own));

        Assert.Equal((all, 8431, SocketError.AddressAlreadyInUse), Taken());
        Assert.Equal((all, 8431, SocketError.AddressAlreadyInUse), Taken(all with { Port = 8430, Count = 1 }));
        Assert.Null(Taken(all with { Port = 8431, Count = 1 }));
    }

    [Fact]
    public async Task A_mapping_without_an_address_takes_the_default_bind_address()
    {
        host.Engine.Change(new EngineChange { DefaultBindAddress = "127.0.0.1" });
        try
        {
            var web = await host.StartAsync("private", Publish(new PortMapping { ContainerPort = 80 }), NetworkFixture.Serve(80, "only here"));
            Assert.Equal("127.0.0.1", web.Port[0].HostAddress);
            Assert.StartsWith("only here", await NetworkFixture.FetchSoonAsync(host.Host.Namespace, "127.0.0.1", web.Port[0].HostPort));
            Assert.Null(NetworkFixture.Fetch(host.Neighbour, NetworkFixture.HostAddress, web.Port[0].HostPort, 300));
        }
        finally
        {
            host.Engine.Change(new EngineChange { DefaultBindAddress = "" });
        }
    }

    [Theory]
    [InlineData(0, 0, 1, null)]
    [InlineData(80, 65536, 1, null)]
    [InlineData(65535, 80, 2, null)]
    [InlineData(80, 80, 0, null)]
    [InlineData(80, 80, 1, "999.1.1.1")]
    [InlineData(80, 80, 1, "localhost")]
    public void Ports_that_cannot_be_are_refused(int containerPort, int hostPort, int count, string? address) => Assert.Equal(
        "InvalidPort",
        Code(() => host.Containers.Create(new ContainerSpec { Image = NetworkFixture.Image, Ports = [new PortMapping { ContainerPort = containerPort, HostPort = hostPort, Count = count, HostAddress = address }] })));

    private static Func<ContainerSpec, ContainerSpec> Publish(params PortMapping[] ports) => spec => spec with { Ports = ports };

    private async Task<string?> AskAsync(string address, int port)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var answer = host.Neighbour.Run(() =>
            {
                using var socket = new Socket(IPAddress.Parse(address).AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 200 };
                try
                {
                    socket.Connect(IPAddress.Parse(address), port);
                    socket.Send("ping"u8);
                    var buffer = new byte[16];
                    return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
                }
                catch (SocketException)
                {
                    return null;
                }
            });
            if (answer is not null)
            {
                return answer;
            }

            await Task.Delay(20, Token);
        }

        return null;
    }
}
