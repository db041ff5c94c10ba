using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Base of the cmdlets that are about containers on networks.</summary>
public abstract class NetworkMembershipCmdlet : ContainerToolsCmdlet
{
    /// <summary>Names or ids of the networks.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string[] Network { get; set; } = [];

    /// <summary>Names or ids of the containers; wildcards are welcome.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Container { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Network)
        {
            foreach (var network in NetworkLookup.Get(this, name))
            {
                foreach (var container in Container.SelectMany(container => ContainerLookup.ByName(this, container)))
                {
                    ProcessMember(network, container);
                }
            }
        }
    }

    /// <summary>Acts on one container and one network.</summary>
    private protected abstract void ProcessMember(ContainerNetwork network, Container container);
}
