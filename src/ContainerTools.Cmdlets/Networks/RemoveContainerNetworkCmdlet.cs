using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Remove-ContainerNetwork: removes networks with their bridges and rules.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerNetwork", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerNetwork))]
public sealed class RemoveContainerNetworkCmdlet : NetworkSelectionCmdlet
{
    /// <summary>Disconnect the containers of a network that is in use.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the networks as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessNetwork(ContainerNetwork network)
    {
        var action = Force && network.Endpoint.Count > 0 ? $"Disconnect {string.Join(", ", network.Endpoint.Select(endpoint => endpoint.Container))} and remove" : "Remove";
        if (ShouldProcess(network.Name, action) && Attempt(() => Engine.Networks.Remove(network.Id, Force), network) && PassThru)
        {
            WriteObject(network);
        }
    }
}
