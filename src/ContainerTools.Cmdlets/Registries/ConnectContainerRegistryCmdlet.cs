using System.Management.Automation;
using System.Net;

namespace ContainerTools.Cmdlets;

/// <summary>Connect-ContainerRegistry: logs in to a registry, and keeps the login once the registry has accepted it.</summary>
[Cmdlet(VerbsCommunications.Connect, "ContainerRegistry", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryLogin))]
public sealed class ConnectContainerRegistryCmdlet : ContainerToolsCmdlet
{
    /// <summary>Host of the registry, with port if any.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryNameCompleter))]
    public string Registry { get; set; } = "";

    /// <summary>User and password, or user and access token.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    [Credential]
    public PSCredential Credential { get; set; } = PSCredential.Empty;

    /// <summary>SecretManagement vault that keeps the login.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Vault { get; set; }

    /// <summary>Emit the login, without its secret.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var request = new RegistryLoginRequest { Registry = Registry, Credential = new NetworkCredential(Credential.UserName, Credential.Password), Vault = Vault };
        if (ShouldProcess(Registry, $"Log in as {Credential.UserName}") && Await(token => Engine.Registries.ConnectAsync(request, token), Registry, out var login))
        {
            WriteVerbose($"The login to {login.Registry} is kept in {login.CredentialStore}.");
            if (PassThru)
            {
                WriteObject(login);
            }
        }
    }
}
