using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Set-Container: changes the published ports of containers, at once if they run.</summary>
[Cmdlet(VerbsCommon.Set, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SetContainerCmdlet : ContainerSelectionCmdlet
{
    /// <summary>Ports of the host that lead to it, in place of those that do: <c>[[address:]host-port:]port[/protocol]</c>. An empty array publishes none.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [PortMappingTransformation]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public PortMapping[] Publish { get; set; } = [];

    /// <summary>Emit the changed containers.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessContainer(Container container)
    {
        var action = Publish.Length == 0 ? "Publish no port" : $"Publish {string.Join(", ", (object[])Publish)}";
        if (ShouldProcess(container.Name, action) && Attempt(() => Engine.Networks.Publish(container.Id, Publish), container, out var changed) && PassThru)
        {
            WriteObject(changed);
        }
    }
}
