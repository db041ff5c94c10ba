using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Resume-Container: lets suspended containers go on.</summary>
[Cmdlet(VerbsLifecycle.Resume, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class ResumeContainerCmdlet : ContainerSelectionCmdlet
{
    /// <summary>Emit the resumed containers.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessContainer(Container container)
    {
        if (ShouldProcess(container.Name, "Resume") && Attempt(() => Engine.Containers.Resume(container.Id), container, out var after) && PassThru)
        {
            WriteObject(after);
        }
    }
}
