using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Get-ContainerLog: what containers wrote to their standard streams.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerLog", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerLogEntry))]
public sealed class GetContainerLogCmdlet : ContainerSelectionCmdlet
{
    private readonly List<Container> _followed = [];

    /// <summary>Only the last entries of each container.</summary>
    [Parameter]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>Only entries at or after this time, or not older than this.</summary>
    [Parameter]
    [InstantTransformation]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Only entries before this time.</summary>
    [Parameter]
    [InstantTransformation]
    public DateTimeOffset? Until { get; set; }

    /// <summary>Only this stream.</summary>
    [Parameter]
    public ContainerLogStream[] Stream { get; set; } = [];

    /// <summary>Go on with new entries until the containers end.</summary>
    [Parameter]
    [Alias("Wait")]
    public SwitchParameter Follow { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_followed.Count > 0)
        {
            WriteLogs(_followed);
        }
    }

    private protected override void ProcessContainer(Container container)
    {
        // Followed together: the first would otherwise hold back the others until it ends.
        if (Follow)
        {
            _followed.Add(container);
        }
        else
        {
            WriteLogs([container]);
        }
    }

    private void WriteLogs(IReadOnlyList<Container> containers)
    {
        var query = new ContainerLogQuery
        {
            Tail = Tail,
            Since = Since,
            Until = Until,
            Follow = Follow,
            Stream = Stream.Distinct().ToArray() is [var only] ? only : null,
        };
        var engine = Engine;
        using var pump = new PipelinePump<bool>(
            async (post, token) =>
            {
                await Task.WhenAll(containers.Select(container => Task.Run(() => Read(engine, container, query, post, token), token))).ConfigureAwait(false);
                return true;
            },
            StopToken);
        Attempt(pump.Complete, containers, out _);
    }

    private async Task Read(IContainerEngine engine, Container container, ContainerLogQuery query, Action<Action> post, CancellationToken token)
    {
        try
        {
            await foreach (var entry in engine.Containers.ReadLogAsync(container.Id, query, token).ConfigureAwait(false))
            {
                post(() => WriteObject(entry));
            }
        }
        catch (ContainerToolsException e)
        {
            post(() => WriteError(ErrorRecords.From(e, container)));
        }
    }
}
