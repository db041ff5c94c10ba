namespace ContainerTools.Cmdlets.Tests;

public sealed class ContainerSelectionTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public ContainerSelectionTests()
    {
        _session.Containers.Add("web");
        _session.Containers.Add("web2", ContainerState.Exited, labels: new() { ["tier"] = "front" });
        _session.Containers.Add("db", image: "shop/db:1");
    }

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Get-Container", "web web2 db")]
    [InlineData("Get-Container w*", "web web2")]
    [InlineData("Get-Container web, db", "web db")]
    [InlineData("Get-Container w*, db", "web web2 db")]
    [InlineData("Get-Container nothing*", "")]
    [InlineData("Get-Container -State Exited, Paused", "web2")]
    [InlineData("Get-Container -Running", "web db")]
    [InlineData("Get-Container web* -Running", "web")]
    [InlineData("Get-Container web2 -Running", "")]
    [InlineData("Get-Container -Label tier", "web2")]
    [InlineData("Get-Container -Label tier=front", "web2")]
    [InlineData("Get-Container -Label @{ tier = 'back' }", "")]
    [InlineData("Get-Container -Image shop/db:1", "db")]
    [InlineData("'web', 'db' | Get-Container", "web db")]
    [InlineData("Get-Container db | Get-Container", "db")]
    public void Get_selects_by_name_state_label_and_image(string script, string names)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), outcome.Names);
    }

    [Theory]
    [InlineData("Get-Container ghost, web", "ContainerNotFound,ContainerTools.Cmdlets.GetContainerCmdlet")]
    [InlineData("Stop-Container ghost, web -PassThru", "ContainerNotFound,ContainerTools.Cmdlets.StopContainerCmdlet")]
    [InlineData("Stop-Container -Id ffffff, (Get-Container web).Id -PassThru", "ContainerNotFound,ContainerTools.Cmdlets.StopContainerCmdlet")]
    public void A_missing_one_is_an_error_that_does_not_end_the_others(string script, string errorId)
    {
        var outcome = _session.Run(script);

        Assert.Equal(errorId, outcome.ErrorId);
        Assert.Equal(["web"], outcome.Names);
        Assert.Equal(System.Management.Automation.ErrorCategory.ObjectNotFound, outcome.Errors[0].CategoryInfo.Category);
        Assert.False(string.IsNullOrEmpty(outcome.Errors[0].ErrorDetails?.RecommendedAction));
    }

    [Fact]
    public void An_id_may_be_cut_short_while_it_is_unique()
    {
        var id = _session.Containers.All[0].Id;

        Assert.Equal(["web"], _session.Run($"Get-Container -Id {id[..12]}").Names);
    }

    [Fact]
    public void An_ambiguous_id_names_the_candidates()
    {
        _session.Containers.All[1] = _session.Containers.All[1] with { Id = _session.Containers.All[0].Id[..10] + new string('0', 54) };

        var outcome = _session.Run($"Get-Container -Id {_session.Containers.All[0].Id[..8]}");

        Assert.Equal("ContainerIdAmbiguous,ContainerTools.Cmdlets.GetContainerCmdlet", outcome.ErrorId);
        Assert.Contains(_session.Containers.All[0].Id[..12], outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-Container w* | Stop-Container", "stop web|stop web2")]
    [InlineData("Get-ContainerProcess web | Stop-Container", "stop web")]
    [InlineData("Stop-Container web -Timeout 3 -Signal HUP", "stop web 00:00:03 HUP")]
    [InlineData("Stop-Container web -TimeoutSec 1m30s", "stop web 00:01:30")]
    [InlineData("Stop-Container web -Force", "stop web 00:00:00 SIGKILL")]
    [InlineData("Restart-Container web -Timeout '5s'", "restart web 00:00:05")]
    [InlineData("Rename-Container web shop", "rename web shop")]
    [InlineData("Get-Container web | Rename-Container -NewName shop", "rename web shop")]
    [InlineData("Send-ContainerSignal web HUP", "signal web HUP")]
    [InlineData("Remove-Container web2", "remove web2")]
    [InlineData("Get-Container web | Stop-Container -PassThru | Remove-Container", "stop web|remove web")]
    [InlineData("Wait-Container web2 | Remove-Container", "remove web2")]
    [InlineData("Remove-Container w* -WhatIf; Stop-Container * -WhatIf; Restart-Container db -WhatIf; Rename-Container db x -WhatIf; Send-ContainerSignal db HUP -WhatIf", "")]
    public void Changes_reach_the_engine(string script, string calls)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Output);
        Assert.Equal(calls, string.Join('|', _session.Containers.Calls));
    }

    [Theory]
    [InlineData("Suspend-Container web", ContainerState.Paused)]
    [InlineData("Suspend-Container web; Resume-Container web", ContainerState.Running)]
    [InlineData("Suspend-Container web -WhatIf", ContainerState.Running)]
    public void Suspend_and_resume(string script, ContainerState state)
    {
        _session.Run(script);

        Assert.Equal(state, _session.Containers.Get("web").State);
    }

    [Fact]
    public void A_running_container_is_removed_with_force_only()
    {
        Assert.Equal("ContainerRunning,ContainerTools.Cmdlets.RemoveContainerCmdlet", _session.Run("Remove-Container web").ErrorId);

        Assert.Equal(["web"], _session.Run("Remove-Container web -Force -PassThru").Names);
        Assert.DoesNotContain(_session.Containers.All, container => container.Name == "web");
    }

    [Theory]
    [InlineData("Test-Container web", true)]
    [InlineData("Test-Container ghost", false)]
    [InlineData("Test-Container w*", true)]
    [InlineData("Test-Container g*", false)]
    [InlineData("Test-Container web -State Exited", false)]
    [InlineData("Get-Container web2 | Test-Container -State Exited", true)]
    public void Test_answers_with_a_boolean(string script, bool expected)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(expected, Assert.Single(outcome.Values));
    }

    [Fact]
    public void Raw_is_the_engines_json() => Assert.Equal("{\"Name\":\"/web\"}", Assert.Single(_session.Run("Get-Container web -Raw").Values));

    [Fact]
    public void Waiting_too_long_is_a_timeout_error()
    {
        var outcome = _session.Run("Wait-Container web, web2 -Timeout '50ms'");

        Assert.Equal("ContainerWaitTimedOut,ContainerTools.Cmdlets.WaitContainerCmdlet", outcome.ErrorId);
        Assert.Equal(System.Management.Automation.ErrorCategory.OperationTimeout, outcome.Errors[0].CategoryInfo.Category);
        Assert.Equal(["web2"], outcome.Names);
    }

    [Fact]
    public void Waiting_for_any_ends_with_the_first()
    {
        var outcome = _session.Run("Wait-Container web, web2 -Any");

        Assert.Empty(outcome.Errors);
        Assert.Equal(["web2"], outcome.Names);
    }
}
