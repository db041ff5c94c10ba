namespace ContainerTools.Cmdlets.Tests;

public sealed class ContainerNetworkTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public ContainerNetworkTests()
    {
        _session.Containers.Add("web");
        _session.Containers.Add("db");
        _session.Networks.Add("shop", labels: new() { ["tier"] = "front" }, members: ["web", "db"]);
        _session.Networks.Add("lan", NetworkDriver.Macvlan);
        var network = _session.Networks.All[0];
        _session.Containers.All[0] = _session.Containers.All[0] with { Network = ["shop"], Endpoint = [network.Endpoint[0]], Port = [new PortMapping { HostPort = 8080, ContainerPort = 80 }] };
    }

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Get-ContainerNetwork", "shop lan")]
    [InlineData("Get-ContainerNetwork s*", "shop")]
    [InlineData("Get-ContainerNetwork s*, shop, lan", "shop lan")]
    [InlineData("Get-ContainerNetwork nothing*", "")]
    [InlineData("Get-ContainerNetwork -Driver Macvlan", "lan")]
    [InlineData("Get-ContainerNetwork -Label tier", "shop")]
    [InlineData("Get-ContainerNetwork -Label tier=back", "")]
    [InlineData("Get-ContainerNetwork -Id (Get-ContainerNetwork lan).Id.Substring(0, 12)", "lan")]
    [InlineData("'lan' | Get-ContainerNetwork", "lan")]
    [InlineData("Get-Container web | Get-ContainerNetwork", "shop")]
    [InlineData("(Get-ContainerNetwork shop).Endpoint | Get-ContainerNetwork", "shop shop")]
    public void Get_selects_by_name_driver_label_and_container(string script, string names)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), outcome.Names);
    }

    [Theory]
    [InlineData("Remove-ContainerNetwork lan", "remove lan")]
    [InlineData("Get-ContainerNetwork l* | Remove-ContainerNetwork", "remove lan")]
    [InlineData("Remove-ContainerNetwork -Id (Get-ContainerNetwork lan).Id", "remove lan")]
    [InlineData("Remove-ContainerNetwork * -Force", "remove shop|remove lan")]
    [InlineData("Connect-ContainerNetwork lan web", "connect web lan")]
    [InlineData("Get-Container web | Connect-ContainerNetwork lan", "connect web lan")]
    [InlineData("Get-Container | Connect-ContainerNetwork lan", "connect web lan|connect db lan")]
    [InlineData("Get-ContainerNetwork lan | Connect-ContainerNetwork -Container web, db", "connect web lan|connect db lan")]
    [InlineData("Connect-ContainerNetwork shop, lan d*", "connect db shop|connect db lan")]
    [InlineData("Disconnect-ContainerNetwork shop web", "disconnect web shop")]
    [InlineData("(Get-ContainerNetwork shop).Endpoint | Disconnect-ContainerNetwork", "disconnect web shop|disconnect db shop")]
    [InlineData("Get-Container web | Disconnect-ContainerNetwork", "disconnect web shop")]
    [InlineData("Set-ContainerNetwork shop -Label a=b", "change shop")]
    [InlineData("Set-Container web -Publish 8081:80, 53/udp", "publish web 8081:80/tcp 53/udp")]
    [InlineData("Get-Container web | Set-Container -Publish @()", "publish web")]
    [InlineData("Set-Container -Id (Get-Container db).Id -Publish 127.0.0.1::80", "publish db 127.0.0.1::80/tcp")]
    [InlineData("Set-Container db -Publish (Get-ContainerPort web)", "publish db 8080:80/tcp")]
    [InlineData("""
        Remove-ContainerNetwork * -Force -WhatIf; Connect-ContainerNetwork lan web -WhatIf; Disconnect-ContainerNetwork shop web -WhatIf; Set-ContainerNetwork shop -Dns 9.9.9.9 -WhatIf
        Set-Container web -Publish 80 -WhatIf; New-ContainerNetwork x -WhatIf
        """, "")]
    public void Changes_reach_the_engine(string script, string calls)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Output);
        Assert.Equal(calls, string.Join('|', _session.Networks.Calls));
    }

    [Theory]
    [InlineData("Get-ContainerNetwork ghost, lan", "NetworkNotFound,ContainerTools.Cmdlets.GetContainerNetworkCmdlet", "lan")]
    [InlineData("Remove-ContainerNetwork shop, lan -PassThru", "NetworkInUse,ContainerTools.Cmdlets.RemoveContainerNetworkCmdlet", "lan")]
    [InlineData("Connect-ContainerNetwork lan ghost", "ContainerNotFound,ContainerTools.Cmdlets.ConnectContainerNetworkCmdlet", "")]
    [InlineData("Disconnect-ContainerNetwork ghost web", "NetworkNotFound,ContainerTools.Cmdlets.DisconnectContainerNetworkCmdlet", "")]
    [InlineData("Set-ContainerNetwork shop", "NothingToChange,ContainerTools.Cmdlets.SetContainerNetworkCmdlet", "")]
    public void An_error_does_not_end_the_others(string script, string errorId, string names)
    {
        var outcome = _session.Run(script);

        Assert.Equal(errorId, outcome.ErrorId);
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), outcome.Names);
    }

    [Fact]
    public void Connect_says_how_and_emits_the_endpoint()
    {
        var outcome = _session.Run(
            "Connect-ContainerNetwork lan web -IPAddress 10.89.4.7 -IPv6Address fd00::7 -Alias a, b -MacAddress 02:42:0a:59:04:07 -InterfaceName lan0 -Priority 3 -PassThru");

        Assert.Equal("10.89.4.7", Assert.IsType<NetworkEndpoint>(Assert.Single(outcome.Values)).IPAddress);
        var asked = _session.Networks.LastAttachment!;
        Assert.Equal(("lan", "10.89.4.7", "fd00::7", "02:42:0a:59:04:07", "lan0", 3), (asked.Name, asked.IPAddress, asked.IPv6Address, asked.MacAddress, asked.InterfaceName, asked.Priority));
        Assert.Equal(["a", "b"], asked.Alias);
    }

    [Fact]
    public void Every_option_of_a_new_network_reaches_the_engine()
    {
        var outcome = _session.Run("""
            $null = New-ContainerNetwork back -Driver Macvlan -Subnet 10.89.5.0/24, fd00:5::/64 -Gateway 10.89.5.254 -IPRange 10.89.5.128/25 -ReservedAddress 10.89.5.200 -IPv6:$false `
                -Internal -Icc:$false -GatewayMode Routed -Mtu 1400 -InterfaceName br9 -Parent eth9 -Vlan 50 -Vrf red -MacvlanMode Vepa -IpvlanMode L3S -Dns 9.9.9.9 -NoDns -Label a=b, c `
                -Route 10.0.0.0/8,10.89.5.253, 10.1.0.0/16,10.89.5.252,100
            """);

        Assert.Empty(outcome.Errors);
        var spec = _session.Networks.LastSpec!;
        Assert.Equal(("back", NetworkDriver.Macvlan, false, true, false, GatewayMode.Routed, 1400), (spec.Name, spec.Driver, spec.IPv6, spec.Internal, spec.Icc, spec.GatewayMode, spec.Mtu));
        Assert.Equal(("br9", "eth9", MacvlanMode.Vepa, IpvlanMode.L3S, true), (spec.InterfaceName, spec.Parent, spec.MacvlanMode, spec.IpvlanMode, spec.NoDns));
        Assert.Equal((50, "red"), (spec.Vlan, spec.Vrf));
        Assert.Equal(["10.89.5.0/24", "fd00:5::/64", "10.89.5.254", "10.89.5.128/25", "10.89.5.200", "9.9.9.9"], [.. spec.Subnet, .. spec.Gateway, .. spec.IPRange, .. spec.ReservedAddress, .. spec.Dns]);
        Assert.Equal(["10.0.0.0/8,10.89.5.253", "10.1.0.0/16,10.89.5.252,100"], spec.Route.Select(route => route.ToString()));
        Assert.Equal(new() { ["a"] = "b", ["c"] = "" }, new Dictionary<string, string>(spec.Labels));
    }

    [Theory]
    [InlineData("New-ContainerNetwork x", null)]
    [InlineData("New-ContainerNetwork x -IPv6", true)]
    [InlineData("New-ContainerNetwork x -IPv6:$false", false)]
    public void IPv6_not_named_is_left_to_the_engine(string script, bool? expected)
    {
        _session.Run($"$null = {script}");

        Assert.Equal((expected, true), (_session.Networks.LastSpec!.IPv6, _session.Networks.LastSpec.Icc));
    }

    [Fact]
    public void Driver_options_of_Docker_and_podman_are_understood()
    {
        _session.Run("""
            $null = New-ContainerNetwork x -Option @{ 'com.docker.network.bridge.name' = 'br7'; 'com.docker.network.bridge.enable_icc' = 'false'; 'com.docker.network.driver.mtu' = 9000
                'com.docker.network.bridge.gateway_mode_ipv4' = 'nat-unprotected'; 'com.docker.network.bridge.gateway_mode_ipv6' = 'nat-unprotected'; 'com.docker.network.enable_ipv6' = $true; vlan = 50; vrf = 'red' }
            """);
        var bridge = _session.Networks.LastSpec!;
        _session.Run("$null = New-ContainerNetwork y -Driver Ipvlan -Option parent=eth9, ipvlan_mode=l3s, com.docker.network.bridge.enable_ip_masquerade=0, macvlan_mode=private");
        var ipvlan = _session.Networks.LastSpec!;

        Assert.Equal(("br7", false, 9000, GatewayMode.NatUnprotected, true), (bridge.InterfaceName, bridge.Icc, bridge.Mtu, bridge.GatewayMode, bridge.IPv6));
        Assert.Equal((50, "red"), (bridge.Vlan, bridge.Vrf));
        Assert.Equal(("eth9", IpvlanMode.L3S, GatewayMode.Routed, MacvlanMode.Private), (ipvlan.Parent, ipvlan.IpvlanMode, ipvlan.GatewayMode, ipvlan.MacvlanMode));
    }

    [Theory]
    [InlineData("-Option com.docker.network.bridge.inhibit_ipv4=true", "'com.docker.network.bridge.inhibit_ipv4' is not known")]
    [InlineData("-Option com.docker.network.driver.mtu=large", "cannot be 'large'")]
    [InlineData("-Option com.docker.network.bridge.enable_icc=perhaps", "cannot be 'perhaps'")]
    [InlineData("-Option macvlan_mode=1", "cannot be '1'")]
    [InlineData("-Option com.docker.network.driver.mtu=1400 -Mtu 1500", "'com.docker.network.driver.mtu' and -Mtu are about the same")]
    [InlineData("-Option com.docker.network.bridge.gateway_mode_ipv4=nat, com.docker.network.bridge.gateway_mode_ipv6=routed", "contradict each other")]
    public void Driver_options_that_do_not_fit_are_refused_by_name(string options, string reason)
    {
        var outcome = _session.Run($"New-ContainerNetwork x {options}");

        Assert.Equal("InvalidNetworkOption,ContainerTools.Cmdlets.NewContainerNetworkCmdlet", outcome.ErrorId);
        Assert.Contains(reason, outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(_session.Networks.Calls);
    }

    [Theory]
    [InlineData("-Route 10.0.0.0/8")]
    [InlineData("-Route 10.89.4.254")]
    [InlineData("-Route '10.0.0.0/8,10.89.4.254,far'")]
    [InlineData("-Route '10.0.0.0/8,10.89.4.254,1,2'")]
    [InlineData("-Route @{ Destination = '10.0.0.0/8' }")]
    [InlineData("-Driver Overlay2")]
    [InlineData("-Mtu 20")]
    [InlineData("-Vlan 0")]
    [InlineData("-Vlan 4095")]
    public void What_is_no_option_is_refused_before_the_engine_is_asked(string parameters)
    {
        Assert.Single(_session.Run($"New-ContainerNetwork x {parameters}").Errors);
        Assert.Null(_session.Networks.LastSpec);
    }

    [Theory]
    [InlineData("-Dns 9.9.9.9", "9.9.9.9", null)]
    [InlineData("-Dns @()", "", null)]
    [InlineData("-Label a=b", null, "a=b")]
    [InlineData("-Label @{}", null, "")]
    public void Set_changes_what_is_named(string parameters, string? dns, string? labels)
    {
        Assert.Equal(["shop"], _session.Run($"Set-ContainerNetwork shop {parameters} -PassThru").Names);

        var change = _session.Networks.LastChange!;
        Assert.Equal((dns, labels), (change.Dns is null ? null : string.Join(' ', change.Dns), change.Labels is null ? null : string.Join(' ', change.Labels.Select(label => $"{label.Key}={label.Value}"))));
    }

    [Fact]
    public void Repair_lists_under_WhatIf_and_mends_without()
    {
        _session.Networks.Faults = [new RepairAction { Kind = "Rule", Target = "inet containertools", Reason = "the table is gone" }];

        Assert.False(Assert.IsType<RepairAction>(Assert.Single(_session.Run("Repair-ContainerNetwork -WhatIf").Values)).Repaired);
        Assert.Empty(_session.Networks.Calls);
        Assert.True(Assert.IsType<RepairAction>(Assert.Single(_session.Run("Repair-ContainerNetwork").Values)).Repaired);
    }

    [Theory]
    [InlineData("Get-ContainerPort", "web 8080:80/tcp")]
    [InlineData("Get-ContainerPort w*", "web 8080:80/tcp")]
    [InlineData("Get-ContainerPort db", "")]
    [InlineData("Get-Container web | Get-ContainerPort", "web 8080:80/tcp")]
    [InlineData("Get-ContainerPort -Id (Get-Container web).Id", "web 8080:80/tcp")]
    [InlineData("(Get-ContainerNetwork shop).Endpoint | Get-ContainerPort", "web 8080:80/tcp")]
    public void Ports_name_their_container(string script, string ports)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(ports, string.Join('|', outcome.Values.Cast<PortMapping>().Select(port => $"{port.Container} {port}")));
    }
}
