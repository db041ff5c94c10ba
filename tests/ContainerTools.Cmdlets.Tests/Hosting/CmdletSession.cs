using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace ContainerTools.Cmdlets.Tests;

/// <summary>A PowerShell runspace with the module's cmdlets over a fake engine.</summary>
internal sealed class CmdletSession : IDisposable
{
    private readonly Runspace _runspace;

    public CmdletSession()
    {
        var state = InitialSessionState.CreateDefault2();
        state.Types.Add(new SessionStateTypeEntry(Path.Combine(Repository, "src", "ContainerTools.Cmdlets", "ContainerTools.Types.ps1xml")));
        state.Formats.Add(new SessionStateFormatEntry(Path.Combine(Repository, "src", "ContainerTools.Cmdlets", "ContainerTools.Format.ps1xml")));
        state.ImportPSModule([typeof(EngineSession).Assembly.Location]);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
        EngineSession.Substitute(_runspace, Engine);
    }

    /// <summary>Directory of the solution.</summary>
    public static string Repository
    {
        get
        {
            var directory = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(directory, "ContainerTools.sln")))
            {
                directory = Path.GetDirectoryName(directory)!;
            }

            return directory;
        }
    }

    public FakeEngine Engine { get; } = new();

    public FakeContainers Containers => Engine.ContainerStore;

    public FakeNetworks Networks => Engine.NetworkStore;

    public FakeRegistries Registries => Engine.RegistryStore;

    public FakeImages Images => Engine.ImageStore;

    public FakeRepositories Repositories => Engine.RepositoryLog;

    /// <summary>Runs a script; a terminating error is thrown.</summary>
    public CommandOutcome Run(string script, params object[] input)
    {
        using var shell = Create(script);
        var output = input.Length == 0 ? shell.Invoke() : shell.Invoke(input);
        return new CommandOutcome(output, [.. shell.Streams.Error], [.. shell.Streams.Information], [.. shell.Streams.Progress], [.. shell.Streams.Warning]);
    }

    public PowerShell Create(string script)
    {
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }

    /// <summary>Completion of the whole text.</summary>
    public IReadOnlyList<string> Complete(string text)
    {
        using var shell = PowerShell.Create(_runspace);
        return [.. CommandCompletion.CompleteInput(text, text.Length, null, shell).CompletionMatches.Select(match => match.CompletionText)];
    }

    public object? Variable(string name) => _runspace.SessionStateProxy.GetVariable(name);

    public void SetVariable(string name, object value) => _runspace.SessionStateProxy.SetVariable(name, value);

    public void SetLocation(string path) => _runspace.SessionStateProxy.Path.SetLocation(path);

    public void Dispose() => _runspace.Dispose();
}
