using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Wait-Container: waits until containers have ended, run, or are gone.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Container", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerExit))]
public sealed class WaitContainerCmdlet : ContainerSelectionCmdlet
{
    private readonly List<Container> _waitedFor = [];

    /// <summary>What to wait for.</summary>
    [Parameter]
    public ContainerWaitCondition Condition { get; set; } = ContainerWaitCondition.Exited;

    /// <summary>Longest time to wait; without it, for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Be content with the first.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_waitedFor.Count == 0)
        {
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(StopToken);
        if (Timeout is { } timeout)
        {
            deadline.CancelAfter(timeout);
        }

        var waits = _waitedFor.ToDictionary(container => Task.Run(() => Engine.Containers.WaitAsync(container.Id, Condition, deadline.Token)));
        var pending = waits.Keys.ToHashSet();
        while (pending.Count > 0)
        {
            var done = Task.WhenAny(pending).GetAwaiter().GetResult();
            pending.Remove(done);
            if (Attempt(() => Result(done, waits[done], deadline.Token), waits[done], out var exit) && exit is not null)
            {
                WriteObject(exit);
            }

            if (Any && done.IsCompletedSuccessfully)
            {
                deadline.Cancel();
                break;
            }
        }
    }

    private protected override void ProcessContainer(Container container) => _waitedFor.Add(container);

    private ContainerExit? Result(Task<ContainerExit?> wait, Container container, CancellationToken deadline)
    {
        try
        {
            return wait.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !StopToken.IsCancellationRequested)
        {
            throw new ContainerToolsException(
                ErrorKind.Timeout, "ContainerWaitTimedOut", $"The container '{container.Name}' did not reach the condition {Condition} within {Timeout}.", container);
        }
    }
}
