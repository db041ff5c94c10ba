using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Suspend-Container: freezes all processes of containers.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SuspendContainerCmdlet : ContainerSelectionCmdlet
{
    /// <summary>Emit the frozen containers.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessContainer(Container container)
    {
        if (ShouldProcess(container.Name, "Suspend") && Attempt(() => Engine.Containers.Suspend(container.Id), container, out var after) && PassThru)
        {
            WriteObject(after);
        }
    }
}
