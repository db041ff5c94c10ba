using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>New-ContainerNetworkPolicy: adds a rule about connections between containers, which holds at once.</summary>
[Cmdlet(VerbsCommon.New, "ContainerNetworkPolicy", DefaultParameterSetName = RuleSet, SupportsShouldProcess = true)]
[OutputType(typeof(NetworkPolicy))]
public sealed class NewContainerNetworkPolicyCmdlet : ContainerToolsCmdlet
{
    private const string RuleSet = "Rule";
    private const string DefaultDenySet = "DefaultDeny";

    /// <summary>Name of the policy.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Allow or Deny.</summary>
    [Parameter(ParameterSetName = RuleSet, Mandatory = true)]
    [ValidateSet(nameof(PolicyAction.Allow), nameof(PolicyAction.Deny))]
    public PolicyAction Action { get; set; }

    /// <summary>Drop what no policy allows.</summary>
    [Parameter(ParameterSetName = DefaultDenySet, Mandatory = true)]
    public SwitchParameter DefaultDeny { get; set; }

    /// <summary>Labels of the containers that connect, with values or without.</summary>
    [Parameter(ParameterSetName = RuleSet)]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? FromLabel { get; set; }

    /// <summary>Network of the containers that connect.</summary>
    [Parameter(ParameterSetName = RuleSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string? FromNetwork { get; set; }

    /// <summary>Labels of the containers that are connected to, with values or without; with -DefaultDeny, of those that it is about.</summary>
    [Parameter]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? ToLabel { get; set; }

    /// <summary>Network of the containers that are connected to; with -DefaultDeny, of those that it is about.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string? ToNetwork { get; set; }

    /// <summary>Ports of the connected container: <c>5432</c>, <c>8000-8010</c>, <c>53/udp</c>; without, all of them and ICMP.</summary>
    [Parameter(ParameterSetName = RuleSet)]
    [PortFilterTransformation]
    [ValidateNotNullOrEmpty]
    public string[] Port { get; set; } = [];

    /// <summary>Which connections of the containers -DefaultDeny is about.</summary>
    [Parameter(ParameterSetName = DefaultDenySet)]
    public PolicyDirection Direction { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ParameterSetName == DefaultDenySet && !DefaultDeny)
        {
            ThrowTerminatingError(ErrorRecords.From(new ContainerToolsException(
                ErrorKind.InvalidArgument, "InvalidPolicy", "-DefaultDeny:$false says what the policy does not do, but not what it does.", Name, "Use -Action Allow or -Action Deny.")));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var policy = new NetworkPolicy
        {
            Name = Name,
            Action = ParameterSetName == DefaultDenySet ? PolicyAction.DefaultDeny : Action,
            From = new PolicySelector { Labels = Values.Filter(FromLabel), Network = FromNetwork },
            To = new PolicySelector { Labels = Values.Filter(ToLabel), Network = ToNetwork },
            Port = Port,
            Direction = Direction,
        };
        var action = policy.Action == PolicyAction.DefaultDeny ? $"Deny by default ({Direction}) for {policy.To}" : $"{Action} from {policy.From} to {policy.To}";
        if (ShouldProcess(Name, action) && Attempt(() => Engine.Networks.AddPolicy(policy), Name, out var added))
        {
            WriteObject(added);
        }
    }
}
