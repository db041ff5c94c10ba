namespace ContainerTools.Cmdlets.Tests;

public sealed class StartContainerTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public StartContainerTests() => _session.Containers.Add("web", ContainerState.Exited);

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Start-Container web", "start web")]
    [InlineData("Start-Container w*", "start web")]
    [InlineData("Get-Container web | Start-Container", "start web")]
    [InlineData("Start-Container -Id (Get-Container web).Id", "start web")]
    [InlineData("$null = Start-Container img -Name new", "create img|start new")]
    [InlineData("$null = Start-Container -Image img", "create img|start eager_otter")]
    [InlineData("$null = Start-Container img -Memory 64MB", "create img|start eager_otter")]
    [InlineData("$null = Start-Container img -Name new -Command sleep, 9", "create img|start new")]
    [InlineData("$null = Start-Container img sleep, 9 -Name new", "create img|start new")]
    [InlineData("Start-Container web -WhatIf; Start-Container img -Name new -WhatIf", "")]
    public void It_starts_what_exists_or_makes_and_starts(string script, string calls)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Output);
        Assert.Equal(calls, string.Join('|', _session.Containers.Calls));
    }

    [Fact]
    public void A_made_container_is_emitted_running()
    {
        var made = Assert.IsType<Container>(Assert.Single(_session.Run("Start-Container img -Name new").Values));

        Assert.Equal(("new", ContainerState.Running), (made.Name, made.State));
    }

    [Fact]
    public void Where_neither_fits_the_error_names_both_ways()
    {
        var outcome = _session.Run("Start-Container img");

        Assert.Equal("ContainerNotFound,ContainerTools.Cmdlets.StartContainerCmdlet", outcome.ErrorId);
        var action = outcome.Errors[0].ErrorDetails.RecommendedAction;
        Assert.Contains("Start-Container NAME", action, StringComparison.Ordinal);
        Assert.Contains("Start-Container -Image img", action, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_cannot_start_gives_its_name_back()
    {
        _session.Containers.StartError = new ContainerToolsException(ErrorKind.NotFound, "CommandNotFound", "No such command.", "x");

        var outcome = _session.Run("Start-Container img -Name new");

        Assert.Equal("CommandNotFound,ContainerTools.Cmdlets.StartContainerCmdlet", outcome.ErrorId);
        Assert.Equal(["web"], _session.Containers.All.Select(container => container.Name));
    }

    [Fact]
    public void Several_names_for_one_container_are_refused() => Assert.Equal(
        "SeveralNamesForOneContainer,ContainerTools.Cmdlets.StartContainerCmdlet", _session.Run("Start-Container -Image img -Name a, b").ErrorId);

    [Fact]
    public void Every_option_reaches_the_engine()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "env");
        File.WriteAllText(file, "# comment\nMODE=test\nEMPTY=\n\n  PORT=80\n");
        _session.SetLocation(Path.GetDirectoryName(file)!);
        var outcome = _session.Run("""
            $null = New-Container img -Name n -Command run, it -Entrypoint sh, -c -Environment @{ MODE = 'live'; N = 5 } -EnvironmentFile env `
                -WorkingDirectory /srv -User 1000:1000 -GroupAdd adm -HostName h -Label a=b, c -ReadOnly -Tmpfs '/tmp:size=1m', /run `
                -Volume /data:/data:ro, ./sub:/sub -Memory '64m' -MemorySwap unlimited -Cpu 0.5 -CpuWeight 200 -CpuSet 0-1 -PidsLimit 50 `
                -Ulimit @{ nofile = '10:20' } -ShmSize 1mb -CapabilityAdd NET_ADMIN -CapabilityDrop ALL -Privileged -NoNewPrivileges:$false `
                -SeccompProfile p.json -Sysctl @{ 'net.ipv4.ip_forward' = 1 } -Init -StopSignal INT -StopTimeout 3 -Remove -Interactive -Force `
                -Network shop, @{ Name = 'back'; Alias = 'w'; Priority = 5 } -Publish 127.0.0.1:8080:80, 53:53/udp, 443 -PublishAll `
                -Dns 9.9.9.9 -DnsSearch shop.test -DnsOption ndots:2 -ExtraHost @{ db = '10.0.0.5' }, host=host-gateway
            """);

        Assert.Empty(outcome.Errors);
        var spec = _session.Containers.LastSpec!;
        var directory = Path.GetDirectoryName(file)!;
        Directory.Delete(directory, recursive: true);
        Assert.Equal(("img", "n", "/srv", "1000:1000", "h"), (spec.Image, spec.Name, spec.WorkingDirectory, spec.User, spec.HostName));
        Assert.Equal(["run", "it"], spec.Command!);
        Assert.Equal(["sh", "-c"], spec.Entrypoint!);
        Assert.Equal(new() { ["MODE"] = "live", ["N"] = "5", ["EMPTY"] = "", ["PORT"] = "80" }, new Dictionary<string, string>(spec.Environment));
        Assert.Equal(new() { ["a"] = "b", ["c"] = "" }, new Dictionary<string, string>(spec.Labels));
        Assert.Equal(new() { ["/tmp"] = "size=1m", ["/run"] = "" }, new Dictionary<string, string>(spec.Tmpfs));
        Assert.Equal(["/data:/data:ro", $"{directory}/sub:/sub"], spec.Mounts.Select(mount => mount.ToString()));
        Assert.Equal((64L << 20, -1L, 0.5, 200L, "0-1", 50L, 1L << 20), (spec.Memory, spec.MemorySwap, spec.Cpu, spec.CpuWeight, spec.CpuSet, spec.PidsLimit, spec.ShmSize));
        Assert.Equal(new Ulimit(10, 20), spec.Ulimits["nofile"]);
        Assert.Equal(["NET_ADMIN", "ALL", "adm"], spec.CapabilityAdd.Concat(spec.CapabilityDrop).Concat(spec.Groups));
        Assert.True(spec.ReadOnly && spec.Privileged && spec.Init && spec.Remove && spec.Interactive && spec.Force && !spec.NoNewPrivileges);
        Assert.Equal(($"{directory}/p.json", "1", "INT", TimeSpan.FromSeconds(3)), (spec.SeccompProfile, spec.Sysctls["net.ipv4.ip_forward"], spec.StopSignal, spec.StopTimeout));
        Assert.Equal(["shop", "back"], spec.Networks.Select(network => network.Name));
        Assert.Equal((5, "w"), (spec.Networks[1].Priority, Assert.Single(spec.Networks[1].Alias)));
        Assert.Equal(["127.0.0.1:8080:80/tcp", "53:53/udp", "443/tcp"], spec.Ports.Select(port => port.ToString()));
        Assert.Equal(["9.9.9.9", "shop.test", "ndots:2"], spec.Dns.Concat(spec.DnsSearch!).Concat(spec.DnsOptions));
        Assert.Equal(new() { ["db"] = "10.0.0.5", ["host"] = "host-gateway" }, new Dictionary<string, string>(spec.ExtraHosts));
        Assert.True(spec.PublishAll);
    }

    [Fact]
    public void Options_not_given_keep_the_engines_defaults()
    {
        _session.Run("$null = New-Container img");

        var given = _session.Containers.LastSpec!;
        var plain = new ContainerSpec { Image = "img" };
        Assert.Equal(plain.Command, given.Command);
        Assert.Equal(plain.Entrypoint, given.Entrypoint);
        Assert.Equal((plain.NoNewPrivileges, plain.SeccompProfile, plain.DnsSearch, plain.Memory), (given.NoNewPrivileges, given.SeccompProfile, given.DnsSearch, given.Memory));
        Assert.Empty(given.Networks);
        Assert.Empty(given.Ports);
    }

    [Fact]
    public void A_missing_environment_file_is_named()
    {
        var outcome = _session.Run("New-Container img -EnvironmentFile /nowhere/env");

        Assert.Equal("EnvironmentFileNotFound,ContainerTools.Cmdlets.NewContainerCmdlet", outcome.ErrorId);
        Assert.Contains("/nowhere/env", outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
    }
}
