using System.Management.Automation;
using System.Text;

namespace ContainerTools.Cmdlets;

/// <summary>
/// A process in the foreground of a cmdlet: its standard output goes down the pipeline as it comes, its standard error to the error stream,
/// piped objects to its standard input, and its exit code to <c>$LASTEXITCODE</c>.
/// </summary>
internal sealed class ForegroundRun<T> : IDisposable
{
    private const int EngineFailed = 125;
    private readonly ContainerToolsCmdlet _cmdlet;
    private readonly string _source;
    private readonly Func<T, int> _exitCode;
    private readonly StandardErrorWriter _errors;
    private readonly PipelineInput? _input;
    private readonly MemoryStream? _whole;
    private readonly OutputForm _form;
    private readonly PipelinePump<T> _pump;

    public ForegroundRun(
        ContainerToolsCmdlet cmdlet,
        string source,
        OutputForm form,
        bool expectsInput,
        Func<ContainerStreams, CancellationToken, Task<T>> start,
        Func<T, int> exitCode,
        CancellationToken stop)
    {
        _cmdlet = cmdlet;
        _source = source;
        _form = form;
        _exitCode = exitCode;
        _errors = new StandardErrorWriter(cmdlet, source);
        _input = expectsInput ? new PipelineInput() : null;
        _whole = form is OutputForm.Text or OutputForm.ByteArray ? new MemoryStream() : null;
        _pump = new PipelinePump<T>(SessionVaults.Offer<T>(cmdlet, (post, token) => Run(post, start, token)), stop);
    }

    /// <summary>Sends one object to the process, and takes what it has written so far.</summary>
    public void Write(object? item)
    {
        _input?.Write(item);
        _pump.RunPending();
    }

    /// <summary>Closes the input and takes all output until the process ends. False when it could not be run; the error is written then.</summary>
    public bool TryComplete(out T result)
    {
        _input?.Complete();
        try
        {
            result = _pump.Complete();
        }
        catch (OperationCanceledException) when (_cmdlet.IsStopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (e is ContainerToolsException or OperationCanceledException or IOException)
        {
            result = default!;
            SetLastExitCode(ExitCodeOf(e));
            _errors.WriteFailure(ErrorRecords.From(e, _source));
            return false;
        }

        WriteWhole();
        SetLastExitCode(_exitCode(result));
        WriteExitFailure(_exitCode(result));
        return true;
    }

    public void Dispose()
    {
        _pump.Dispose();
        _whole?.Dispose();
    }

    private async Task<T> Run(Action<Action> post, Func<ContainerStreams, CancellationToken, Task<T>> start, CancellationToken token)
    {
        using var lines = new LineStream(line => post(() => _cmdlet.WriteObject(line)));
        using var bytes = new ChunkStream(chunk => post(() => _cmdlet.WriteObject(chunk, enumerateCollection: true)));
        using var errors = new LineStream(line => post(() => _errors.Write(line)));
        var streams = new ContainerStreams
        {
            Stdin = _input?.Stream,
            Stdout = _form switch { OutputForm.Lines => lines, OutputForm.Bytes => bytes, _ => _whole },
            Stderr = errors,
        };
        var result = await start(streams, token).ConfigureAwait(false);
        lines.Complete();
        errors.Complete();
        return result;
    }

    private void WriteWhole()
    {
        if (_form == OutputForm.Text)
        {
            _cmdlet.WriteObject(Encoding.UTF8.GetString(_whole!.ToArray()));
        }
        else if (_form == OutputForm.ByteArray)
        {
            _cmdlet.WriteObject(_whole!.ToArray(), enumerateCollection: false);
        }
    }

    private void SetLastExitCode(int code) => _cmdlet.SessionState.PSVariable.Set("global:LASTEXITCODE", code);

    // As a native command does when the user has asked for it.
    private void WriteExitFailure(int code)
    {
        if (code != 0 && _cmdlet.SessionState.PSVariable.GetValue("PSNativeCommandUseErrorActionPreference") is true)
        {
            var failure = new ContainerToolsException(
                ErrorKind.Conflict, "ProgramExitedWithNonZeroCode", $"The command of '{_source}' ended with exit code {code}.", _source);
            _errors.WriteFailure(ErrorRecords.From(failure));
        }
    }

    // docker run: 125 when the engine failed, 126 when the command cannot be executed, 127 when it does not exist.
    private static int ExitCodeOf(Exception exception) => exception is ContainerToolsException known
        ? known.Code switch { "CommandNotFound" => 127, "CommandNotExecutable" => 126, _ => EngineFailed }
        : EngineFailed;
}
