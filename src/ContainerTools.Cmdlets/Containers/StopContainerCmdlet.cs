using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Stop-Container: asks containers to end, and kills them when they do not in time.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class StopContainerCmdlet : ContainerSelectionCmdlet
{
    /// <summary>Time from the stop signal to SIGKILL; the container's own when not given.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Signal in place of the container's stop signal.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? Signal { get; set; }

    /// <summary>Kill at once.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the stopped containers.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessContainer(Container container)
    {
        var timeout = Force ? TimeSpan.Zero : Timeout;
        var signal = Force ? "SIGKILL" : Signal;
        if (ShouldProcess(container.Name, Force ? "Kill" : "Stop")
            && Await(token => Engine.Containers.StopAsync(container.Id, timeout, signal, token), container, out var stopped)
            && PassThru)
        {
            WriteObject(stopped);
        }
    }
}
