using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes names of executables in PATH.</summary>
public sealed class ExecutableCompleter : CompleterBase
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(Directory.Exists)
            .SelectMany(directory => new DirectoryInfo(directory).EnumerateFiles())
            .Where(file => OperatingSystem.IsLinux() && (file.UnixFileMode & AnyExecute) != 0)
            .DistinctBy(file => file.Name)
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => (file.Name, file.FullName));
}
