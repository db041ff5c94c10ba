using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Remove-ContainerNetworkPolicy: takes rules about connections between containers away, at once.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerNetworkPolicy", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(NetworkPolicy))]
public sealed class RemoveContainerNetworkPolicyCmdlet : ContainerToolsCmdlet
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";

    /// <summary>Names of the policies; wildcards are welcome.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkPolicyNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Policies, as other cmdlets emit them.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public NetworkPolicy[] InputObject { get; set; } = [];

    /// <summary>Emit the policies as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var policy in ParameterSetName == InputObjectSet ? InputObject : Name.SelectMany(name => NetworkPolicyLookup.ByName(this, name)))
        {
            if (ShouldProcess(policy.Name, "Remove") && Attempt(() => Engine.Networks.RemovePolicy(policy.Name), policy) && PassThru)
            {
                WriteObject(policy);
            }
        }
    }
}
