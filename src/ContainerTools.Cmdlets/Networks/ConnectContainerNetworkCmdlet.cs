using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Connect-ContainerNetwork: connects containers to networks, at once if they run.</summary>
[Cmdlet(VerbsCommunications.Connect, "ContainerNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(NetworkEndpoint))]
public sealed class ConnectContainerNetworkCmdlet : NetworkMembershipCmdlet
{
    /// <summary>IPv4 address asked for; otherwise the next free one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IPAddress { get; set; }

    /// <summary>IPv6 address asked for; otherwise the next free one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IPv6Address { get; set; }

    /// <summary>Further names that others on the network find the container by.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Alias { get; set; } = [];

    /// <summary>Hardware address asked for; otherwise derived from the IPv4 address.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MacAddress { get; set; }

    /// <summary>Name of the link inside; otherwise eth0, eth1 and so on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? InterfaceName { get; set; }

    /// <summary>The network of the highest priority has the default route, publishes ports and is asked for names first.</summary>
    [Parameter]
    public int Priority { get; set; }

    /// <summary>Emit the container's place on the network.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessMember(ContainerNetwork network, Container container)
    {
        var attachment = new NetworkAttachment
        {
            Name = network.Name,
            IPAddress = IPAddress,
            IPv6Address = IPv6Address,
            Alias = Alias,
            MacAddress = MacAddress,
            InterfaceName = InterfaceName,
            Priority = Priority,
        };
        if (ShouldProcess(container.Name, $"Connect to network '{network.Name}'")
            && Attempt(() => Engine.Networks.Connect(container.Id, attachment), container, out var endpoint)
            && PassThru)
        {
            WriteObject(endpoint);
        }
    }
}
