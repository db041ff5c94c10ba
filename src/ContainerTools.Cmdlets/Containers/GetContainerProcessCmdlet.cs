using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ContainerProcess: processes of running containers.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerProcess", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerProcess))]
public sealed class GetContainerProcessCmdlet : ContainerSelectionCmdlet
{
    private protected override void ProcessContainer(Container container)
    {
        if (Attempt(() => Engine.Containers.GetProcesses(container.Id), container, out var processes))
        {
            WriteObject(processes, enumerateCollection: true);
        }
    }
}
