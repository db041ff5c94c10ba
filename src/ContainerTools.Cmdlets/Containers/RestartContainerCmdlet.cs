using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Restart-Container: stops containers if they run, and starts them.</summary>
[Cmdlet(VerbsLifecycle.Restart, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RestartContainerCmdlet : ContainerSelectionCmdlet
{
    /// <summary>Time from the stop signal to SIGKILL; the container's own when not given.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Emit the restarted containers.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessContainer(Container container)
    {
        if (ShouldProcess(container.Name, "Restart")
            && Await(token => Engine.Containers.RestartAsync(container.Id, Timeout, token), container, out var restarted)
            && PassThru)
        {
            WriteObject(restarted);
        }
    }
}
