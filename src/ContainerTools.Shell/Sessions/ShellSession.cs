using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using ContainerTools.Shell.CommandLine;
using ContainerTools.Shell.Hosting;

namespace ContainerTools.Shell.Sessions;

/// <summary>One runspace with the module loaded, and the running of scripts in it. Ctrl-C stops the running pipeline, never the shell.</summary>
internal sealed class ShellSession : IDisposable
{
    private const int Interrupted = 130;
    private readonly ShellHost _host;
    private Pipeline? _running;

    private ShellSession(ShellHost host, Runspace runspace)
    {
        _host = host;
        Runspace = runspace;
    }

    public Runspace Runspace { get; }

    /// <summary>Opens a runspace and, when a module folder is given, loads the module. A module that does not load is reported, and the session goes on without it.</summary>
    public static ShellSession Open(ShellHost host, string? moduleFolder)
    {
        // CreateDefault looks for PowerShell's own module folders, which are not here; CreateDefault2 takes only what lies in the engine.
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.Commands.Add(new SessionStateCmdletEntry(DisplayCommand.Name, typeof(DisplayCommand), helpFileName: null));
        if (moduleFolder is not null)
        {
            var path = Environment.GetEnvironmentVariable("PSModulePath");
            var parent = Path.GetDirectoryName(moduleFolder)!;
            Environment.SetEnvironmentVariable("PSModulePath", string.IsNullOrEmpty(path) ? parent : parent + Path.PathSeparator + path);
        }

        var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        var session = new ShellSession(host, runspace);
        if (moduleFolder is not null)
        {
            var import = new Command("Import-Module");
            import.Parameters.Add("Name", Path.Combine(moduleFolder, "ContainerTools.psd1"));
            import.Parameters.Add("Scope", "Global");
            session.RunCommand(import);
        }

        return session;
    }

    /// <summary>Runs script text; returns the exit code it earns: that of <c>exit</c>, else 1 when the last statement failed.</summary>
    public int RunText(string text, bool addToHistory = false)
    {
        var pipeline = Runspace.CreatePipeline(text, addToHistory);
        return Run(pipeline) ?? (DisplayCommand.LastStatementSucceeded ? 0 : 1);
    }

    /// <summary>Runs a script file with arguments; returns the exit code it earns: that of <c>exit</c>, else 0 when it came to its end.</summary>
    public int RunFile(string path, IReadOnlyList<string> arguments)
    {
        // A script run by its path swallows its own exit code, and a failed native command inside looks the same. As a function of the
        // session, compiled from the same file, its exit reaches the host; $PSScriptRoot and error positions stay those of the file.
        var name = Path.GetFileName(path);
        try
        {
            var script = Parser.ParseFile(path, out _, out var errors);
            if (errors.Length > 0)
            {
                throw new ParseException(errors);
            }

            Runspace.SessionStateProxy.InvokeProvider.Item.Set(["function:" + name], script.GetScriptBlock(), force: true, literalPath: true);
        }
        catch (RuntimeException error)
        {
            Show(error.ErrorRecord);
            return 1;
        }

        var command = new Command(name, isScript: false, useLocalScope: false);
        foreach (var parameter in ScriptParameters.From(arguments))
        {
            command.Parameters.Add(parameter);
        }

        return RunCommand(command) ?? 0;
    }

    /// <summary>The prompt as the <c>prompt</c> function makes it.</summary>
    public string Prompt()
    {
        using var pipeline = Runspace.CreatePipeline("prompt");
        try
        {
            return pipeline.Invoke().FirstOrDefault()?.ToString() ?? "ct> ";
        }
        catch (RuntimeException)
        {
            return "ct> ";
        }
    }

    /// <summary>Stops what runs. Safe from any thread.</summary>
    public bool Stop()
    {
        if (Volatile.Read(ref _running) is not { } pipeline)
        {
            return false;
        }

        pipeline.StopAsync();
        return true;
    }

    public void Dispose() => Runspace.Dispose();

    private int? RunCommand(Command command)
    {
        var pipeline = Runspace.CreatePipeline();
        pipeline.Commands.Add(command);
        return Run(pipeline);
    }

    /// <summary>Runs a pipeline to its end with its output displayed; null when nothing ended it before.</summary>
    private int? Run(Pipeline pipeline)
    {
        pipeline.Commands.Add(DisplayBoth());
        Volatile.Write(ref _running, pipeline);
        try
        {
            pipeline.Input.Close();
            pipeline.Invoke();
            return _host.ExitCode ?? (pipeline.PipelineStateInfo.State == PipelineState.Stopped ? Interrupted : null);
        }
        catch (PipelineStoppedException)
        {
            return Interrupted;
        }
        catch (RuntimeException error)
        {
            Show(error.ErrorRecord);
            return 1;
        }
        finally
        {
            Volatile.Write(ref _running, null);
            pipeline.Dispose();
            _host.ClearProgress();
        }
    }

    private void Show(ErrorRecord error)
    {
        using var pipeline = Runspace.CreatePipeline();
        pipeline.Commands.Add(new Command(DisplayCommand.Name));
        using var redirection = _host.SendOutputToError();
        try
        {
            pipeline.Input.Write(error);
            pipeline.Input.Close();
            pipeline.Invoke();
        }
        catch (RuntimeException)
        {
            _host.UI.WriteErrorLine(error.ToString());
        }
    }

    /// <summary>The last command of a pipeline: takes objects and errors in the order they come, and shows both.</summary>
    private static Command DisplayBoth() =>
        new(DisplayCommand.Name) { MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output };
}
