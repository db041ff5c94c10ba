using System.Collections.Concurrent;

namespace ContainerTools.Cmdlets;

/// <summary>
/// Runs an engine task beside the pipeline and carries its output back: a cmdlet may write on the pipeline thread only, and the engine
/// reports on whatever thread it likes. The queue is bounded, so that a fast producer waits for a slow pipeline.
/// </summary>
internal sealed class PipelinePump<T> : IDisposable
{
    private const int Capacity = 1024;
    private readonly BlockingCollection<Action> _queue = new(Capacity);
    private readonly CancellationTokenSource _cancellation;
    private readonly Task<T> _task;

    public PipelinePump(Func<Action<Action>, CancellationToken, Task<T>> start, CancellationToken stop)
    {
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var token = _cancellation.Token;
        _task = Task.Run(async () =>
        {
            try
            {
                return await start(Post, token).ConfigureAwait(false);
            }
            finally
            {
                _queue.CompleteAdding();
            }
        }, CancellationToken.None);
    }

    /// <summary>Runs on the pipeline thread what has come in so far, without waiting.</summary>
    public void RunPending()
    {
        Guard(() =>
        {
            while (_queue.TryTake(out var action))
            {
                action();
            }
        });
    }

    /// <summary>Runs on the pipeline thread all that comes in until the task ends; returns its result or throws its error.</summary>
    public T Complete()
    {
        Guard(() =>
        {
            foreach (var action in _queue.GetConsumingEnumerable())
            {
                action();
            }
        });
        return _task.GetAwaiter().GetResult();
    }

    /// <summary>Cancels the task if it still runs and waits for its end, discarding what it still reports.</summary>
    public void Abandon()
    {
        _cancellation.Cancel();
        foreach (var _ in _queue.GetConsumingEnumerable())
        {
        }

        _task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
    }

    public void Dispose()
    {
        if (!_task.IsCompleted)
        {
            Abandon();
        }

        _cancellation.Dispose();
        _queue.Dispose();
    }

    private void Post(Action action)
    {
        if (!_queue.IsAddingCompleted)
        {
            _queue.Add(action);
        }
    }

    // A write throws when the pipeline is stopped, or when a later command wants no more (Select-Object -First): what was started must end with it.
    private void Guard(Action drain)
    {
        try
        {
            drain();
        }
        catch
        {
            Abandon();
            throw;
        }
    }
}
