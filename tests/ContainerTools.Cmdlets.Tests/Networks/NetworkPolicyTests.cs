namespace ContainerTools.Cmdlets.Tests;

public sealed class NetworkPolicyTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_rule_reaches_the_engine()
    {
        var outcome = _session.Run("New-ContainerNetworkPolicy web-db -Action Allow -FromLabel app=web, tier -FromNetwork shop -ToLabel @{ app = 'db' } -ToNetwork back -Port 5432, 8000-8010, 53/UDP");

        var policy = Assert.IsType<NetworkPolicy>(Assert.Single(outcome.Values));
        Assert.Equal(("web-db", PolicyAction.Allow, "shop", "back"), (policy.Name, policy.Action, policy.From.Network, policy.To.Network));
        Assert.Equal(new() { ["app"] = "web", ["tier"] = null }, new Dictionary<string, string?>(policy.From.Labels));
        Assert.Equal(new() { ["app"] = "db" }, new Dictionary<string, string?>(policy.To.Labels));
        Assert.Equal(["5432/tcp", "8000-8010/tcp", "53/udp"], policy.Port);
    }

    [Fact]
    public void Default_deny_reaches_the_engine()
    {
        _session.Run("$null = New-ContainerNetworkPolicy quiet -DefaultDeny -ToNetwork shop -ToLabel app -Direction Both");

        var policy = Assert.Single(_session.Networks.Policies);
        Assert.Equal((PolicyAction.DefaultDeny, "shop", PolicyDirection.Both), (policy.Action, policy.To.Network, policy.Direction));
        Assert.True(policy.To.Labels.ContainsKey("app"));
    }

    [Theory]
    [InlineData("New-ContainerNetworkPolicy x -Action DefaultDeny", "ParameterArgumentValidationError")]
    [InlineData("New-ContainerNetworkPolicy x -DefaultDeny -FromLabel a", "AmbiguousParameterSet")]
    [InlineData("New-ContainerNetworkPolicy x -Action Deny -Direction Both", "AmbiguousParameterSet")]
    [InlineData("New-ContainerNetworkPolicy x -DefaultDeny:$false", "InvalidPolicy")]
    [InlineData("New-ContainerNetworkPolicy x -Action Deny -Port 70000", "ParameterArgumentTransformationError")]
    [InlineData("New-ContainerNetworkPolicy x -Action Deny -Port 53/icmp", "ParameterArgumentTransformationError")]
    public void What_is_no_policy_is_refused(string script, string code)
    {
        Assert.Equal($"{code},ContainerTools.Cmdlets.NewContainerNetworkPolicyCmdlet", _session.Run(script).ErrorId);
        Assert.Empty(_session.Networks.Policies);
    }

    [Theory]
    [InlineData("Remove-ContainerNetworkPolicy one", "remove policy one")]
    [InlineData("Remove-ContainerNetworkPolicy *", "remove policy one|remove policy two")]
    [InlineData("Get-ContainerNetworkPolicy t* | Remove-ContainerNetworkPolicy", "remove policy two")]
    [InlineData("Remove-ContainerNetworkPolicy * -WhatIf; New-ContainerNetworkPolicy three -Action Deny -WhatIf", "")]
    public void Policies_are_removed_by_name_and_object(string script, string calls)
    {
        _session.Networks.Policies.AddRange([new NetworkPolicy { Name = "one" }, new NetworkPolicy { Name = "two" }]);

        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Output);
        Assert.Equal(calls, string.Join('|', _session.Networks.Calls));
    }

    [Theory]
    [InlineData("Get-ContainerNetworkPolicy ghost", "PolicyNotFound,ContainerTools.Cmdlets.GetContainerNetworkPolicyCmdlet")]
    [InlineData("Remove-ContainerNetworkPolicy ghost", "PolicyNotFound,ContainerTools.Cmdlets.RemoveContainerNetworkPolicyCmdlet")]
    public void A_missing_one_is_an_error(string script, string errorId) => Assert.Equal(errorId, _session.Run(script).ErrorId);
}
