namespace ContainerTools.Shell.CommandLine;

/// <summary>The command line cannot be understood; the message says which word and why.</summary>
internal sealed class ShellUsageException(string message) : Exception(message);
