using System.Net;
using System.Text;
using ContainerTools.Linux.Firewall;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Tests.Names;

namespace ContainerTools.Runtime.Tests.Monitoring;

/// <summary>What a monitor takes away at the end, and what it does when its description changes.</summary>
public sealed class MonitoredNetworkTests
{
    [Theory]
    [InlineData("sleep", 137)]
    [InlineData("nosuch", 127)]
    public void The_end_takes_away_names_ports_and_namespace(string command, int exitCode)
    {
        using var container = new NamedContainer(command, "600");
        var files = new[] { container.Write("shop", "c1", "address 10.89.4.2", "name web"), container.Write("back", "c1", "address 10.89.5.2", "name web") };
        var other = container.Write("shop", "c2", "address 10.89.4.3", "name db");
        var ports = Ports(container, 8080, 8081);
        container.Bundle.Network = container.Bundle.Network! with
        {
            NameFiles = [.. files, "/nowhere/c1"],
            FirewallRemoval = FirewallPlanner.Removal(FirewallTable.DefaultName, ports).ToBatch().ToBytes(),
            Ports = [new HeldPort { Protocol = "tcp", Address = "0.0.0.0", Port = 8080 }],
        };
        var first = container.Start();
        Assert.Equal(exitCode == 127 ? "error" : "started", first.Kind);
        Assert.Null(container.Stop()?.Message);
        Assert.Equal(exitCode, container.Bundle.Exit!.ExitCode);
        Assert.All(files, file => Assert.False(File.Exists(file)));
        Assert.True(File.Exists(other));
        Assert.False(container.IsPinned);
        Assert.False(File.Exists(container.Bundle.NetworkPath));
        var rules = Rules(container);
        Assert.DoesNotContain("8080", rules, StringComparison.Ordinal);
        Assert.Contains("8081", rules, StringComparison.Ordinal);
        container.Bundle.AssertNothingLeft();
    }

    [Fact]
    public void What_is_gone_already_is_no_hindrance_and_what_fails_is_told()
    {
        using var container = new NamedContainer();
        var directory = Directory.CreateDirectory(Path.Combine(container.Bundle.DirectoryPath, "directory")).FullName;
        var file = container.Write("shop", "c1", "name web");
        container.Bundle.Network = container.Bundle.Network! with
        {
            NameFiles = [directory, file],
            FirewallRemoval = FirewallPlanner.Removal(FirewallTable.DefaultName, Ports(container, 8080, 8081)).ToBatch().ToBytes(),
        };
        container.Run();
        container.Host.Run(() => Nftables.Open().Run("flush ruleset"));
        Assert.Contains("unlink", container.Stop()!.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        Assert.False(container.IsPinned);
        Assert.True(File.Exists(container.Bundle.NetworkPath));
    }

    [Fact]
    public void A_new_description_is_carried_out_and_replied_to()
    {
        using var container = new NamedContainer();
        container.Write("shop", "c1", "address 10.89.4.2", "name web");
        container.Write("back", "c1", "address 10.89.5.9", "name cache");
        using var server = new FakeServer(container.Host, "127.0.0.1", (query, _) => [query.Answer(0, "192.0.2.1")]);
        container.Run();
        Assert.Empty(container.Dig("cache"));
        Assert.Empty(container.Dig("example.com"));

        var both = container.Bundle.Network! with { Names = new MonitorNames { Networks = [container.Network("shop"), container.Network("back")], Servers = ["127.0.0.1"] } };
        Assert.Equal("applied", container.Reload(both).Kind);
        Assert.Equal(["10.89.5.9"], container.Dig("cache"));
        Assert.Equal(["10.89.4.2"], container.Dig("web"));
        Assert.Equal(["192.0.2.1"], container.Dig("example.com"));

        Assert.Equal("applied", container.Reload(both with { Names = null }).Kind);
        Assert.Empty(container.Dig("web"));
        Assert.Empty(container.Dig("example.com"));
    }

    [Fact]
    public void Names_may_come_later()
    {
        using var container = new NamedContainer();
        container.Write("shop", "c1", "address 10.89.4.2", "name web");
        var named = container.Bundle.Network!;
        container.Bundle.Network = named with { Names = null };
        container.Run();
        Assert.Contains("refused", container.Execute("dig +time=1 +tries=1 web"), StringComparison.Ordinal);
        Assert.Equal("applied", container.Reload(named).Kind);
        Assert.Equal(["10.89.4.2"], container.Dig("web"));
    }

    [Fact]
    public void A_description_that_cannot_be_carried_out_changes_nothing()
    {
        using var container = new NamedContainer();
        container.Write("shop", "c1", "address 10.89.4.2", "name web");
        container.Run();
        var reply = container.Reload(Encoding.UTF8.GetBytes("{"));
        Assert.Equal(("error", "ContainerStartFailed"), (reply.Kind, reply.Code));
        var network = container.Bundle.Network!;
        reply = container.Reload(network with { Names = null, NameFiles = ["/x"], Forwards = [new ForwardedPort { Protocol = "icmp", Address = "::1", Port = 1, TargetAddress = "::1", TargetPort = 1 }] });
        Assert.Contains("icmp", reply.Message, StringComparison.Ordinal);
        Assert.Equal(["10.89.4.2"], container.Dig("web"));
        Assert.Null(container.Stop()!.Message);
        Assert.False(container.IsPinned);
    }

    private static FirewallHost Ports(NamedContainer container, params ushort[] ports)
    {
        var networks = ports.Select(port => new FirewallHost
        {
            Networks = [new FirewallNetwork { Bridge = "ct-0", Subnets = [IPNetwork.Parse("10.89.4.0/24")], Ports = [new PublishedPort { Protocol = TransportProtocol.Tcp, HostAddress = IPAddress.Any, HostPort = port, ContainerAddress = IPAddress.Parse("10.89.4.2"), ContainerPort = port }] }],
        }).ToArray();
        using var firewall = new NetworkFirewall(Nftables.Open(), container.Host);
        firewall.Establish(new FirewallHost { Networks = [networks[0].Networks[0] with { Ports = [.. networks.SelectMany(host => host.Networks[0].Ports)] }] });
        return networks[0];
    }

    private static string Rules(NamedContainer container) => container.Host.Run(() => Nftables.Open().Run("list ruleset"));
}
