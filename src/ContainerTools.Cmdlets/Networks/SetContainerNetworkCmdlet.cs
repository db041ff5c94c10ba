using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Set-ContainerNetwork: changes name servers and labels of networks; running containers see it at once.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerNetwork", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerNetwork))]
public sealed class SetContainerNetworkCmdlet : NetworkSelectionCmdlet
{
    /// <summary>Name servers that the containers' resolver asks; an empty array goes back to the host's.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[]? Dns { get; set; }

    /// <summary>Labels, in place of those it has.</summary>
    [Parameter]
    [MapTransformation(AllowBareName = true)]
    public IDictionary? Label { get; set; }

    /// <summary>Emit the changed networks.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => RequireOne(nameof(Dns), nameof(Label));

    private protected override void ProcessNetwork(ContainerNetwork network)
    {
        var change = new NetworkChange { Dns = Dns, Labels = Label is null ? null : Values.Map(Label) };
        if (ShouldProcess(network.Name, "Change") && Attempt(() => Engine.Networks.Change(network.Id, change), network, out var changed) && PassThru)
        {
            WriteObject(changed);
        }
    }
}
