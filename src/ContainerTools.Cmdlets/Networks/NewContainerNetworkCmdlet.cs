using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>New-ContainerNetwork: makes a network.</summary>
[Cmdlet(VerbsCommon.New, "ContainerNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerNetwork))]
public sealed class NewContainerNetworkCmdlet : ContainerToolsCmdlet
{
    /// <summary>Name of the network.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Network")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>How containers are connected: by a bridge of the host's, or by links upon one of the host's links.</summary>
    [Parameter]
    public NetworkDriver Driver { get; set; }

    /// <summary>Subnets of both families: <c>10.89.4.0/24</c>. Without, they come from the engine's address pools.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Subnet { get; set; } = [];

    /// <summary>Gateways, each in one of the subnets; otherwise the first address of a subnet.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Gateway { get; set; } = [];

    /// <summary>Parts of subnets that addresses are taken from, at most one a subnet.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] IPRange { get; set; } = [];

    /// <summary>Addresses that are never given to a container.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ReservedAddress { get; set; } = [];

    /// <summary>An IPv6 subnet besides, or with <c>$false</c> none; when not given, if the host has IPv6.</summary>
    [Parameter]
    public SwitchParameter IPv6 { get; set; }

    /// <summary>Containers reach one another and the host, nothing else.</summary>
    [Parameter]
    public SwitchParameter Internal { get; set; }

    /// <summary>Containers of the network reach one another; on unless set to <c>$false</c>.</summary>
    [Parameter]
    public SwitchParameter Icc { get; set; } = true;

    /// <summary>What the host is to packets from and to elsewhere.</summary>
    [Parameter]
    public GatewayMode GatewayMode { get; set; }

    /// <summary>Largest packet in bytes.</summary>
    [Parameter]
    [ValidateRange(68, 65535)]
    public int? Mtu { get; set; }

    /// <summary>Name of the bridge on the host.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? InterfaceName { get; set; }

    /// <summary>The link of the host's that containers' links are put upon (macvlan, ipvlan).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Parent { get; set; }

    /// <summary>The VLAN of the containers' frames on the bridge, or of the parent link (macvlan, ipvlan): 1 to 4094.</summary>
    [Parameter]
    [ValidateRange(1, 4094)]
    public int? Vlan { get; set; }

    /// <summary>Name of the VRF on the host that the bridge is a member of.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Vrf { get; set; }

    /// <summary>Whom containers of a macvlan network can talk to.</summary>
    [Parameter]
    public MacvlanMode MacvlanMode { get; set; }

    /// <summary>Where packets of an ipvlan network are handled.</summary>
    [Parameter]
    public IpvlanMode IpvlanMode { get; set; }

    /// <summary>Static routes of its containers: <c>10.0.0.0/8,10.89.4.254</c>.</summary>
    [Parameter]
    [RouteTransformation]
    [ValidateNotNullOrEmpty]
    public NetworkRoute[] Route { get; set; } = [];

    /// <summary>Name servers that its containers' resolver asks, in place of the host's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Dns { get; set; } = [];

    /// <summary>No resolver: containers ask name servers themselves and do not know one another's names.</summary>
    [Parameter]
    public SwitchParameter NoDns { get; set; }

    /// <summary>Labels.</summary>
    [Parameter]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? Label { get; set; }

    /// <summary>Options of Docker's and podman's drivers: <c>@{ 'com.docker.network.driver.mtu' = 1400 }</c>.</summary>
    [Parameter]
    [MapTransformation]
    [ArgumentCompleter(typeof(NetworkOptionCompleter))]
    public IDictionary? Option { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (ShouldProcess(name, $"Make a {Driver.ToString().ToLowerInvariant()} network")
                && Attempt(() => Engine.Networks.Create(DriverOptions.Apply(Spec(name), Values.Map(Option), MyInvocation.BoundParameters.Keys)), name, out var network))
            {
                WriteObject(network);
            }
        }
    }

    private NetworkSpec Spec(string name) => new()
    {
        Name = name,
        Driver = Driver,
        Subnet = Subnet,
        Gateway = Gateway,
        IPRange = IPRange,
        ReservedAddress = ReservedAddress,
        IPv6 = MyInvocation.BoundParameters.ContainsKey(nameof(IPv6)) ? IPv6.ToBool() : null,
        Internal = Internal,
        Icc = Icc,
        GatewayMode = GatewayMode,
        Mtu = Mtu,
        InterfaceName = InterfaceName,
        Parent = Parent,
        Vlan = Vlan,
        Vrf = Vrf,
        MacvlanMode = MacvlanMode,
        IpvlanMode = IpvlanMode,
        Route = Route,
        Dns = Dns,
        NoDns = NoDns,
        Labels = Values.Map(Label),
    };
}
