using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Completes names of the stages of the Dockerfile that the command line names so far.</summary>
public sealed class StageCompleter : CompleterBase
{
    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound)
    {
        var context = FullPath(bound["Path"] ?? ".");
        string[] files = bound["File"] is { } file
            ? [FullPath(file)]
            : [Path.Combine(context, "Dockerfile"), Path.Combine(context, "Containerfile")];
        return files.Where(File.Exists).Take(1)
            .SelectMany(path => EngineSession.Current.Builds.GetStageNames(path).Select(stage => (stage, $"stage of {Path.GetFileName(path)}")));
    }

    private static string FullPath(object path)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        var location = shell.AddScript("$PWD.ProviderPath").Invoke<string>()[0];
        return Path.GetFullPath(Values.Text(path), location);
    }
}
