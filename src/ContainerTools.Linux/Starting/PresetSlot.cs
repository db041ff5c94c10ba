namespace ContainerTools.Linux.Starting;

/// <summary>Slots that have a value before the first operation: descriptors the parent opened.</summary>
public static class PresetSlot
{
    /// <summary>Standard input of the program.</summary>
    public const int StandardInput = 0;

    /// <summary>Standard output of the program.</summary>
    public const int StandardOutput = 1;

    /// <summary>Standard error of the program.</summary>
    public const int StandardError = 2;

    /// <summary>Where the child reports an error; closed by a successful exec.</summary>
    public const int Report = 3;

    /// <summary>The descriptor before <see cref="Report"/>, the last to close on one side of it.</summary>
    public const int BelowReport = 4;

    /// <summary>The descriptor after <see cref="Report"/>, the first to close on the other side of it.</summary>
    public const int AboveReport = 5;

    /// <summary>Where the child waits until its parent has written the maps of its user namespace.</summary>
    public const int Synchronize = 6;

    /// <summary>Where a created container waits to be started.</summary>
    public const int Start = 7;

    /// <summary>The process whose namespaces are joined.</summary>
    public const int JoinedProcess = 8;

    /// <summary>Number of preset slots.</summary>
    public const int Count = 9;
}
