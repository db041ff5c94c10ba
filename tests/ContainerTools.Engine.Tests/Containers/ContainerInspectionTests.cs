using System.Text.Json;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Networks.Addresses;

namespace ContainerTools.Engine.Tests.Containers;

public class ContainerInspectionTests
{
    private static readonly string Network = new('5', 64);

    [Fact]
    public void Ports_that_lead_to_a_container_stand_each_by_itself()
    {
        var settings = Inspect(ContainerState.Running).GetProperty("NetworkSettings").GetProperty("Ports");

        Assert.Equal(["80/tcp", "53/udp", "54/udp"], settings.EnumerateObject().Select(port => port.Name));
        Assert.Equal("""[{"HostIp":"127.0.0.1","HostPort":"8080"},{"HostIp":"127.0.0.1","HostPort":"8081"}]""", Compact(settings.GetProperty("80/tcp")));
        Assert.Equal("""[{"HostIp":"0.0.0.0","HostPort":"5001"},{"HostIp":"::","HostPort":"5001"}]""", Compact(settings.GetProperty("54/udp")));
    }

    [Fact]
    public void Ports_asked_for_are_there_before_the_start_and_lead_nowhere()
    {
        var inspection = Inspect(ContainerState.Created);

        Assert.Equal("""{"443/tcp":[{"HostIp":"","HostPort":""}]}""", Compact(inspection.GetProperty("HostConfig").GetProperty("PortBindings")));
        Assert.Empty(inspection.GetProperty("NetworkSettings").GetProperty("Ports").EnumerateObject());
    }

    [Theory]
    [InlineData(ContainerState.Running, "10.89.4.2/24 10.89.4.1 fd00:4::2/64 fd00:4::1 02:42:0a:59:04:02")]
    [InlineData(ContainerState.Exited, "/0  /0  ")]
    public void Addresses_are_those_of_a_running_container(ContainerState state, string expected)
    {
        var settings = Inspect(state).GetProperty("NetworkSettings");
        var shop = settings.GetProperty("Networks").GetProperty("shop");

        Assert.Equal(expected, Addresses(shop));
        Assert.Equal(expected, Addresses(settings));
        Assert.Equal((Network, """["www"]"""), (shop.GetProperty("NetworkID").GetString(), Compact(shop.GetProperty("Aliases"))));
        Assert.Equal($"""["web","www","{new string('c', 12)}"]""", Compact(shop.GetProperty("DNSNames")));
    }

    private static JsonElement Inspect(ContainerState state)
    {
        var id = new string('c', 64);
        var container = new Container
        {
            Id = id,
            Name = "web",
            Image = "base",
            ImageId = "sha256:aa",
            State = state,
            Command = ["sleep"],
            Labels = new Dictionary<string, string>(),
            Network = ["shop"],
            Endpoint =
            [
                new NetworkEndpoint
                {
                    Network = "shop", NetworkId = Network, Container = "web", ContainerId = id, Active = state == ContainerState.Running, IPAddress = "10.89.4.2", IPv6Address = "fd00:4::2",
                    MacAddress = "02:42:0a:59:04:02", Alias = ["www"],
                },
            ],
            Port =
            [
                new PortMapping { HostAddress = "127.0.0.1", HostPort = 8080, ContainerPort = 80 },
                new PortMapping { HostAddress = "127.0.0.1", HostPort = 8081, ContainerPort = 80 },
                new PortMapping { HostPort = 5000, ContainerPort = 53, Count = 2, Protocol = PortProtocol.Udp },
            ],
            Spec = new ContainerSpec { Image = "base", Ports = [new PortMapping { ContainerPort = 443 }] },
        };
        var shop = new NetworkRecord(Network, DateTimeOffset.UnixEpoch, new NetworkSpec { Name = "shop" }, [Subnet.Create("10.89.4.0/24"), Subnet.Create("fd00:4::/64")]);
        using var document = JsonDocument.Parse(ContainerInspection.ToJson(container, new Dictionary<string, NetworkRecord> { [Network] = shop }));
        return document.RootElement.Clone();
    }

    private static string Addresses(JsonElement settings) => string.Join(
        ' ',
        $"{settings.GetProperty("IPAddress")}/{settings.GetProperty("IPPrefixLen")}",
        settings.GetProperty("Gateway"),
        $"{settings.GetProperty("GlobalIPv6Address")}/{settings.GetProperty("GlobalIPv6PrefixLen")}",
        settings.GetProperty("IPv6Gateway"),
        settings.GetProperty("MacAddress"));

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
