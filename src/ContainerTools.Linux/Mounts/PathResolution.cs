namespace ContainerTools.Linux.Mounts;

/// <summary>How openat2(2) resolves a path.</summary>
[Flags]
public enum PathResolution : ulong
{
    /// <summary>As open(2).</summary>
    None = 0,

    /// <summary>Do not cross mounts.</summary>
    NoCrossMount = 1,

    /// <summary>Refuse links of procfs that jump to open files.</summary>
    NoMagicLinks = 2,

    /// <summary>Refuse symbolic links.</summary>
    NoSymlinks = 4,

    /// <summary>Refuse to leave the directory.</summary>
    Beneath = 8,

    /// <summary>Treat the directory as the root.</summary>
    InRoot = 16,
}
