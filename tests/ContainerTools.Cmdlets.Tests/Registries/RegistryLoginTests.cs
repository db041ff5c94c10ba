namespace ContainerTools.Cmdlets.Tests;

public sealed class RegistryLoginTests : IDisposable
{
    /// <summary>What SecretManagement's commands do, as far as logins need them.</summary>
    private const string FakeSecretManagement = """
        $global:vault = @{}
        function global:Set-Secret { [CmdletBinding()] param([string] $Name, [object] $Secret, [string] $Vault) if ($Vault -ne 'Work') { throw "No vault $Vault for $($Secret.GetNetworkCredential().Password)" }; $global:vault["$Vault/$Name"] = $Secret }
        function global:Get-Secret { [CmdletBinding()] param([string] $Name, [string] $Vault) if (-not $global:vault["$Vault/$Name"]) { Write-Error "no secret $Name" }; $global:vault["$Vault/$Name"] }
        function global:Remove-Secret { [CmdletBinding()] param([string] $Name, [string] $Vault) $global:vault.Remove("$Vault/$Name") }

        """;

    private readonly CmdletSession _session = new();

    public RegistryLoginTests()
    {
        using var password = new System.Net.NetworkCredential("", "hunter2").SecurePassword;
        _session.SetVariable("me", new System.Management.Automation.PSCredential("DOMAIN\\me", password.Copy()));
    }

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_login_reaches_the_engine_and_is_shown_without_its_secret()
    {
        Assert.Empty(_session.Run("Connect-ContainerRegistry registry.example:5000 $me").Output);
        Assert.Equal(("registry.example:5000", "DOMAIN\\me", "hunter2", null), (_session.Registries.LastLogin!.Registry, _session.Registries.LastLogin.Credential.UserName, _session.Registries.LastLogin.Credential.Password, _session.Registries.LastLogin.Vault));

        var login = Assert.IsType<RegistryLogin>(Assert.Single(_session.Run("Get-ContainerRegistry registry* | Connect-ContainerRegistry -Credential $me -PassThru").Values));
        Assert.Equal(("registry.example:5000", "DOMAIN\\me", "/root/.docker/config.json"), (login.Registry, login.UserName, login.CredentialStore));
    }

    [Theory]
    [InlineData("Connect-ContainerRegistry one.example $me -PassThru; Get-ContainerRegistry")]
    [InlineData("Connect-ContainerRegistry one.example $me -WhatIf")]
    [InlineData("Connect-ContainerRegistry one.example $me -Vault Work -PassThru; Get-ContainerRegistry; Disconnect-ContainerRegistry -All")]
    [InlineData("Connect-ContainerRegistry one.example $me -Vault Other")]
    [InlineData("$wrong = [pscredential]::new('hunter1', (& { $s = [securestring]::new(); 'wrong'.ToCharArray() | ForEach-Object { $s.AppendChar($_) }; $s })); Connect-ContainerRegistry one.example $wrong")]
    public void No_stream_and_no_error_holds_the_secret(string script)
    {
        var outcome = _session.Run($"{FakeSecretManagement}$DebugPreference = $VerbosePreference = 'Continue'; & {{ {script} }} *>&1 | Out-String -Width 500; & {{ {script} }} *>&1 | ForEach-Object {{ $_ | ConvertTo-Text; $_.Exception, $_.Exception.InnerException, $_.ErrorDetails, $_.TargetObject | ConvertTo-Text }}".Replace("ConvertTo-Text", "ForEach-Object { \"$_\" }", StringComparison.Ordinal));

        var text = string.Join('\n', outcome.Output.Select(item => item.ToString())) + string.Join('\n', outcome.Errors.Select(error => error + error.Exception.ToString()));
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", text.Replace("$wrong", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_vault_of_the_session_keeps_the_login_gives_it_back_and_forgets_it()
    {
        var outcome = _session.Run(FakeSecretManagement + "Connect-ContainerRegistry one.example $me -Vault Work -PassThru");

        Assert.Empty(outcome.Errors);
        Assert.Equal("vault Work", Assert.IsType<RegistryLogin>(Assert.Single(outcome.Values)).CredentialStore);
        Assert.Equal(("DOMAIN\\me", "hunter2"), (_session.Registries.FromVault!.UserName, _session.Registries.FromVault.Password));
        Assert.Equal(1, Assert.Single(_session.Run("$vault.Count").Values));
        Assert.Null(_session.Variable("Secret"));

        Assert.Empty(_session.Run("Disconnect-ContainerRegistry one.example").Errors);
        Assert.Equal(0, Assert.Single(_session.Run("$vault.Count").Values));
        Assert.Null(SecretVaults.Current);
    }

    [Theory]
    [InlineData("Connect-ContainerRegistry one.example $me -Vault Work", "SecretManagementMissing,ContainerTools.Cmdlets.ConnectContainerRegistryCmdlet")]
    [InlineData(FakeSecretManagement + "Connect-ContainerRegistry one.example $me -Vault Other", "VaultFailed,ContainerTools.Cmdlets.ConnectContainerRegistryCmdlet")]
    [InlineData(FakeSecretManagement + "function global:Set-Secret { }; Connect-ContainerRegistry one.example $me -Vault Work", "VaultFailed,ContainerTools.Cmdlets.ConnectContainerRegistryCmdlet")]
    [InlineData("Disconnect-ContainerRegistry one.example", "RegistryLoginNotFound,ContainerTools.Cmdlets.DisconnectContainerRegistryCmdlet")]
    public void What_cannot_be_is_an_error(string script, string errorId) => Assert.Equal(errorId, _session.Run(script).ErrorId);

    [Theory]
    [InlineData("Disconnect-ContainerRegistry -All", "disconnect one.example|disconnect two.example")]
    [InlineData("Disconnect-ContainerRegistry -All:$false; Disconnect-ContainerRegistry -All -WhatIf; Disconnect-ContainerRegistry one.example -WhatIf", "")]
    [InlineData("Disconnect-ContainerRegistry two.example, one.example", "disconnect two.example|disconnect one.example")]
    [InlineData("Get-ContainerRegistry t* | Disconnect-ContainerRegistry", "disconnect two.example")]
    public void Logins_are_forgotten_by_name_and_object(string script, string calls)
    {
        _session.Registries.All.AddRange([new ContainerRegistry { Name = "docker.io" }, new ContainerRegistry { Name = "one.example", CredentialStore = "x" }, new ContainerRegistry { Name = "two.example", CredentialStore = "x" }]);

        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Output);
        Assert.Equal(calls, string.Join('|', _session.Registries.Calls));
    }
}
