namespace ContainerTools.Oci.Tar;

/// <summary>What a tar entry makes (pax(1), ustar "typeflag").</summary>
public enum TarEntryKind
{
    /// <summary>Regular file.</summary>
    File,

    /// <summary>Further name of an earlier entry.</summary>
    HardLink,

    /// <summary>Symbolic link.</summary>
    SymbolicLink,

    /// <summary>Character device.</summary>
    CharacterDevice,

    /// <summary>Block device.</summary>
    BlockDevice,

    /// <summary>Directory.</summary>
    Directory,

    /// <summary>Named pipe.</summary>
    Fifo,
}
