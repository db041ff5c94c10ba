using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Send-ContainerSignal: sends a signal to the first process of containers.</summary>
[Cmdlet(VerbsCommunications.Send, "ContainerSignal", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SendContainerSignalCmdlet : ContainerSelectionCmdlet
{
    /// <summary>Name of the signal, with SIG or without, or its number.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string Signal { get; set; } = "";

    /// <summary>Emit the containers as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessContainer(Container container)
    {
        if (ShouldProcess(container.Name, $"Send {Signal}") && Attempt(() => Engine.Containers.SendSignal(container.Id, Signal), container) && PassThru)
        {
            WriteObject(container);
        }
    }
}
