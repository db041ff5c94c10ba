using System.Net;
using ContainerTools.Engine.Networks;
using ContainerTools.Engine.Networks.Addresses;
using ContainerTools.Engine.Storage;
using ContainerTools.Engine.Tests.Storage;

namespace ContainerTools.Engine.Tests.Networks;

public sealed class NetworkStoreTests : IDisposable
{
    private readonly TestStore _store = new();
    private readonly NetworkStore _networks;

    public NetworkStoreTests()
    {
        _networks = new NetworkStore(_store.Catalog);
        _store.Catalog.Write(connection => connection.Execute("INSERT INTO images (id, manifest_digest, created, architecture, config) VALUES ('image', '', 0, '', '')"));
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_network_without_a_subnet_gets_one_of_each_family_that_clashes_with_nothing()
    {
        var first = Add("first", withIPv6: true, hostRoutes: [IPNetwork.Parse("10.176.0.0/16")]);
        var second = Add("second", withIPv6: true);

        Assert.Equal("10.177.0.0/24", first.Subnets[0].ToString());
        Assert.Equal("10.176.0.0/24", second.Subnets[0].ToString());
        Assert.StartsWith("fd", first.Subnets[1].ToString(), StringComparison.Ordinal);
        Assert.Equal(first.Subnets[1].Network.Last() + 1, second.Subnets[1].Network.First());
        Assert.Equal(["first", "second"], _networks.List().Select(network => network.Name));
    }

    [Fact]
    public void What_was_asked_for_comes_back_and_is_found_by_name_id_and_prefix()
    {
        var made = Add("shop", [Subnet.Create("10.89.4.0/24", "10.89.4.254", "10.89.4.128/25", ["10.89.4.200"])]);
        foreach (var key in (string[])["shop", made.Id, made.Id[..8]])
        {
            var found = _networks.Get(key);
            Assert.Equal((made.Id, made.Name, made.Created), (found.Id, found.Name, found.Created));
            var subnet = Assert.Single(found.Subnets);
            Assert.Equal(("10.89.4.0/24", "10.89.4.254", "10.89.4.128/25"), (subnet.ToString(), subnet.Gateway.ToString(), subnet.Range.ToString()));
            Assert.Equal([IPAddress.Parse("10.89.4.200")], subnet.Reserved);
        }

        Assert.Equal("NetworkNotFound", Code(() => _networks.Get("nothing")));
    }

    [Theory]
    [InlineData("shop", "10.1.0.0/24", "NetworkNameInUse")]
    [InlineData("other", "10.89.4.128/25", "SubnetInUse")]
    [InlineData("other", "10.0.0.0/8", "SubnetInUse")]
    [InlineData("other", "10.1.0.0/24 10.1.0.128/25", "SubnetInUse")]
    public void A_name_or_a_subnet_that_is_in_use_is_refused_and_nothing_is_made(string name, string subnets, string code)
    {
        Add("shop", [Subnet.Create("10.89.4.0/24")]);
        Assert.Equal(code, Code(() => Add(name, [.. subnets.Split(' ').Select(subnet => Subnet.Create(subnet))])));
        Assert.Single(_networks.List());
    }

    [Fact]
    public void A_stopped_container_keeps_its_addresses_and_a_removed_one_gives_them_back()
    {
        var network = Add("shop", withIPv6: true);
        var first = Connect("shop", Container("a"));
        Assert.Equal(["10.176.0.2", network.Subnets[1].Gateway.ToString()[..^1] + "2"], first.Addresses.Select(address => address.ToString()));
        Assert.Equal("02420AB00002", first.MacAddress.ToString());
        Assert.Equal("NetworkInUse", Code(() => _networks.Remove("shop")));
        var kept = Assert.Single(_networks.EndpointsOf(first.ContainerId));
        Assert.Equal(first.Addresses, kept.Addresses);
        Assert.Equal(first.MacAddress, kept.MacAddress);

        _store.Catalog.Write(connection => connection.Execute("DELETE FROM containers WHERE id = $id", ("$id", first.ContainerId)));

        Assert.Empty(_networks.EndpointsOf(network));
        Assert.Equal("10.176.0.3", Connect("shop", Container("b")).Addresses[0].ToString());
        Assert.True(_networks.Disconnect(network, Container("b")));
        Assert.False(_networks.Disconnect(network, Container("b")));
        _networks.Remove("shop");
        Assert.Empty(_networks.List());
    }

    [Fact]
    public void Chosen_addresses_are_given_once()
    {
        Add("shop");
        var wanted = IPAddress.Parse("10.176.0.77");
        const string mac = "02:00:00:00:00:07";
        Assert.Equal([wanted], Connect("shop", Container("a"), wanted, mac).Addresses);
        Assert.Equal("AddressInUse", Code(() => Connect("shop", Container("b"), wanted)));
        Assert.Equal("MacAddressInUse", Code(() => Connect("shop", Container("b"), null, mac)));
        Assert.Equal("AlreadyConnected", Code(() => Connect("shop", Container("a"))));
        Assert.Equal("AddressNotAssignable", Code(() => Connect("shop", Container("b"), IPAddress.Parse("192.0.2.1"))));
        Assert.Equal("ContainerNotFound", Code(() => Connect("shop", new string('f', 64))));
        Assert.Empty(_networks.EndpointsOf(Container("b")));
    }

    [Theory]
    [InlineData(NetworkDriver.Ipvlan, IpvlanMode.L3, MacvlanMode.Bridge, NetworkDriver.Ipvlan, IpvlanMode.L3, MacvlanMode.Bridge, true)]
    [InlineData(NetworkDriver.Ipvlan, IpvlanMode.L3, MacvlanMode.Bridge, NetworkDriver.Ipvlan, IpvlanMode.L2, MacvlanMode.Bridge, false)]
    [InlineData(NetworkDriver.Ipvlan, IpvlanMode.L2, MacvlanMode.Bridge, NetworkDriver.Macvlan, IpvlanMode.L2, MacvlanMode.Bridge, false)]
    [InlineData(NetworkDriver.Macvlan, IpvlanMode.L2, MacvlanMode.Bridge, NetworkDriver.Macvlan, IpvlanMode.L2, MacvlanMode.Private, true)]
    [InlineData(NetworkDriver.Macvlan, IpvlanMode.L2, MacvlanMode.Passthru, NetworkDriver.Macvlan, IpvlanMode.L2, MacvlanMode.Passthru, false)]
    public void Upon_one_link_are_networks_that_the_kernel_can_put_there_together(
        NetworkDriver driver, IpvlanMode ipvlan, MacvlanMode macvlan, NetworkDriver nextDriver, IpvlanMode nextIpvlan, MacvlanMode nextMacvlan, bool together)
    {
        var first = new NetworkSpec { Name = "first", Driver = driver, Parent = "lan0", IpvlanMode = ipvlan, MacvlanMode = macvlan };
        var next = new NetworkSpec { Name = "next", Driver = nextDriver, Parent = "lan0", IpvlanMode = nextIpvlan, MacvlanMode = nextMacvlan };
        Add(first);
        Assert.Equal(together ? null : "ParentInUse", Record.Exception(() => Add(next)) is ContainerToolsException error ? error.Code : null);
        Add(next with { Name = "elsewhere", Parent = "lan1" });
        Assert.Equal(together ? 3 : 2, _networks.List().Count);
    }

    [Theory]
    [InlineData(NetworkDriver.Ipvlan, MacvlanMode.Bridge, "MacAddressNotAssignable")]
    [InlineData(NetworkDriver.Macvlan, MacvlanMode.Passthru, "MacAddressNotAssignable")]
    [InlineData(NetworkDriver.Macvlan, MacvlanMode.Private, null)]
    public void No_hardware_address_is_given_where_containers_have_their_parents(NetworkDriver driver, MacvlanMode mode, string? code)
    {
        Add(new NetworkSpec { Name = "upon", Driver = driver, Parent = "lan0", MacvlanMode = mode });
        Assert.Equal(code, Record.Exception(() => Connect("upon", Container("a"), null, "02:00:00:00:00:07")) is ContainerToolsException error ? error.Code : null);
        Assert.Single(Connect("upon", Container("b")).Addresses);
    }

    [Fact]
    public void A_full_network_says_so()
    {
        Add("small", [Subnet.Create("10.1.0.0/30")]);
        Connect("small", Container("a"));
        Assert.Equal("NetworkFull", Code(() => Connect("small", Container("b"))));
    }

    [Fact]
    public async Task Fifty_at_once_get_fifty_addresses()
    {
        var network = Add("shop");
        var containers = Enumerable.Range(0, 50).Select(number => Container($"c{number:d2}")).ToList();
        await Parallel.ForEachAsync(containers, TestContext.Current.CancellationToken, async (container, _) =>
        {
            await Task.Yield();
            using var other = new Catalog(_store.Paths.Catalog);
            new NetworkStore(other).Connect(container, new NetworkAttachment { Name = "shop" });
        });
        Assert.Equal(50, _networks.EndpointsOf(network).SelectMany(endpoint => endpoint.Addresses).Distinct().Count());
    }

    private NetworkRecord Add(string name, IReadOnlyList<Subnet>? subnets = null, bool withIPv6 = false, IReadOnlyCollection<IPNetwork>? hostRoutes = null) =>
        _networks.Add(new NetworkSpec { Name = name }, subnets ?? [], withIPv6, SubnetPool.Default, hostRoutes ?? []);

    private void Add(NetworkSpec spec) => _networks.Add(spec, [], withIPv6: false, SubnetPool.Default, []);

    private EndpointRecord Connect(string network, string container, IPAddress? address = null, string? mac = null) =>
        _networks.Connect(container, new NetworkAttachment { Name = network, IPAddress = address?.ToString(), MacAddress = mac });

    private string Container(string name)
    {
        var id = name.PadRight(64, '0');
        _store.Catalog.Write(connection => connection.Execute("INSERT OR IGNORE INTO containers (id, name, image_id, created, spec) VALUES ($id, $name, 'image', 0, '{}')", ("$id", id), ("$name", name)));
        return id;
    }

    private static string Code(Action action) => Assert.Throws<ContainerToolsException>(action).Code;
}
