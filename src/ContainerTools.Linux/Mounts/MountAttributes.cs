namespace ContainerTools.Linux.Mounts;

/// <summary>Attributes of mount_setattr(2) and fsmount(2).</summary>
[Flags]
public enum MountAttributes : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read-only.</summary>
    ReadOnly = 0x1,

    /// <summary>Set-user-id bits have no effect.</summary>
    NoSuid = 0x2,

    /// <summary>Device files cannot be opened.</summary>
    NoDevices = 0x4,

    /// <summary>Nothing can be executed.</summary>
    NoExec = 0x8,

    /// <summary>Access times are never updated.</summary>
    NoAccessTime = 0x10,

    /// <summary>Access times are always updated.</summary>
    StrictAccessTime = 0x20,

    /// <summary>The bits that choose how access times are kept.</summary>
    AccessTimeMask = 0x70,

    /// <summary>Access times of directories are not updated.</summary>
    NoDirectoryAccessTime = 0x80,

    /// <summary>Symbolic links are not followed.</summary>
    NoSymlinkFollow = 0x200000,
}
