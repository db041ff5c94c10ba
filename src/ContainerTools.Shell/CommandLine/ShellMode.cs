namespace ContainerTools.Shell.CommandLine;

/// <summary>What one start of the shell does.</summary>
internal enum ShellMode
{
    /// <summary>Prompt, read, run, repeat.</summary>
    Interactive,

    /// <summary>Run one script file with arguments.</summary>
    File,

    /// <summary>Run the words after <c>-Command</c>.</summary>
    Command,

    /// <summary>Run the script that standard input carries.</summary>
    StandardInput,

    /// <summary>Print the version.</summary>
    Version,

    /// <summary>Print the usage.</summary>
    Help,
}
