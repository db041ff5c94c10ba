using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Disconnect-ContainerNetwork: disconnects containers from networks, at once if they run.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "ContainerNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DisconnectContainerNetworkCmdlet : NetworkMembershipCmdlet
{
    private protected override void ProcessMember(ContainerNetwork network, Container container)
    {
        if (ShouldProcess(container.Name, $"Disconnect from network '{network.Name}'"))
        {
            Attempt(() => Engine.Networks.Disconnect(container.Id, network.Id), container);
        }
    }
}
