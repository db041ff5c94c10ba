namespace ContainerTools.Cmdlets.Tests;

public sealed class RegistrySettingsTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public RegistrySettingsTests() => _session.Registries.All.AddRange(
        [new ContainerRegistry { Name = "docker.io", SearchPosition = 1 }, new ContainerRegistry { Name = "one.example", Configured = true }, new ContainerRegistry { Name = "two.example:5000", Configured = true }]);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void What_is_named_is_changed_and_nothing_else()
    {
        _session.SetLocation("/etc");

        Assert.Empty(_session.Run("Set-ContainerRegistry one.example -Mirror https://m.example/hub, http://n.example:5000 -Blocked -CertificatePath ../usr/ca.crt -ClientCertificatePath '' -ClientKeyPath k.pem").Output);

        var change = _session.Registries.LastChange!;
        Assert.Equal(["https://m.example/hub", "http://n.example:5000"], change.Mirror!);
        Assert.Equal(("/usr/ca.crt", "", "/etc/k.pem", true, null, null), (change.CertificatePath, change.ClientCertificatePath, change.ClientKeyPath, change.Blocked, change.AllowUnencrypted, change.SkipCertificateCheck));

        _session.Run("Set-ContainerRegistry one.example -Blocked:$false -Mirror @() -AllowUnencrypted");
        change = _session.Registries.LastChange!;
        Assert.Empty(change.Mirror!);
        Assert.Equal((false, true, null, null), (change.Blocked, change.AllowUnencrypted, change.CertificatePath, change.ClientCertificatePath));
    }

    [Fact]
    public void The_search_order_is_of_the_store()
    {
        Assert.Equal(["one.example", "docker.io"], _session.Run("Set-ContainerRegistry -SearchOrder one.example, docker.io -PassThru").Names);
        Assert.Equal(["one.example", "docker.io"], _session.Registries.SearchOrder);

        _session.Run("Set-ContainerRegistry -SearchOrder @() -WhatIf");
        Assert.Equal(2, _session.Registries.SearchOrder.Count);

        _session.Run("Set-ContainerRegistry -SearchOrder @()");
        Assert.Empty(_session.Registries.SearchOrder);
        Assert.Null(_session.Registries.LastChange);
    }

    [Theory]
    [InlineData("Set-ContainerRegistry one.example, new.example -Blocked", "change one.example|change new.example")]
    [InlineData("Get-ContainerRegistry *.example* | Set-ContainerRegistry -Blocked", "change one.example|change two.example:5000")]
    [InlineData("Set-ContainerRegistry one.example -Blocked -WhatIf; Remove-ContainerRegistry * -WhatIf", "")]
    [InlineData("Remove-ContainerRegistry one.example", "remove one.example")]
    [InlineData("Remove-ContainerRegistry *", "remove one.example|remove two.example:5000")]
    [InlineData("Get-ContainerRegistry tw* | Remove-ContainerRegistry", "remove two.example:5000")]
    public void Registries_are_changed_and_forgotten_by_name_and_object(string script, string calls)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Output);
        Assert.Equal(calls, string.Join('|', _session.Registries.Calls));
    }

    [Theory]
    [InlineData("Set-ContainerRegistry one.example", "NothingToChange,ContainerTools.Cmdlets.SetContainerRegistryCmdlet")]
    [InlineData("Set-ContainerRegistry -Name one.example -SearchOrder one.example", "AmbiguousParameterSet,ContainerTools.Cmdlets.SetContainerRegistryCmdlet")]
    [InlineData("Set-ContainerRegistry one.example -CertificatePath env:PATH", "PathNotOnFileSystem,ContainerTools.Cmdlets.SetContainerRegistryCmdlet")]
    [InlineData("Get-ContainerRegistry ghost.example", "RegistryNotFound,ContainerTools.Cmdlets.GetContainerRegistryCmdlet")]
    [InlineData("Remove-ContainerRegistry docker.io", "RegistryNotFound,ContainerTools.Cmdlets.RemoveContainerRegistryCmdlet")]
    public void What_cannot_be_is_an_error(string script, string errorId)
    {
        Assert.Equal(errorId, _session.Run(script).ErrorId);
        Assert.Null(_session.Registries.LastChange);
    }

    [Fact]
    public void Names_are_matched_without_regard_to_case_and_completed()
    {
        Assert.Equal(["one.example"], _session.Run("Get-ContainerRegistry ONE.example, o*").Names);
        Assert.Empty(_session.Run("Get-ContainerRegistry x*").Errors);
        Assert.Equal(["two.example:5000"], _session.Complete("Set-ContainerRegistry tw"));
    }
}
