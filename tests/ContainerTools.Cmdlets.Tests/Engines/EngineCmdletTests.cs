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
    public void An_incomplete_module_says_so()
    {
        var error = Assert.Throws<ContainerToolsException>(() => EngineSession.LoadFactory("/nowhere"));

        Assert.Equal("EngineMissing", error.Code);
        Assert.Contains("/nowhere/engine/ContainerTools.Engine.dll", error.Message, StringComparison.Ordinal);
    }
}
