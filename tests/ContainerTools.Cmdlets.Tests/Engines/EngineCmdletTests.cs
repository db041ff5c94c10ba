namespace ContainerTools.Cmdlets.Tests;

public sealed class EngineCmdletTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_missing_ability_is_false_with_its_mend_as_a_warning()
    {
        _session.Engine.Checks =
        [
            new HostCheck { Name = "Overlay", Required = true, Passed = false, Detail = "The kernel has no overlay.", RecommendedAction = "modprobe overlay" },
            new HostCheck { Name = "AppArmor", Passed = false, Detail = "Not there." },
        ];

        var outcome = _session.Run("Test-ContainerEngine");

        Assert.Equal(false, Assert.Single(outcome.Values));
        Assert.Contains("modprobe overlay", Assert.Single(outcome.Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(["Overlay", "AppArmor"], _session.Run("Test-ContainerEngine -Detailed").Names);
    }

    [Fact]
    public void Repair_lists_under_WhatIf_and_removes_without()
    {
        _session.Engine.Leftovers = [new RepairAction { Kind = "Mount", Target = "/m", Reason = "no container" }];

        var planned = Assert.IsType<RepairAction>(Assert.Single(_session.Run("Repair-ContainerEngine -WhatIf").Values));
        Assert.Equal((false, 0), (planned.Repaired, _session.Engine.Repairs));

        var done = Assert.IsType<RepairAction>(Assert.Single(_session.Run("Repair-ContainerEngine").Values));
        Assert.Equal((true, 1), (done.Repaired, _session.Engine.Repairs));
    }

    [Fact]
    public void Settings_of_the_store_are_changed_and_nothing_else()
    {
        _session.Run("Set-ContainerEngine -AddressPool base=10.176.0.0/12,size=24, @{ Base = 'fd00::/48'; Size = 64 }");
        Assert.Equal(["base=10.176.0.0/12,size=24", "base=fd00::/48,size=64"], _session.Engine.LastChange!.AddressPool!);
        Assert.Equal((null, null), (_session.Engine.LastChange.DefaultBindAddress, _session.Engine.LastChange.FirewallBackend));

        var info = Assert.IsType<EngineInfo>(Assert.Single(_session.Run("Set-ContainerEngine -DefaultBindAddress 127.0.0.1 -FirewallBackend None -PassThru").Values));
        Assert.Equal(("127.0.0.1", FirewallBackend.None), (info.DefaultBindAddress, info.FirewallBackend));
        Assert.Null(_session.Engine.LastChange.AddressPool);

        Assert.Empty(_session.Run("Set-ContainerEngine -DefaultBindAddress '' -AddressPool @()").Errors);
        Assert.Equal(("", 0), (_session.Engine.LastChange.DefaultBindAddress, _session.Engine.LastChange.AddressPool!.Count));
    }

    [Fact]
    public void A_proxy_and_its_exceptions_reach_the_engine()
    {
        _session.Run("Set-ContainerEngine -Proxy http://proxy.example:3128 -NoProxy .lan, 10.0.0.0/8");
        Assert.Equal(("http://proxy.example:3128", 2), (_session.Engine.LastChange!.Proxy, _session.Engine.LastChange.NoProxy!.Count));

        Assert.Empty(_session.Run("Set-ContainerEngine -Proxy '' -NoProxy @()").Errors);
        Assert.Equal(("", 0), (_session.Engine.LastChange.Proxy, _session.Engine.LastChange.NoProxy!.Count));
    }

    [Theory]
    [InlineData("Set-ContainerEngine", "NothingToChange")]
    [InlineData("Set-ContainerEngine -AddressPool 10.176.0.0/12", "ParameterArgumentTransformationError")]
    [InlineData("Set-ContainerEngine -AddressPool base=10.176.0.0/12", "ParameterArgumentTransformationError")]
    [InlineData("Set-ContainerEngine -AddressPool base=10.176.0.0/12,size=big", "ParameterArgumentTransformationError")]
    [InlineData("Set-ContainerEngine -AddressPool @{ Base = '10.0.0.0/8'; Prefix = 24 }", "ParameterArgumentTransformationError")]
    public void What_is_no_setting_is_refused(string script, string code)
    {
        Assert.Equal($"{code},ContainerTools.Cmdlets.SetContainerEngineCmdlet", _session.Run(script).ErrorId);
        Assert.Null(_session.Engine.LastChange);
    }

    [Fact]
    public void Settings_stay_under_WhatIf()
    {
        _session.Run("Set-ContainerEngine -FirewallBackend None -WhatIf");

        Assert.Null(_session.Engine.LastChange);
    }

    [Fact]
    public void An_incomplete_module_says_so()
    {
        var error = Assert.Throws<ContainerToolsException>(() => EngineSession.LoadFactory("/nowhere"));

        Assert.Equal("EngineMissing", error.Code);
        Assert.Contains("/nowhere/engine/ContainerTools.Engine.dll", error.Message, StringComparison.Ordinal);
    }
}
