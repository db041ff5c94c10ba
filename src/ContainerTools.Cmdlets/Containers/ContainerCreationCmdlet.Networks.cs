using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

public abstract partial class ContainerCreationCmdlet
{
    private const string DefaultNetwork = "default";

    /// <summary>Networks by name or as hashtables that say how, or alone <c>none</c>, <c>host</c>, <c>container:NAME</c>, <c>ns:/PATH</c>; the network <c>default</c> when not given.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [NetworkAttachmentTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(NetworkAttachmentCompleter))]
    public NetworkAttachment[] Network { get; set; } = [];

    /// <summary>IPv4 address on its only network.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? IPAddress { get; set; }

    /// <summary>IPv6 address on its only network.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? IPv6Address { get; set; }

    /// <summary>Hardware address on its only network.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? MacAddress { get; set; }

    /// <summary>Further names that others on its only network find it by.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string[] NetworkAlias { get; set; } = [];

    /// <summary>Ports of the host that lead to it: <c>[[address:]host-port:]port[/protocol]</c>.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [PortMappingTransformation]
    [ValidateNotNull]
    public PortMapping[] Publish { get; set; } = [];

    /// <summary>Publish every port that the image exposes, on ports that the engine chooses.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    public SwitchParameter PublishAll { get; set; }

    /// <summary>Name servers to ask about the outside, in place of the host's.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string[] Dns { get; set; } = [];

    /// <summary>Domains that short names are tried in, in place of the host's; an empty array means none.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [AllowEmptyCollection]
    public string[]? DnsSearch { get; set; }

    /// <summary>Options of resolv.conf(5): <c>ndots:2</c>.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string[] DnsOption { get; set; } = [];

    /// <summary>Lines for /etc/hosts: names with addresses, or with <c>host-gateway</c> for the host as the container reaches it.</summary>
    [Parameter(ParameterSetName = ImageSet)]
    [MapTransformation]
    public IDictionary? ExtraHost { get; set; }

    private ContainerSpec Connected(ContainerSpec spec) => spec with
    {
        Networks = Attachments(),
        Ports = Publish,
        PublishAll = PublishAll,
        Dns = Dns,
        DnsSearch = DnsSearch,
        DnsOptions = DnsOption,
        ExtraHosts = Values.Map(ExtraHost),
    };

    private NetworkAttachment[] Attachments()
    {
        string[] about = [nameof(IPAddress), nameof(IPv6Address), nameof(MacAddress), nameof(NetworkAlias)];
        if (Array.Find(about, MyInvocation.BoundParameters.ContainsKey) is not { } given)
        {
            return Network;
        }

        if (Network.Length > 1)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument,
                "NetworkOptionAmbiguous",
                $"-{given} is about one network, but there are {Network.Length}: {string.Join(", ", (object[])Network)}.",
                given,
                $"Say it of the network: -Network @{{ Name = '{Network[0]}'; {(given == nameof(NetworkAlias) ? "Alias" : given)} = … }}, '{Network[1]}'.");
        }

        var only = Network is [var one] ? one : new NetworkAttachment { Name = DefaultNetwork };
        return
        [
            only with
            {
                IPAddress = Either(only.IPAddress, IPAddress, nameof(IPAddress), only),
                IPv6Address = Either(only.IPv6Address, IPv6Address, nameof(IPv6Address), only),
                MacAddress = Either(only.MacAddress, MacAddress, nameof(MacAddress), only),
                Alias = [.. only.Alias.Concat(NetworkAlias).Distinct(StringComparer.OrdinalIgnoreCase)],
            },
        ];
    }

    private static string? Either(string? there, string? given, string parameter, NetworkAttachment network) => there is null || given is null || there == given
        ? given ?? there
        : throw new ContainerToolsException(
            ErrorKind.InvalidArgument, "NetworkOptionTwice", $"Of the network '{network}' {parameter} is given twice: {there}, and {given} by -{parameter}.", parameter, "Leave one of them out.");
}
