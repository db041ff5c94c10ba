namespace ContainerTools.Cmdlets.Tests;

/// <summary>The parameters of cmdlets that make containers, as a user writes them.</summary>
public sealed class NetworkParameterTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("-Network shop", "shop")]
    [InlineData("-Network shop, back", "shop back")]
    [InlineData("-Network none", "none")]
    [InlineData("-Network container:db", "container:db")]
    [InlineData("-Network ns:/run/netns/x", "ns:/run/netns/x")]
    [InlineData("-Network (Get-ContainerNetwork front)", "front")]
    [InlineData("-Network @{ Name = 'shop' }, back", "shop back")]
    [InlineData("-Network ([PSCustomObject]@{ Name = 'shop' })", "shop")]
    public void Networks_are_taken_in_every_form(string parameters, string names)
    {
        _session.Networks.Add("front");

        var outcome = _session.Run($"$null = New-Container img {parameters}");

        Assert.Empty(outcome.Errors);
        Assert.Equal(names, string.Join(' ', _session.Containers.LastSpec!.Networks));
    }

    [Fact]
    public void A_hashtable_says_how()
    {
        _session.Run("""
            $null = New-Container img -Network @{ Name = 'shop'; IPAddress = '10.89.4.9'; IPv6Address = 'fd00::9'; Alias = 'a', 'b'; MacAddress = '02:42:0a:59:04:09'; InterfaceName = 'lan0'; Priority = 5 }
            """);

        var network = Assert.Single(_session.Containers.LastSpec!.Networks);
        Assert.Equal(("shop", "10.89.4.9", "fd00::9", "02:42:0a:59:04:09", "lan0", 5), (network.Name, network.IPAddress, network.IPv6Address, network.MacAddress, network.InterfaceName, network.Priority));
        Assert.Equal(["a", "b"], network.Alias);
    }

    [Theory]
    [InlineData("-Network @{ Name = 'shop'; Adress = 'x' }", "'Adress' is not known of a network of a container; known are Name, IPAddress, IPv6Address, Alias, MacAddress, InterfaceName, Priority.")]
    [InlineData("-Network @{ IPAddress = '10.0.0.1' }", "needs the key Name")]
    [InlineData("-Network @{ Name = 'shop'; Priority = 'first' }", "Priority = 'first'")]
    [InlineData("-Network 'shop:ip=10.0.0.1'", "'shop:ip=10.0.0.1' is no network")]
    [InlineData("-Network ns:relative", "'ns:relative' is no network")]
    [InlineData("-Network container:", "'container:' is no network")]
    [InlineData("-Publish 70000:80", "70000 is no port")]
    [InlineData("-ExtraHost db", "'db' has no value")]
    public void What_is_wrong_is_said(string parameters, string reason)
    {
        var outcome = _session.Run($"New-Container img {parameters}");

        Assert.Equal("ParameterArgumentTransformationError,ContainerTools.Cmdlets.NewContainerCmdlet", outcome.ErrorId);
        Assert.Contains(reason, outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Network shop -IPAddress 10.89.4.9 -IPv6Address fd00::9 -MacAddress 02:42:0a:59:04:09 -NetworkAlias a, b", "shop")]
    [InlineData("-IPAddress 10.89.4.9 -IPv6Address fd00::9 -MacAddress 02:42:0a:59:04:09 -NetworkAlias a, b", "default")]
    [InlineData("-Network @{ Name = 'shop'; IPAddress = '10.89.4.9'; Alias = 'a' } -IPAddress 10.89.4.9 -IPv6Address fd00::9 -MacAddress 02:42:0a:59:04:09 -NetworkAlias b", "shop")]
    public void Of_one_network_it_can_be_said_beside(string parameters, string name)
    {
        var outcome = _session.Run($"$null = New-Container img {parameters}");

        Assert.Empty(outcome.Errors);
        var network = Assert.Single(_session.Containers.LastSpec!.Networks);
        Assert.Equal((name, "10.89.4.9", "fd00::9", "02:42:0a:59:04:09"), (network.Name, network.IPAddress, network.IPv6Address, network.MacAddress));
        Assert.Equal(["a", "b"], network.Alias);
    }

    [Theory]
    [InlineData("-Network shop, back -IPAddress 10.89.4.9", "NetworkOptionAmbiguous")]
    [InlineData("-Network shop, back -NetworkAlias a", "NetworkOptionAmbiguous")]
    [InlineData("-Network @{ Name = 'shop'; IPAddress = '10.89.4.8' } -IPAddress 10.89.4.9", "NetworkOptionTwice")]
    public void Of_several_networks_it_must_be_said_of_each(string parameters, string code)
    {
        var outcome = _session.Run($"New-Container img {parameters}");

        Assert.Equal($"{code},ContainerTools.Cmdlets.NewContainerCmdlet", outcome.ErrorId);
        Assert.Null(_session.Containers.LastSpec);
    }

    [Theory]
    [InlineData("Start-Container shop/web -Name web -Network shop -Publish 127.0.0.1:8080:80, 5353:53/udp", "127.0.0.1:8080:80/tcp 5353:53/udp")]
    [InlineData("Invoke-Container shop/web -Publish [::1]:8080:80, 3000-3005:3000-3005 id -p", "[::1]:8080:80/tcp 3000-3005:3000-3005/tcp")]
    [InlineData("New-Container shop/web -Publish 80, 443", "80/tcp 443/tcp")]
    [InlineData("New-Container shop/web -Publish (Get-ContainerPort)", "8080:80/tcp")]
    public void Ports_need_no_quotes(string script, string ports)
    {
        _session.Containers.All.Add(_session.Containers.Add("other") with { Port = [new PortMapping { HostPort = 8080, ContainerPort = 80 }] });

        var outcome = _session.Run($"$null = {script}");

        Assert.Empty(outcome.Errors);
        Assert.Equal(ports, string.Join(' ', _session.Containers.LastSpec!.Ports));
        Assert.All(_session.Containers.LastSpec.Ports, port => Assert.Null(port.Container));
    }

    [Fact]
    public void An_empty_search_list_is_not_none_given()
    {
        _session.Run("$null = New-Container img -DnsSearch @()");

        Assert.Empty(_session.Containers.LastSpec!.DnsSearch!);
    }

    [Theory]
    [InlineData("New-Container img -Network sh", "shop")]
    [InlineData("New-Container img -Network ho", "host")]
    [InlineData("New-Container img -Network container:d", "container:db")]
    [InlineData("Remove-ContainerNetwork s", "shop")]
    [InlineData("Connect-ContainerNetwork shop d", "db")]
    [InlineData("Remove-ContainerNetworkPolicy d", "deny-all")]
    [InlineData("New-ContainerNetwork x -Option com.docker.network.driver.", "'com.docker.network.driver.mtu='")]
    [InlineData("New-ContainerNetwork x -GatewayMode Natu", "NatUnprotected")]
    public void Values_complete(string typed, string completion)
    {
        _session.Containers.Add("db");
        _session.Networks.Add("shop");
        _session.Networks.Policies.Add(new NetworkPolicy { Name = "deny-all" });

        Assert.Contains(completion, _session.Complete(typed));
    }
}
