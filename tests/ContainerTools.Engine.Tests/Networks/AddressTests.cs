using System.Net;
using ContainerTools.Engine.Networks.Addresses;

namespace ContainerTools.Engine.Tests.Networks;

public sealed class AddressTests
{
    private static readonly HashSet<IPAddress> s_none = [];

    [Theory]
    [InlineData("10.89.4.0/24", "10.89.4.1")]
    [InlineData("192.0.2.8/30", "192.0.2.9")]
    [InlineData("fd00:1::/64", "fd00:1::1")]
    public void The_gateway_is_the_first_address_unless_another_is_named(string subnet, string gateway)
    {
        Assert.Equal(IPAddress.Parse(gateway), Subnet.Create(subnet).Gateway);
    }

    [Theory]
    [InlineData("10.89.4.7/24", "InvalidSubnet", "'10.89.4.0/24' is the subnet")]
    [InlineData("fd00::1/64", "InvalidSubnet", "'fd00::/64' is the subnet")]
    [InlineData("10.89.4.0", "InvalidSubnet", "address/prefix length")]
    [InlineData("10.89.4.0/33", "InvalidSubnet", "address/prefix length")]
    [InlineData("10.89.4.0/31", "InvalidSubnet", "from 1 to 30")]
    [InlineData("0.0.0.0/0", "InvalidSubnet", "from 1 to 30")]
    [InlineData("127.0.0.0/8", "InvalidSubnet", "loopback")]
    [InlineData("224.0.0.0/8", "InvalidSubnet", "multicast")]
    [InlineData("ff00::/64", "InvalidSubnet", "multicast")]
    public void What_cannot_be_a_subnet_is_refused_with_the_reason(string subnet, string code, string reason)
    {
        var error = Assert.Throws<ContainerToolsException>(() => Subnet.Create(subnet));
        Assert.Equal(code, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.89.5.1", null, null, "InvalidGateway")]
    [InlineData("10.89.4.0", null, null, "InvalidGateway")]
    [InlineData("10.89.4.255", null, null, "InvalidGateway")]
    [InlineData("gateway", null, null, "InvalidGateway")]
    [InlineData(null, "10.89.0.0/16", null, "InvalidAddressRange")]
    [InlineData(null, "fd00::/80", null, "InvalidAddressRange")]
    [InlineData(null, null, "10.0.0.1", "InvalidReservedAddress")]
    public void Parts_must_fit_the_subnet(string? gateway, string? range, string? reserved, string code)
    {
        var error = Assert.Throws<ContainerToolsException>(() => Subnet.Create("10.89.4.0/24", gateway, range, reserved is null ? null : [reserved]));
        Assert.Equal(code, error.Code);
    }

    [Fact]
    public void A_subnet_is_given_out_to_its_last_address_and_nothing_twice()
    {
        var subnet = Subnet.Create("10.0.0.0/28", "10.0.0.14", null, ["10.0.0.3"]);
        var taken = new HashSet<IPAddress>();
        IPAddress? last = null;
        while (AddressAllocation.Next(subnet, taken, last) is { } next)
        {
            Assert.True(taken.Add(next));
            last = next;
        }

        Assert.Equal(12, taken.Count);
        Assert.DoesNotContain(IPAddress.Parse("10.0.0.0"), taken);
        Assert.DoesNotContain(IPAddress.Parse("10.0.0.3"), taken);
        Assert.DoesNotContain(IPAddress.Parse("10.0.0.14"), taken);
        Assert.DoesNotContain(IPAddress.Parse("10.0.0.15"), taken);
    }

    [Fact]
    public void What_was_given_back_is_used_again_as_late_as_can_be()
    {
        var subnet = Subnet.Create("10.0.0.0/29");
        Assert.Equal("10.0.0.2", AddressAllocation.Next(subnet, s_none, null)!.ToString());
        Assert.Equal("10.0.0.3", AddressAllocation.Next(subnet, s_none, IPAddress.Parse("10.0.0.2"))!.ToString());
        Assert.Equal("10.0.0.2", AddressAllocation.Next(subnet, s_none, IPAddress.Parse("10.0.0.6"))!.ToString());
    }

    [Fact]
    public void Addresses_come_from_the_range_and_a_chosen_one_from_the_whole_subnet()
    {
        var subnet = Subnet.Create("10.0.0.0/24", null, "10.0.0.64/30");
        string[] given = ["10.0.0.64", "10.0.0.65", "10.0.0.66", "10.0.0.67"];
        var taken = given.Select(IPAddress.Parse).ToHashSet();
        Assert.Equal(given[0], AddressAllocation.Next(subnet, s_none, null)!.ToString());
        Assert.Null(AddressAllocation.Next(subnet, taken, null));
        Assert.Same(subnet, AddressAllocation.Require([subnet], IPAddress.Parse("10.0.0.9"), taken, "shop"));
    }

    [Fact]
    public void The_end_of_the_IPv6_space_is_no_trap()
    {
        var subnet = Subnet.Create("fdff:ffff:ffff:ffff:ffff:ffff:ffff:fffc/126");
        var taken = new HashSet<IPAddress> { IPAddress.Parse("fdff:ffff:ffff:ffff:ffff:ffff:ffff:fffe") };
        Assert.Equal("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", AddressAllocation.Next(subnet, taken, null)!.ToString());
    }

    [Theory]
    [InlineData("10.0.0.1", "AddressNotAssignable", "gateway")]
    [InlineData("10.0.0.255", "AddressNotAssignable", "broadcast")]
    [InlineData("10.0.1.1", "AddressNotAssignable", "'shop' has 10.0.0.0/24")]
    [InlineData("10.0.0.7", "AddressInUse", "'shop'")]
    public void A_chosen_address_that_cannot_be_given_is_refused(string address, string code, string reason)
    {
        var error = Assert.Throws<ContainerToolsException>(() =>
            AddressAllocation.Require([Subnet.Create("10.0.0.0/24")], IPAddress.Parse(address), new HashSet<IPAddress> { IPAddress.Parse("10.0.0.7") }, "shop"));
        Assert.Equal(code, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "10.176.0.0/24")]
    [InlineData("10.176.0.0/24", "10.176.1.0/24")]
    [InlineData("10.176.0.128/25 10.176.1.0/24", "10.176.2.0/24")]
    [InlineData("10.176.0.0/14", "10.180.0.0/24")]
    [InlineData("10.0.0.0/8", "172.28.0.0/24")]
    [InlineData("0.0.0.0/1 172.28.0.0/15", "172.30.0.0/24")]
    public void A_network_without_a_subnet_gets_one_that_clashes_with_nothing(string taken, string expected)
    {
        var networks = taken.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => IPNetwork.Parse(text)).ToList();
        Assert.Equal(expected, SubnetPool.FindFree(SubnetPool.Default, networks).ToString());
    }

    [Fact]
    public void When_nothing_is_free_the_error_says_what_to_do()
    {
        var error = Assert.Throws<ContainerToolsException>(() => SubnetPool.FindFree(SubnetPool.Default, [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12")]));
        Assert.Equal("AddressPoolExhausted", error.Code);
        Assert.Contains("-Subnet", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unique_local_prefix_gives_subnets_one_after_the_other()
    {
        var prefix = UniqueLocalAddresses.NewPrefix();
        Assert.Equal(48, prefix.PrefixLength);
        Assert.Equal(0xfd, prefix.BaseAddress.GetAddressBytes()[0]);
        Assert.NotEqual(prefix, UniqueLocalAddresses.NewPrefix());
        var first = UniqueLocalAddresses.FindFree(prefix, []);
        var second = UniqueLocalAddresses.FindFree(prefix, [first.Network]);
        Assert.Equal(64, first.Network.PrefixLength);
        Assert.Equal(first.Network.Last() + 1, second.Network.First());
    }

    [Fact]
    public void A_hardware_address_follows_from_the_address()
    {
        Assert.Equal("02420A590402", MacAddresses.For(IPAddress.Parse("10.89.4.2")).ToString());
        var random = MacAddresses.For(null);
        Assert.StartsWith("0242", random.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(random, MacAddresses.For(null));
    }

    [Theory]
    [InlineData("02:42:0a:59:04")]
    [InlineData("02:42:0a:59:04:2")]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("00:00:00:00:00:00")]
    [InlineData("0242.0a59.0402")]
    [InlineData("02:42:0a:59:04:zz")]
    public void A_hardware_address_that_is_none_is_refused(string text)
    {
        Assert.Equal("InvalidMacAddress", Assert.Throws<ContainerToolsException>(() => MacAddresses.Parse(text)).Code);
    }

    [Fact]
    public void Both_ways_of_writing_a_hardware_address_are_read()
    {
        Assert.Equal(MacAddresses.Parse("02:42:0A:59:04:02"), MacAddresses.Parse("02-42-0a-59-04-02"));
    }
}
