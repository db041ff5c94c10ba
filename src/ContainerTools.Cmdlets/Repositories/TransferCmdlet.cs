using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Base of the cmdlets that transfer content from and to registries.</summary>
public abstract class TransferCmdlet : ContainerToolsCmdlet
{
    /// <summary>Layers that are transferred at once; 3 when not given.</summary>
    [Parameter]
    [ValidateRange(1, 32)]
    public int? ThrottleLimit { get; set; }

    /// <summary>How often a request is tried again that failed for a reason that may pass; 4 when not given.</summary>
    [Parameter]
    [Alias("MaximumRetryCount")]
    [ValidateRange(0, 100)]
    public int? RetryCount { get; set; }

    /// <summary>Wait before the first new try, which doubles from one to the next; one second when not given.</summary>
    [Parameter]
    [DurationTransformation]
    [Alias("RetryIntervalSec")]
    public TimeSpan? RetryInterval { get; set; }

    private protected TransferOptions Transfer => new() { ThrottleLimit = ThrottleLimit, RetryCount = RetryCount, RetryInterval = RetryInterval };
}
