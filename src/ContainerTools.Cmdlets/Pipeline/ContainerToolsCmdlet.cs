using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Base of all cmdlets: the engine, cancellation, and errors that name the thing.</summary>
public abstract class ContainerToolsCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private IContainerEngine? _engine;

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    protected CancellationToken StopToken => _stop.Token;

    internal bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>The engine of the store that the environment names.</summary>
    protected internal IContainerEngine Engine
    {
        get
        {
            try
            {
                return _engine ??= EngineSession.Current;
            }
            catch (ContainerToolsException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e));
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The stop came on its own thread just after the cmdlet had ended.
        }
    }

    /// <summary>Frees what the cmdlet holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
        }
    }

    /// <summary>Calls the engine for one item; an error of the engine becomes a non-terminating error about it.</summary>
    internal bool Attempt<T>(Func<T> call, object? target, out T result)
    {
        // The engine is opened outside the guard: without it no item can be processed.
        _ = Engine;
        try
        {
            result = call();
            return true;
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (e is ContainerToolsException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            WriteError(ErrorRecords.From(e, target));
            result = default!;
            return false;
        }
    }

    /// <summary>Calls the engine for one item that gives nothing back.</summary>
    internal bool Attempt(Action call, object? target) => Attempt(
        () =>
        {
            call();
            return true;
        },
        target,
        out _);

    /// <summary>Waits for a task of the engine for one item, and serves meanwhile what it asks of the session.</summary>
    internal bool Await<T>(Func<CancellationToken, Task<T>> start, object? target, out T result)
    {
        // The engine is opened on this thread, whose runspace it may belong to.
        _ = Engine;
        using var pump = new PipelinePump<T>(SessionVaults.Offer<T>(this, (_, token) => start(token)), StopToken);
        return Attempt(pump.Complete, target, out result);
    }

    /// <summary>Runs a long operation of the engine for one item, with progress bars and its log on the information stream.</summary>
    internal bool AwaitWithProgress<T>(Func<IProgress<EngineProgress>, CancellationToken, Task<T>> start, object? target, out T result)
    {
        _ = Engine;
        ProgressWriter? progress = null;
        using var pump = new PipelinePump<T>(
            SessionVaults.Offer<T>(this, (post, token) =>
            {
                progress = new ProgressWriter(this, post, TimeProvider.System);
                return start(progress, token);
            }),
            StopToken);
        Exception? failure = null;
        result = default!;
        try
        {
            result = pump.Complete();
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (e is ContainerToolsException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            failure = e;
        }

        progress?.Finish();
        if (failure is not null)
        {
            WriteError(ErrorRecords.From(failure, target));
        }

        return failure is null;
    }

    /// <summary>Ends a cmdlet that changes things when it was not told what.</summary>
    private protected void RequireOne(params string[] parameters)
    {
        if (!parameters.Any(MyInvocation.BoundParameters.ContainsKey))
        {
            var names = string.Join(", ", parameters.Select(parameter => "-" + parameter));
            ThrowTerminatingError(ErrorRecords.From(new ContainerToolsException(
                ErrorKind.InvalidArgument, "NothingToChange", $"{MyInvocation.MyCommand.Name} was not told what to change.", null, $"Give one of {names}.")));
        }
    }

    /// <summary>The absolute path of a file or directory that need not exist, seen from the session's location.</summary>
    private protected string ResolvePath(string path)
    {
        var resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        if (provider.Name != "FileSystem")
        {
            var error = new ContainerToolsException(ErrorKind.InvalidArgument, "PathNotOnFileSystem", $"The path '{path}' is not on the file system but on {provider.Name}.", path);
            ThrowTerminatingError(ErrorRecords.From(error));
        }

        return resolved;
    }
}
