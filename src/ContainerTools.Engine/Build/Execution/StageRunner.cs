using ContainerTools.Engine.Build.Dockerfiles;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>Runs the planned stages, each as soon as what it needs is there. The first failure ends all of them.</summary>
internal sealed class StageRunner : IDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private readonly Dictionary<int, Lazy<Task<StageState>>> _stages;

    public StageRunner(BuildSession session, CancellationToken cancellationToken)
    {
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stages = session.Graph.Stages.ToDictionary(
            pair => pair.Key,
            pair => new Lazy<Task<StageState>>(() => Task.Run(() => new StageExecutor(session, this, pair.Value).RunAsync(_cancellation.Token), CancellationToken.None)));
    }

    /// <summary>The finished stage. Only stages of the plan can be asked for.</summary>
    public Task<StageState> GetAsync(int index) => _stages[index].Value;

    /// <summary>True when the plan has the stage.</summary>
    public bool Has(int index) => _stages.ContainsKey(index);

    /// <summary>Runs everything; returns the target's state. Does not return before every stage has come to rest.</summary>
    public async Task<StageState> RunAsync(int target)
    {
        var tasks = _stages.Values.Select(stage => stage.Value).ToList();
        var open = new List<Task>(tasks);
        Exception? failure = null;
        while (open.Count > 0)
        {
            var done = await Task.WhenAny(open).ConfigureAwait(false);
            open.Remove(done);
            if (done.IsCompletedSuccessfully)
            {
                continue;
            }

            var error = done.Exception?.InnerException ?? new OperationCanceledException(_cancellation.Token);
            // A cancelled stage is the echo of the first failure, not a cause.
            failure = failure is null || (failure is OperationCanceledException && error is not OperationCanceledException) ? error : failure;
            await _cancellation.CancelAsync().ConfigureAwait(false);
        }

        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        return await GetAsync(target).ConfigureAwait(false);
    }

    public void Dispose() => _cancellation.Dispose();
}
