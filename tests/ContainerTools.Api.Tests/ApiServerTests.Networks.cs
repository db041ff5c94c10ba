using System.Net;
using System.Text.Json;

namespace ContainerTools.Api.Tests;

public sealed partial class ApiServerTests
{
    [Fact]
    public async Task A_running_container_has_ports_each_by_itself()
    {
        var (_, all) = await Get("v1.43/containers/json?all=1");
        var ports = all[0].GetProperty("Ports").EnumerateArray()
            .Select(port => $"{port.GetProperty("IP")} {port.GetProperty("PublicPort")} {port.GetProperty("PrivatePort")} {port.GetProperty("Type")}");

        Assert.Equal(["127.0.0.1 8080 80 tcp", "0.0.0.0 5000 53 udp", ":: 5000 53 udp", "0.0.0.0 5001 54 udp", ":: 5001 54 udp"], ports);
        Assert.Equal(0, all[1].GetProperty("Ports").GetArrayLength());
    }

    [Fact]
    public async Task A_container_has_its_networks_with_addresses_while_it_runs()
    {
        var (_, all) = await Get("v1.43/containers/json?all=1");
        var running = all[0].GetProperty("NetworkSettings").GetProperty("Networks").GetProperty("shop");
        var ended = all[1].GetProperty("NetworkSettings").GetProperty("Networks").GetProperty("shop");

        Assert.Equal("shop", all[0].GetProperty("HostConfig").GetProperty("NetworkMode").GetString());
        Assert.Equal(("10.89.4.2", 24, "10.89.4.1"), (Text(running, "IPAddress"), running.GetProperty("IPPrefixLen").GetInt32(), Text(running, "Gateway")));
        Assert.Equal(("fd00:4::2", 64, "fd00:4::1"), (Text(running, "GlobalIPv6Address"), running.GetProperty("GlobalIPv6PrefixLen").GetInt32(), Text(running, "IPv6Gateway")));
        Assert.Equal(("02:42:0a:59:04:02", new string('5', 64)), (Text(running, "MacAddress"), Text(running, "NetworkID")));
        Assert.Equal("www", running.GetProperty("Aliases")[0].GetString());
        Assert.Equal(64, Text(running, "EndpointID").Length);
        Assert.Equal(("", "", ""), (Text(ended, "IPAddress"), Text(ended, "EndpointID"), Text(ended, "Gateway")));
    }

    [Fact]
    public async Task A_network_is_told_in_the_apis_words()
    {
        var (status, shop) = await Get("v1.43/networks/shop");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("shop", "bridge", "local"), (Text(shop, "Name"), Text(shop, "Driver"), Text(shop, "Scope")));
        Assert.True(shop.GetProperty("EnableIPv4").GetBoolean() && shop.GetProperty("EnableIPv6").GetBoolean());
        var ipam = shop.GetProperty("IPAM").GetProperty("Config");
        Assert.Equal(("10.89.4.0/24", "10.89.4.1", "10.89.4.128/25"), (Text(ipam[0], "Subnet"), Text(ipam[0], "Gateway"), Text(ipam[0], "IPRange")));
        Assert.Equal("10.89.4.200", ipam[0].GetProperty("AuxiliaryAddresses").GetProperty("reserved0").GetString());
        Assert.Equal("", Text(ipam[1], "IPRange"));
        var member = Assert.Single(shop.GetProperty("Containers").EnumerateObject());
        Assert.Equal(new string('w', 64), member.Name);
        Assert.Equal(("web", "10.89.4.2/24", "fd00:4::2/64"), (Text(member.Value, "Name"), Text(member.Value, "IPv4Address"), Text(member.Value, "IPv6Address")));
        Assert.Equal("1400", Text(shop.GetProperty("Options"), "com.docker.network.driver.mtu"));
        Assert.Equal("nat-unprotected", Text(shop.GetProperty("Options"), "com.docker.network.bridge.gateway_mode_ipv4"));
        Assert.Equal(("50", "red"), (Text(shop.GetProperty("Options"), "vlan"), Text(shop.GetProperty("Options"), "vrf")));
        Assert.Equal("front", Text(shop.GetProperty("Labels"), "tier"));
    }

    [Theory]
    [InlineData("", "shop lan")]
    [InlineData("{\"name\":[\"sho\"]}", "shop")]
    [InlineData("{\"driver\":{\"macvlan\":true}}", "lan")]
    [InlineData("{\"id\":[\"5555\"]}", "shop")]
    [InlineData("{\"label\":[\"tier=front\"]}", "shop")]
    [InlineData("{\"label\":[\"tier=back\"]}", "")]
    public async Task Networks_are_listed_and_filtered(string filters, string names)
    {
        var (_, list) = await Get("networks" + (filters.Length == 0 ? "" : "?filters=" + Uri.EscapeDataString(filters)));

        Assert.Equal(names, string.Join(' ', list.EnumerateArray().Select(network => Text(network, "Name"))));
    }

    [Theory]
    [InlineData("networks?filters=%7B%22dangling%22%3A%5B%22true%22%5D%7D", HttpStatusCode.BadRequest)]
    [InlineData("networks/ghost", HttpStatusCode.NotFound)]
    public async Task What_is_no_network_is_said(string path, HttpStatusCode expected)
    {
        var (status, body) = await Get(path);

        Assert.Equal(expected, status);
        Assert.False(string.IsNullOrEmpty(Text(body, "message")));
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    private static NetworkEndpoint Endpoint(string container, bool active) => new()
    {
        Network = "shop",
        NetworkId = new string('5', 64),
        Container = container,
        ContainerId = new string(container[0], 64),
        Active = active,
        IPAddress = "10.89.4.2",
        IPv6Address = "fd00:4::2",
        Address = ["10.89.4.2", "fd00:4::2"],
        MacAddress = "02:42:0a:59:04:02",
        Alias = ["www"],
    };

    private static ContainerNetwork Shop() => new()
    {
        Id = new string('5', 64),
        Name = "shop",
        Subnet =
        [
            new NetworkSubnet { Subnet = "10.89.4.0/24", Gateway = "10.89.4.1", IPRange = "10.89.4.128/25", ReservedAddress = ["10.89.4.200"] },
            new NetworkSubnet { Subnet = "fd00:4::/64", Gateway = "fd00:4::1", IPRange = "fd00:4::/64" },
        ],
        Endpoint = [Endpoint("web", active: true), Endpoint("job", active: false)],
        InterfaceName = "ct-555555555555",
        Labels = new Dictionary<string, string> { ["tier"] = "front" },
        Spec = new NetworkSpec { Name = "shop", Mtu = 1400, GatewayMode = GatewayMode.NatUnprotected, Vlan = 50, Vrf = "red" },
    };

    private static ContainerNetwork Lan() => new()
    {
        Id = new string('6', 64),
        Name = "lan",
        Driver = NetworkDriver.Macvlan,
        InterfaceName = "eth9",
        Spec = new NetworkSpec { Name = "lan", Driver = NetworkDriver.Macvlan, Parent = "eth9" },
    };
}
